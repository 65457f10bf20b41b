package gateway

import (
	"bytes"
	"compress/gzip"
	"strings"

	"roster/shared/operation"
)

// compress packs a body for a client that takes gzip, as the REST API does whose minimumCompressionSize
// is set: from that size on, and where the function did not say that it has packed it already. Without
// the header it packs nothing.
func (a *answer) compress(accept string) {
	if len(a.body) < operation.CompressedFrom || a.header.Get("Content-Encoding") != "" || !takesGzip(accept) {
		return
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(a.body); err != nil {
		return
	}
	if err := w.Close(); err != nil {
		return
	}
	a.body = packed.Bytes()
	a.header.Set("Content-Encoding", "gzip")
}

// takesGzip reads an Accept-Encoding header.
func takesGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, quality, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.Trim(quality, " qQ=.0") != "" || quality == ""
		}
	}
	return false
}

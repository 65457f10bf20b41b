package gateway

import (
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// A body is a request's as the event carries it.
type body struct {
	text    string
	encoded bool // text is base64
}

// readBody returns the body, or as much of it as shows that no event can hold it; API Gateway's own
// limit of 10 MB comes after that. ok is false when the body broke off.
func readBody(r *http.Request) (b body, ok bool) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, eventLimit+1))
	if err != nil {
		return body{}, false
	}
	if len(raw) > 0 && (binary(r.Header.Get("Content-Type")) || !utf8.Valid(raw)) {
		return body{text: base64.StdEncoding.EncodeToString(raw), encoded: true}, true
	}
	return body{text: string(raw)}, true
}

// binary says whether a content type is one that the gateway does not pass on as text.
func binary(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	group, _, _ := strings.Cut(kind, "/")
	switch group {
	case "image", "audio", "video", "font":
		return true
	}
	switch kind {
	case "application/octet-stream", "application/zip", "application/gzip", "application/pdf":
		return true
	}
	return false
}

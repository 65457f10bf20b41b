package gateway_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"roster/scripts/local/gateway"
)

func TestLongAnswersArePackedForWhoTakesThat(t *testing.T) {
	long, short := strings.Repeat("x", 1024), strings.Repeat("x", 1023)
	tests := []struct{ name, accept, body, header, want string }{
		{"a browser", "gzip, deflate, br", long, "", "gzip"},
		{"capitals", "GZIP;q=0.5", long, "", "gzip"},
		{"another order", "br, gzip", long, "", "gzip"},
		{"a short answer", "gzip", short, "", ""},
		{"no header", "", long, "", ""},
		{"anything", "*", long, "", ""},
		{"another coding", "br", long, "", ""},
		{"a refused coding", "gzip;q=0", long, "", ""},
		{"an answer that is packed already", "gzip", long, `"headers":{"Content-Encoding":"br"},`, "br"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := open(t, gateway.Config{Invoke: func(context.Context, string, []byte) ([]byte, error) {
				return fmt.Appendf(nil, `{"statusCode":200,%s"body":%q}`, test.header, test.body), nil
			}})
			r, w := httptest.NewRequest("POST", "/v1/orgs", nil), httptest.NewRecorder()
			r.Header.Set("Accept-Encoding", test.accept)
			g.ServeHTTP(w, r)
			body := io.Reader(w.Body)
			if got := w.Header().Get("Content-Encoding"); got != test.want {
				t.Fatalf("Content-Encoding = %q, want %q", got, test.want)
			}
			if test.want == "gzip" {
				var err error
				if body, err = gzip.NewReader(body); err != nil {
					t.Fatal(err)
				}
			}
			if raw, err := io.ReadAll(body); err != nil || string(raw) != test.body {
				t.Errorf("%d bytes, %v; want %d", len(raw), err, len(test.body))
			}
		})
	}
}

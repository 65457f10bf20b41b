package awsconfig

import (
	"io"
	"net/http"
	"sync"

	"roster/shared/tally"
)

// clocked has the tally of each request's context told how long AWS took: from the request to the last
// byte of its answer.
type clocked struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (c clocked) RoundTrip(r *http.Request) (*http.Response, error) {
	over := sync.OnceFunc(tally.Of(r.Context()).Call())
	answer, err := c.next.RoundTrip(r)
	if err != nil {
		over()
		return nil, err
	}
	answer.Body = &timed{answer.Body, over}
	return answer, nil
}

// timed is an answer's body, over when it was read to its end, failed, or was closed before.
type timed struct {
	io.ReadCloser
	over func()
}

func (b *timed) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.over()
	}
	return n, err
}

func (b *timed) Close() error {
	b.over()
	return b.ReadCloser.Close()
}

package awsconfig

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"roster/shared/tally"
)

// slow answers after a second, and its body takes another.
type slow struct{ err error }

func (s slow) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(time.Second)
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{Body: io.NopCloser(io.MultiReader(strings.NewReader("half"), later{}))}, nil
}

type later struct{}

func (later) Read([]byte) (int, error) {
	time.Sleep(time.Second)
	return 0, io.EOF
}

func TestACallLastsFromTheRequestToTheEndOfItsAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		next slow
		use  func(io.ReadCloser)
		want time.Duration
	}{
		"read to its end":    {slow{}, func(b io.ReadCloser) { io.Copy(io.Discard, b); time.Sleep(time.Hour); b.Close() }, 2 * time.Second},
		"closed before":      {slow{}, func(b io.ReadCloser) { b.Close(); time.Sleep(time.Hour) }, time.Second},
		"no answer came":     {slow{errors.New("reset")}, nil, time.Second},
		"closed after a bit": {slow{}, func(b io.ReadCloser) { b.Read(make([]byte, 4)); b.Close() }, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, one := tally.Begin(t.Context())
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://dynamodb.example", nil)
				if err != nil {
					t.Fatal(err)
				}
				if answer, err := (clocked{c.next}).RoundTrip(r); err == nil {
					c.use(answer.Body)
				}
				time.Sleep(time.Minute)
				if got := one.Waited(); got != c.want {
					t.Errorf("waited %v, want %v", got, c.want)
				}
			})
		})
	}
}

package engine

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAMissingEngineNamesBothWaysOut(t *testing.T) {
	_, notInstalled := locateFrom(t.TempDir())
	for name, c := range map[string]struct {
		err  error
		says []string
	}{
		"not installed":    {notInstalled, []string{"npm ci --prefix scripts/local", "amazon/dynamodb-local", EndpointVariable}},
		"no such platform": {noEngine("plan9", "arm64"), []string{"plan9/arm64", "amazon/dynamodb-local", EndpointVariable}},
	} {
		t.Run(name, func(t *testing.T) {
			if !errors.Is(c.err, ErrNoEngine) {
				t.Fatalf("error %v, want ErrNoEngine", c.err)
			}
			for _, want := range c.says {
				if !strings.Contains(c.err.Error(), want) {
					t.Errorf("%q does not say %q", c.err, want)
				}
			}
		})
	}
}

func TestAnAnswerFromAnotherThanTheChildDoesNotCount(t *testing.T) {
	taker := httptest.NewServer(http.NotFoundHandler())
	defer taker.Close()
	ended := make(chan struct{})
	if err := answers(t.Context(), taker.URL, ended); err != nil {
		t.Errorf("while the child lives: %v", err)
	}
	close(ended)
	if err := answers(t.Context(), taker.URL, ended); !errors.Is(err, errEnded) {
		t.Errorf("after its end: %v, want errEnded", err)
	}
}

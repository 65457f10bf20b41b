package engine

import (
	"errors"
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

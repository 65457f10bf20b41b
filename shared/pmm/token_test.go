package pmm_test

import (
	"strings"
	"testing"

	"roster/shared/id"
	"roster/shared/pmm"
)

func TestATokensTextLeadsBackToIt(t *testing.T) {
	t.Parallel()
	want := pmm.NewToken(acme)
	text := want.Text()
	if got, ok := pmm.ParseToken(text); !ok || got != want || len(text) != 64 || strings.ContainsAny(text, "+/=.") {
		t.Errorf("%q is %+v, %v", text, got, ok)
	}
	if other := pmm.NewToken(acme); other == want || other.Secret == (id.Secret{}) {
		t.Error("two tokens are the same")
	}
	for _, bad := range []string{"", text[1:], text + "A", text[:32] + "\n" + text[32:], text[:63] + "=", "." + text[1:]} {
		if got, ok := pmm.ParseToken(bad); ok {
			t.Errorf("%q is %+v", bad, got)
		}
	}
}

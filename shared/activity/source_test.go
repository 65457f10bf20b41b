package activity

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestASourceGoesThroughTheUserPoolAndBack(t *testing.T) {
	t.Parallel()
	s := Source{"2001:db8::1", "Mozilla/5.0 (Ünï)", "rq"}
	if got := SourceOf(s.Metadata()); got != s {
		t.Errorf("%+v", got)
	}
	if got := SourceOf(nil); got != (Source{}) {
		t.Errorf("%+v", got)
	}
	long := strings.Repeat("ü", 1000)
	got := SourceOf(map[string]string{"ip": long, "agent": "a\x00b\r\nc\u202ed" + long, "request_id": "\xff" + long})
	if got.IP != long[:64] || !strings.HasPrefix(got.UserAgent, "abcdü") || len(got.UserAgent) > 512 || len(got.RequestID) > 128 {
		t.Errorf("%d %q %d", len(got.IP), got.UserAgent, len(got.RequestID))
	}
}

func TestAPlacesTextLeadsBackToIt(t *testing.T) {
	t.Parallel()
	want := Place{acme, time.UnixMicro(1795677600000001).UTC(), "88888888-8888-4888-8888-888888888888"}
	got, ok := ParsePlace(want.Text())
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Error(ok, diff)
	}
	for _, bad := range []string{
		"", "//", want.Text() + "/", "/" + want.Text(), strings.ToUpper(want.Text()), strings.Replace(want.Text(), "/1", "/x1", 1),
		strings.Replace(want.Text(), "/1", "/+1", 1), strings.Replace(want.Text(), "/1", "/ 1", 1), acme + "/1/x", "x/1/" + want.ID,
	} {
		if got, ok := ParsePlace(bad); ok {
			t.Errorf("%q is %+v", bad, got)
		}
	}
}

package storm

import (
	"net/http"
	"slices"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

// A function that dies with its first transaction, just before or just behind it, leaves nothing or
// the whole change, its event included, and tells no secret.
func TestAFunctionThatDiesWithItsTransactionLeavesNoHalfChange(t *testing.T) {
	t.Parallel()
	for when, behind := range map[string]bool{"before": false, "behind": true} {
		t.Run(when, func(t *testing.T) { deaths(t, cloud.Options{Settings: lenient}, behind) })
	}
}

// deaths lets the function of each operation die once, all others as they are.
func deaths(t testing.TB, o cloud.Options, behind bool) {
	e := listen(&o)
	c, p := cloudtest.Behind(t, o)
	c.Hear = e.hear
	for _, row := range trips() {
		if !row.join {
			row.die(t, c, p, behind)
		}
	}
	settle(t, c)
	d := whole(t, c)
	complain(t, append(broken(d), unbalanced(d)...))
	e.examine(t, c)
}

func (r trip) die(t testing.TB, c *cloudtest.Cloud, p *cloudtest.Proxy, behind bool) {
	s := &scene{t: t, c: c}
	asks := r.set(s)
	dies := false
	p.Of(r.operation).Add(storetest.Rule{Action: "TransactWriteItems", Times: 1, Fault: func(_ *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
		dies = true
		if !behind {
			c.Function(r.operation).Kill()
			return nil, http.ErrServerClosed // the request went nowhere
		}
		defer c.Function(r.operation).Kill()
		return forward()
	}})
	kind := s.kind(asks.send(c, 0))
	p.Of(r.operation).Clear()
	want := []string{"500/13", "200"} // 200 where it died in the background
	if r.operation == "token-issue" {
		want = []string{"503/14", "200"} // the pool did not get its tokens, which the function that asked it says
	}
	if dies && !slices.Contains(want, kind) {
		t.Errorf("%s %s answered %s; want one of %v", r.operation, r.about, kind, want)
	}
}

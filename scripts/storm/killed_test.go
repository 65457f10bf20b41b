package storm

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// deaths lets the function of each operation die once, all others as they are: with the deployment's usual
// settings, and those that are about joining with theirs.
func deaths(t testing.TB, o cloud.Options, behind bool) {
	known := allowed(t)
	for _, join := range []bool{false, true} {
		o.Settings = maps.Clone(lenient)
		if join {
			o.Settings["ROSTER_INVITE_EXISTING"] = "join"
		}
		c, p, e := overheard(t, o)
		for _, row := range trips() {
			if row.join == join && !row.die(t, c, p, behind) && known[row.name()].Writes > 0 {
				t.Errorf("%s consumes write units and did not come to write anything", row.name())
			}
		}
		end(t, c, e)
	}
}

// writing are the actions that a function can die with.
var writing = []string{"TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem"}

// die lets the function die with the first that it writes, and says whether it came to that. Whoever asks
// again is not kept from what they want by anything that was left.
func (r trip) die(t testing.TB, c *cloudtest.Cloud, p *cloudtest.Proxy, behind bool) (dies bool) {
	s := &scene{t: t, c: c}
	asks := r.set(s)
	settle(t, c) // what others wake it for is done
	var once sync.Once
	fault := func(_ *http.Request, forward func() (*http.Response, error)) (answer *http.Response, err error) {
		first := false
		once.Do(func() { first = true })
		switch {
		case !first:
			return forward()
		case !behind:
			err = http.ErrServerClosed // the request goes nowhere
		default:
			answer, err = forward()
		}
		c.Function(r.operation).Kill()
		return answer, err
	}
	for _, action := range writing {
		p.Of(r.operation).Add(storetest.Rule{Action: action, Fault: fault})
	}
	kind := s.kind(asks.send(c, 0))
	settle(t, c)
	once.Do(func() {}) // nobody dies any more
	for _, n := range p.Of(r.operation).Struck() {
		dies = dies || n > 0
	}
	p.Of(r.operation).Clear()
	want := []string{"500/13", "200"} // 200 where it died in the background
	if r.operation == "token-issue" {
		want = []string{"503/14", "200"} // the pool did not get its tokens, which the function that asked it says
	}
	if dies && !slices.Contains(want, kind) {
		t.Errorf("%s %s answered %s; want one of %v", r.operation, r.about, kind, want)
	}
	if !strings.HasPrefix(asks.path, "/_local/") {
		if again := s.kind(asks.send(c, 0)); strings.Contains(trouble, again) {
			t.Errorf("%s was answered %s when it was asked again", r.name(), again)
		}
	}
	return dies
}

// name is how the row is called where others name it.
func (r trip) name() string { return strings.TrimSpace(r.operation + " " + r.about) }

package storm

import (
	"maps"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/operation"
)

// A trip is one operation, and how many round trips in a row it may make.
type trip struct {
	operation string
	about     string // where the operation alone does not tell
	bar       int
	why       string // it is looser than DESIGN.md §10 has it
	join      bool   // with the setting "join"
	alone     string // why there is no large organization for it to work in
	grows     string // why it consumes more in a large one
	set       func(s *scene) racer
}

// design is what DESIGN.md §10 has for an operation that only reads, and for one that writes.
func (r trip) design(writes bool) int {
	bars := map[string]int{
		"org-search": 2, "invitation-search": 2, "link-validate": 2, "server-disconnect": 3, "mail-send": 3, "member-onboard": 3,
		"member-invite a stranger, joining": 3, "member-invite an account, joining": 3, "org-create behind a stale lock": 3,
		"invitation-answer accept behind a stale lock": 3, "org-create the first contact": 4, "org-create a later contact": 4,
		"token-issue the first contact": 4, "token-issue a later contact": 4,
	}
	for _, name := range []string{r.name(), r.operation} {
		if bar, ok := bars[name]; ok {
			return bar
		}
	}
	if writes {
		return 2
	}
	return 1
}

// boundless are the operations on the table that have no row in trips, and why.
func boundless() map[string]string { return map[string]string{} }

// TestEveryOperationOnTheTableHasABar holds the sheet to the list of operations and to DESIGN.md: a new
// operation cannot be forgotten, and a looser bar says why it is.
func TestEveryOperationOnTheTableHasABar(t *testing.T) {
	t.Parallel()
	rows, known := map[string]bool{}, allowed(t)
	for _, r := range trips() {
		rows[r.operation] = true
		if design := r.design(known[r.name()].Writes > 0); r.bar > design && r.why == "" {
			t.Errorf("%s may make %d round trips in a row; DESIGN.md has %d", r.name(), r.bar, design)
		}
		if _, measured := known[r.name()]; !measured {
			t.Errorf("%s has no line in %s", r.name(), budgets)
		}
	}
	for _, o := range operation.All() {
		if why := boundless()[o.Name]; (o.Table != operation.Table{}) && !rows[o.Name] && why == "" {
			t.Errorf("%s works on the table, and nobody counts its round trips", o.Name)
		}
	}
}

// held is how long each answer is held back, so that requests made side by side overlap.
const held = 15 * time.Millisecond

func TestRoundTripsInARow(t *testing.T) {
	t.Parallel()
	settings := maps.Clone(lenient)
	confirm, p := cloudtest.Behind(t, cloud.Options{Settings: settings})
	settings = maps.Clone(lenient)
	settings["ROSTER_INVITE_EXISTING"] = "join"
	join, q := cloudtest.Behind(t, cloud.Options{Settings: settings})
	for _, row := range trips() {
		t.Run(row.operation+" "+row.about, func(t *testing.T) {
			if row.join {
				row.hold(t, join, q)
				return
			}
			row.hold(t, confirm, p)
		})
	}
}

// hold counts one call, and on a machine that is too busy to make two requests side by side another.
func (r trip) hold(t *testing.T, c *cloudtest.Cloud, p *cloudtest.Proxy) {
	got := 0
	for range 3 {
		if got = r.count(t, c, p); got <= r.bar {
			break
		}
	}
	t.Logf("%s %s: %d", r.operation, r.about, got)
	if got > r.bar {
		t.Errorf("%d round trips in a row; want %d", got, r.bar)
	}
}

func (r trip) count(t *testing.T, c *cloudtest.Cloud, p *cloudtest.Proxy) int {
	t.Helper()
	s := &scene{t: t, c: c}
	asks := r.set(s)
	settle(t, c)
	p.Forget()
	p.Of(r.operation).Pace = held
	a, err := asks.send(c, 0)
	if kind := s.kind(a, err); kind != "200" {
		t.Fatalf("%s was answered %s %s", r.operation, kind, a.Raw)
	}
	s.until(func() bool { return len(p.Calls(r.operation)) > 0 })
	settle(t, c)
	p.Of(r.operation).Pace = 0
	return cloudtest.Trips(p.Calls(r.operation)[0])
}

package storm

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

var (
	crowded = flag.Int("storm.members", usualCrowd, "how many members the larger organization has, whose operations must consume as little")
	update  = flag.Bool("storm.update", false, "write what operations consume to testdata")
)

// usualCrowd is the size that the golden file has the figures of.
const usualCrowd = 1000

// budgets is what each operation of trips may consume, of read and of write units.
const budgets = "testdata/capacity.golden"

// TestOperationsConsumeWhatTheyDidHoweverLargeTheOrganization holds one call of each operation to its
// budget, in an organization of a few and in one of many members, invitations, servers and events. What
// lists, counts or erases grows with what it is about, and alone; a page costs what is on it.
func TestOperationsConsumeWhatTheyDidHoweverLargeTheOrganization(t *testing.T) {
	t.Parallel()
	known, got := allowed(t), map[string]cloudtest.Capacity{}
	for _, join := range []bool{false, true} {
		settings := maps.Clone(lenient)
		if join {
			settings["ROSTER_INVITE_EXISTING"] = "join"
		}
		var rows []trip
		for _, r := range trips() {
			if r.join == join {
				rows = append(rows, r)
			}
		}
		consumed(t, settings, rows, got)
	}
	if *update {
		write(t, budgets, told(got))
		return
	}
	for name, units := range got {
		if name, total := strings.CutSuffix(name, ofAll); total && *crowded != usualCrowd {
			t.Logf("%s of a crowd of %d consumes %+v", name, *crowded, units)
			continue
		}
		most := known[name]
		if strings.HasSuffix(name, ofMany) && *crowded > usualCrowd {
			most.Reads *= 2 // as many invitations are read beside a page as members are on it, and few are there usually
		}
		within(t, name, units, most)
	}
	page, few := got["member-search a page of ten"+ofMany], got["member-search"]
	if most := few.Reads + 10; page.Reads > most {
		t.Errorf("a page of ten of many consumes %+v, and a list of a few %+v", page, few)
	}
}

// How the lines of the golden file end that are about a crowd: what costs a page of it, and what all of it.
const (
	ofMany = ", of many"
	ofAll  = ", of all"
)

// consumed calls each operation in an organization of its own, and then again where there are many, with
// what ends that last. What consumes more there, and may not, fails the test.
func consumed(t *testing.T, settings map[string]string, rows []trip, got map[string]cloudtest.Capacity) {
	t.Helper()
	c, p := cloudtest.Behind(t, cloud.Options{Settings: settings})
	p.Meter = true
	for _, r := range rows {
		got[r.name()] = r.consumes(t, c, p, nil)
	}
	begun := time.Now()
	many := newLarge(t, c, *crowded, !rows[0].join)
	t.Logf("a crowd of %d is there after %v", *crowded, time.Since(begun).Round(time.Second))
	slices.SortStableFunc(rows, func(a, b trip) int { return cmp.Compare(a.turn(), b.turn()) })
	for _, r := range rows {
		switch {
		case r.alone != "" || r.operation == "org-purge": // whose work TestALargeOrganization… is about
		case r.grows == "":
			within(t, fmt.Sprintf("%s, of %d members", r.name(), *crowded), r.consumes(t, c, p, many), got[r.name()])
		case r.operation == "member-search":
			got[r.name()+ofMany] = r.consumes(t, c, p, many)
		default:
			got[r.name()+ofAll] = r.consumes(t, c, p, many)
		}
	}
}

// turn orders what is done in a crowd: first what tells how large it is, last what ends it.
func (r trip) turn() int {
	switch {
	case r.grows != "":
		return 0
	case r.operation == "org-delete":
		return 2
	}
	return 1
}

// told writes capacities down, a line each.
func told(all map[string]cloudtest.Capacity) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&lines, "%s: %g read, %g write\n", name, all[name].Reads, all[name].Writes)
	}
	return lines.String()
}

func within(t *testing.T, name string, got, most cloudtest.Capacity) {
	t.Helper()
	if got.Reads > most.Reads || got.Writes > most.Writes {
		t.Errorf("%s consumes %+v, and may %+v", name, got, most)
	}
}

func allowed(t testing.TB) map[string]cloudtest.Capacity {
	t.Helper()
	raw, err := os.ReadFile(budgets)
	if err != nil && !*update {
		t.Fatal(err)
	}
	all := map[string]cloudtest.Capacity{}
	for line := range strings.Lines(string(raw)) {
		name, units, _ := strings.Cut(line, ": ")
		var c cloudtest.Capacity
		if _, err := fmt.Sscanf(units, "%g read, %g write", &c.Reads, &c.Writes); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all[name] = c
	}
	return all
}

// consumes is what one call consumes, in an organization of its own or in a large one.
func (r trip) consumes(t *testing.T, c *cloudtest.Cloud, p *cloudtest.Proxy, in *large) cloudtest.Capacity {
	t.Helper()
	s := &scene{t: t, c: c, in: in}
	asks := r.set(s)
	settle(t, c)
	p.Forget()
	a, err := asks.send(c, 0)
	if kind := s.kind(a, err); kind != "200" {
		t.Fatalf("%s was answered %s %s", r.name(), kind, a.Raw)
	}
	s.until(func() bool { return len(p.Calls(r.operation)) > 0 })
	if in == nil || r.operation != "org-delete" { // nobody waits for a crowd to be erased
		settle(t, c)
	}
	return cloudtest.Consumed(p.Calls(r.operation)[0])
}

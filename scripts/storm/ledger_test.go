package storm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// A ledger is every event that transactions wrote to a cloud's table, purged by now or not, with the time
// in which the engine was at each.
type ledger struct {
	mu      sync.Mutex
	entries []entry
	known   map[storetest.Key]int // places of entries
}

// An entry is one event.
type entry struct {
	key   storetest.Key
	begun int64
	ended int64
	event storetest.Item
	doubt bool // nobody knows whether it was written
}

// note takes down the events of a transaction that happened, or perhaps did. The same one may come again.
func (l *ledger) note(e cloudtest.Exchange) {
	if e.Action != "TransactWriteItems" || e.Status != 0 && e.Status != 200 {
		return
	}
	var in struct {
		TransactItems []struct {
			Put struct{ Item map[string]any }
		}
	}
	if json.Unmarshal(e.Body, &in) != nil {
		return // what is no request wrote nothing
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range in.TransactItems {
		i, _ := plain(map[string]any{"M": t.Put.Item}).(map[string]any)
		if !strings.HasPrefix(text(i, "SK"), "EVENT#") || !ofAChange(i) {
			continue
		}
		k := storetest.Key{PK: text(i, "PK"), SK: text(i, "SK")}
		at, known := l.known[k]
		if !known {
			at = len(l.entries)
			l.known[k] = at
			l.entries = append(l.entries, entry{key: k, doubt: true})
		}
		if one := &l.entries[at]; one.doubt {
			*one = entry{key: k, begun: e.Begin.UnixNano(), ended: e.End.UnixNano(), event: i, doubt: e.Status == 0}
		}
	}
}

// plain is a value without the types that DynamoDB's JSON tells.
func plain(v any) any {
	typed, _ := v.(map[string]any)
	for kind, v := range typed {
		switch kind {
		case "M":
			m, _ := v.(map[string]any)
			all := map[string]any{}
			for name, inner := range m {
				all[name] = plain(inner)
			}
			return all
		case "L":
			var all []any
			l, _ := v.([]any)
			for _, inner := range l {
				all = append(all, plain(inner))
			}
			return all
		case "NULL":
			return nil
		}
		return v
	}
	return nil
}

// ofAChange reports whether an event is one of a change: those of sign-ins have no object.
func ofAChange(event storetest.Item) bool {
	objects, _ := event["objects"].([]any)
	return len(objects) > 0
}

// of lists the entries of an organization as the engine began with them. Where the table still has its log,
// that decides about the doubtful ones, and holds them all.
func (l *ledger) of(t testing.TB, o string, d storetest.Dump) (all []entry) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	lives := d[storetest.OrgKey(org.ID(o))] != nil
	for _, e := range l.entries {
		if e.key.PK != "ORG#"+o {
			continue
		}
		switch there := d[e.key] != nil; {
		case lives && !there && !e.doubt:
			t.Errorf("%s %s was written and is not in the log", e.key.PK, e.key.SK)
		case lives && !there:
			continue
		case lives:
			e.doubt = false
		}
		all = append(all, e)
	}
	for k, i := range d.Of("EVENT#") {
		if _, known := l.known[k]; k.PK == "ORG#"+o && ofAChange(i) && !known {
			t.Errorf("%s %s is in the log, and no transaction wrote it", k.PK, k.SK)
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.begun, b.begun) })
	return all
}

// examine holds the logs of all organizations to themselves: each event begins with what the ones before it
// left, and the last of a living organization leaves what is there.
func (l *ledger) examine(t testing.TB, d storetest.Dump) {
	t.Helper()
	all := map[string]bool{}
	for _, e := range l.entries {
		all[strings.TrimPrefix(e.key.PK, "ORG#")] = true
	}
	for o := range all {
		chain(t, o, l.of(t, o, d), d)
	}
}

// kind is what an event tells: of what change, to what.
func (e entry) kind() string {
	o := e.object()
	kind := fmt.Sprintf("%v %v", e.event["action"], o["type"])
	if e.event["action"] == "UPDATE" {
		initial, _ := o["initial"].(map[string]any)
		kind += fmt.Sprint(" ", slices.Sorted(maps.Keys(initial)))
	}
	return kind
}

func (e entry) object() object {
	objects, _ := e.event["objects"].([]any)
	if len(objects) != 1 {
		return nil
	}
	o, _ := objects[0].(map[string]any)
	return o
}

// tells are the deeds that each kind of event tells of. A deed of those that are not exact may have
// found what it asks for, and then there is no event.
func tells() map[string]struct {
	deeds []string
	exact bool
} {
	return map[string]struct {
		deeds []string
		exact bool
	}{
		"CREATE organization":                 {[]string{"creates"}, true},
		"UPDATE organization [name]":          {[]string{"renames"}, true},
		"CREATE organization_member":          {[]string{"creates", "invites"}, true},
		"DELETE organization_member":          {[]string{"removes", "leaves", "declines"}, true},
		"UPDATE organization_member [status]": {[]string{"accepts", "follows", "activates"}, false},
		"UPDATE organization_member [role]":   {[]string{"changes"}, false},
	}
}

// examineLog holds the log of each organization to the history: no change without its event and no event
// without its change.
func (h *history) examineLog() {
	h.t.Helper()
	d := h.s.dump()
	for _, o := range h.founded {
		h.weigh(o, h.post.ledger.of(h.t, o, d))
	}
}

// weigh compares how many events of each kind there are with how many deeds: between those that are
// certain and all that may have been.
func (h *history) weigh(o string, entries []entry) {
	h.t.Helper()
	logged, maybe := map[string]int{}, map[string]int{}
	for _, e := range entries {
		if _, known := tells()[e.kind()]; !known {
			h.t.Errorf("nobody did what an event tells: %s", e.kind())
		}
		if e.doubt {
			maybe[e.kind()]++
			continue
		}
		logged[e.kind()]++
	}
	for kind, told := range tells() {
		certain, doubts := 0, 0
		for _, one := range h.all {
			switch d := one.Input.(deed); {
			case d.org != o || !slices.Contains(told.deeds, d.what):
			case d.unknown:
				doubts++
			default:
				certain++
			}
		}
		if n := logged[kind]; n > certain+doubts || told.exact && n+maybe[kind] < certain {
			h.t.Errorf("%d events %s of %s (and perhaps %d); %d deeds, and perhaps %d", n, kind, o, maybe[kind], certain, doubts)
		}
	}
}

// A standing is what a member's events say of them.
type standing struct{ status, role string }

// chain follows each member's events in one organization.
func chain(t testing.TB, o string, entries []entry, d storetest.Dump) {
	t.Helper()
	about, doubtful := map[string][]entry{}, map[string]bool{}
	for _, e := range entries {
		if what := e.object(); text(what, "type") == "organization_member" {
			id := text(what, "id")
			about[id] = append(about[id], e)
			doubtful[id] = doubtful[id] || e.doubt
		}
	}
	if d[storetest.OrgKey(org.ID(o))] != nil {
		for k := range d.Of("MEMBER#") {
			if id := strings.TrimPrefix(k.SK, "MEMBER#"); k.PK == "ORG#"+o && about[id] == nil {
				about[id] = []entry{} // nobody by the log
			}
		}
	}
	for id, told := range about {
		if doubtful[id] {
			continue
		}
		row := d[storetest.Key{PK: "ORG#" + o, SK: "MEMBER#" + id}]
		left := standing{text(row, "status"), text(row, "role")}
		if d[storetest.OrgKey(org.ID(o))] == nil {
			left = anybody
		}
		if !follows(standing{}, told, left) {
			t.Errorf("ORG#%s MEMBER#%s is %+v, which cannot be by the log:%s", o, id, left, lines(told))
		}
	}
}

// anybody is a standing that nobody holds anything to.
var anybody = standing{"any", "any"}

// follows reports whether events can have happened one behind the other, so that each begins with what the
// one before it left, and the last leaves the standing left. Which of two came first is known only where
// the engine was not at both at once: a change that looked long ago is right wherever it fits.
func follows(s standing, events []entry, left standing) bool {
	if len(events) == 0 {
		return s == left || left == anybody
	}
	first := slices.MinFunc(events, func(a, b entry) int { return cmp.Compare(a.ended, b.ended) }).ended
	for i, e := range events {
		if e.begun > first {
			continue
		}
		after, ok := s.follow(e)
		if ok && follows(after, slices.Delete(slices.Clone(events), i, i+1), left) {
			return true
		}
	}
	return false
}

// lines are events one below the other.
func lines(events []entry) (all string) {
	for _, e := range events {
		all += fmt.Sprintf("\n%d-%d %v %v", e.begun, e.ended, e.event["action"], e.object())
	}
	return all
}

// follow is the standing behind one more event. Whoever is removed by somebody else is called by their
// account once they were a member, by their address before.
func (s standing) follow(e entry) (standing, bool) {
	what := e.object()
	initial, _ := what["initial"].(map[string]any)
	result, _ := what["result"].(map[string]any)
	switch text(e.event, "action") {
	case "CREATE":
		return standing{text(result, "status"), text(result, "role")}, s == standing{}
	case "DELETE":
		name := text(what, "name")
		as := org.Active
		if strings.Contains(name, "@") {
			as = org.Provisioned
		}
		told := s.status == string(as) || name == text(e.event, "actor") // who declines has an account too
		return standing{}, told && s.role == text(initial, "role") && s != standing{}
	}
	after, ok := s, s != standing{}
	if was, told := initial["status"]; told {
		after.status, ok = text(result, "status"), ok && was == s.status
	}
	if was, told := initial["role"]; told {
		after.role, ok = text(result, "role"), ok && was == s.role
	}
	return after, ok
}

func TestEventsFollowOneAnotherAsTheEngineHadThem(t *testing.T) {
	event := func(begun, ended int64, action, name string, initial, result object) entry {
		what := object{"type": "organization_member", "id": "1", "name": name, "initial": initial, "result": result}
		return entry{begun: begun, ended: ended, event: storetest.Item{"action": action, "objects": []any{what}}}
	}
	pending := object{"status": "PROVISIONED", "role": "Technical"}
	invited := event(10, 20, "CREATE", "ada@example.com", nil, pending)
	confirmed := event(30, 40, "UPDATE", "ada@example.com", object{"status": "PROVISIONED"}, object{"status": "ACTIVE"})
	removed := event(50, 60, "DELETE", "an account", object{"role": "Technical"}, nil)
	for name, c := range map[string]struct {
		events []entry
		left   standing
		want   bool
	}{
		"one by one":                         {[]entry{invited, confirmed, removed}, standing{}, true},
		"one is lacking":                     {[]entry{invited, removed}, standing{}, false},
		"one is left":                        {[]entry{invited, confirmed}, standing{}, false},
		"invited anew at once":               {[]entry{invited, confirmed, event(45, 55, "CREATE", "ada@example.com", nil, pending), removed}, standing{"PROVISIONED", "Technical"}, true},
		"invited anew before it was allowed": {[]entry{invited, confirmed, event(45, 49, "CREATE", "ada@example.com", nil, pending), removed}, standing{"PROVISIONED", "Technical"}, false},
		"whatever a gone one left":           {[]entry{invited, confirmed}, anybody, true},
	} {
		if got := follows(standing{}, c.events, c.left); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

package storm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/org"
)

// A history is what a few people did to their organizations. Only the first of them founds any.
type history struct {
	t    testing.TB
	c    *cloudtest.Cloud
	s    *scene
	post *post
	calm bool               // nothing goes wrong but that people meet each other
	home [group]atomic.Bool // who thinks that they are in

	mu       sync.Mutex
	all      []porcupine.Operation
	founded  []string       // organizations, the latest last
	name     string         // of that organization
	founding int64          // when a creation began of which nobody knows whether it happened; 0 when there is none
	done     map[string]int // deeds by kind
	doubts   map[string]int // those of them of which nobody knows whether they happened
}

// A moment is a request that is under way.
type moment struct {
	h         *history
	org       string
	who, whom int
	role      org.Role
	link      int
	name      string
	call      int64
	answer    cloudtest.Answer
}

func (h *history) now() int64 { return h.post.at(time.Now()) }

// add records deeds that happened between a request and its answer. What is unknown may happen later.
func (h *history) add(m moment, all ...deed) {
	end := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range all {
		o := porcupine.Operation{ClientId: m.who, Input: d, Call: m.call, Return: end}
		if d.unknown {
			o.Return = math.MaxInt64
		}
		h.note(o)
	}
}

// note keeps a deed. The history is locked.
func (h *history) note(o porcupine.Operation) {
	d := o.Input.(deed)
	h.all = append(h.all, o)
	if d.unknown {
		h.doubts[d.what]++
		return
	}
	h.done[d.what]++
}

// deed is the moment's, of that kind.
func (m moment) deed(what string) deed {
	return deed{org: m.org, what: what, who: m.who, whom: m.whom, role: m.role, link: m.link, name: m.name}
}

// deeds are the moment's, of those kinds.
func (m moment) deeds(kinds ...string) (all []deed) {
	for _, what := range kinds {
		all = append(all, m.deed(what))
	}
	return all
}

// latest returns the organization that most things happen in, now and then the one before it.
func (h *history) latest(r *rand.Rand) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.founded) - 1
	if n > 0 && r.IntN(8) == 0 {
		n--
	}
	return h.founded[n]
}

// act does one thing as person who and records what came of it. It says false when there was only
// something to wait for.
func (h *history) act(r *rand.Rand, who int) bool {
	m := moment{h: h, org: h.latest(r), who: who, whom: (who + 1 + r.IntN(group-1)) % group, role: org.Technical}
	if r.IntN(2) == 0 {
		m.role = org.Admin
	}
	if h.s.people[who].Token == "" {
		return m.arrive(r)
	}
	if h.home[who].Load() || r.IntN(12) == 0 {
		m.manage(r)
		return true
	}
	if r.IntN(10) > 0 && !m.seeOffers() && who > 0 {
		time.Sleep(time.Duration(r.IntN(40)) * time.Millisecond) // for somebody who invites
		return false
	}
	m.enter(r)
	return true
}

func (m *moment) send(method, path string, body any) string {
	m.call = m.h.now()
	a, err := m.h.c.Send(method, path, m.h.s.people[m.who].Token, body)
	m.answer = a
	return m.h.s.kind(a, err)
}

// ask sends what changes something.
func (m moment) ask(what, method, path string, body any) (kind string) {
	kind = m.send(method, path, body)
	switch {
	case kind == "200":
		m.h.home[m.who].Store(what != "leaves" && what != "deletes" && what != "declines")
		m.h.add(m, m.deed(what))
	case m.troubled(what, kind):
		m.doubt(what)
	default:
		m.h.add(m, m.refused(what, kind)...)
	}
	return kind
}

// doubt records what nobody knows of whether it happened.
func (m moment) doubt(what string) {
	d := m.deed(what)
	d.unknown = true
	m.h.add(m, d)
}

// troubled reports whether an answer tells of trouble and not of the organization. Where nothing goes
// wrong there is none but that of meeting others too often.
func (m moment) troubled(what, kind string) bool {
	if !strings.Contains(trouble, kind) {
		return false
	}
	if m.h.calm && kind != "409/10" {
		m.h.t.Errorf("%d %s was answered %s %s, and nothing went wrong", m.who, what, kind, m.answer.Raw)
	}
	return true
}

// refused is what a refusal says that it saw.
func (m moment) refused(what, kind string) []deed {
	switch kind {
	case "403/7":
		if m.answer.Text("message") == org.ErrNotMember.Message {
			m.h.home[m.who].Store(false)
			return m.deeds("is out")
		}
		return m.deeds("is no admin")
	case "404/5":
		if what == "accepts" || what == "declines" {
			return m.deeds("is not invited")
		}
		return m.deeds("misses", "is an admin")
	case "429/8":
		return m.deeds("meets a guest", "is an admin") // another's mail of this very moment
	case "400/3":
		return m.shut(what)
	case "409/6":
		return m.taken(what)
	case "400/9":
		return m.unable(what)
	}
	m.h.t.Errorf("%d %s was answered %s %s", m.who, what, kind, m.answer.Raw)
	return nil
}

// shut is what a refused link says.
func (m moment) shut(what string) []deed {
	if what == "follows" {
		return m.deeds("is not the link", "is out")
	}
	return m.deeds("is shut")
}

// taken is what 409/6 says.
func (m moment) taken(what string) []deed {
	if what == "invites" {
		return m.deeds("meets", "is an admin")
	}
	m.h.home[m.who].Store(true)
	elsewhere := m.deed("is in")
	elsewhere.org = m.answer.Text("details.0.org_id")
	m.h.meet(m, elsewhere.org)
	if what == "accepts" {
		return []deed{elsewhere, m.deed("is invited")}
	}
	return []deed{elsewhere, m.deed("is the link")}
}

// unable is what 400/9 says.
func (m moment) unable(what string) []deed {
	switch what {
	case "leaves":
		return m.deeds("is an admin", "is the only admin")
	case "resends":
		return m.deeds("meets a member", "is an admin")
	case "activates":
		return nil // the account was made by a try that went no further
	}
	return m.deeds("is offered nothing")
}

// found creates an organization, or learns which one the founder is in. One whose creation nobody
// knew of is known by then.
func (h *history) found(m moment) {
	if m.name = "Storm " + fresh(); h.founding != 0 {
		m.name = h.name // of what may have been founded already
	}
	kind := m.send("POST", "/v1/orgs", object{"name": m.name})
	switch {
	case kind == "200":
		m.org = m.answer.Text("org.id")
		h.home[m.who].Store(true)
		h.learn(m, m.call)
	case kind == "409/6":
		m.org = m.answer.Text("details.0.org_id")
		h.meet(m, m.org)
		h.add(m, m.deed("is in"))
	case m.troubled("creates", kind):
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.founding == 0 {
			h.founding, h.name = m.call, m.name
		}
	default:
		h.t.Errorf("creating was answered %s %s", kind, m.answer.Raw)
	}
}

// learn records the creation of an organization that is new to everybody and was asked for at call.
func (h *history) learn(m moment, call int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if slices.Contains(h.founded, m.org) {
		return
	}
	h.founded, h.founding = append(h.founded, m.org), 0
	h.note(porcupine.Operation{
		ClientId: 0, Input: deed{org: m.org, what: "creates", who: 0, name: m.name}, Call: call, Return: h.now(),
	})
}

// meet makes an organization known that the founder is found to be in: one that was asked for by a
// request without answer, where nobody knew it.
func (h *history) meet(m moment, id string) {
	h.mu.Lock()
	known, call, name := slices.Contains(h.founded, id), h.founding, h.name
	h.mu.Unlock()
	if known {
		return
	}
	if call == 0 || m.who > 0 {
		h.t.Errorf("%d is in %s, which nobody asked for", m.who, id)
	}
	m.org, m.name = id, name
	h.learn(m, call)
}

// newHistory returns people who have one organization and have done nothing else yet.
func newHistory(t testing.TB, c *cloudtest.Cloud, p *post, calm bool) *history {
	h := &history{
		t: t, c: c, s: &scene{t: t, c: c, noisy: true, doubled: true}, post: p, calm: calm,
		done: map[string]int{}, doubts: map[string]int{},
	}
	for i := range group - strange {
		h.s.person(fmt.Sprintf("p%d", i))
	}
	for range strange {
		h.s.people = append(h.s.people, &cloudtest.Person{Email: h.s.stranger("s"), Cloud: c})
	}
	h.found(moment{h: h, who: 0})
	if len(h.founded) == 0 {
		t.Fatal("no organization was founded")
	}
	return h
}

// run lets everybody act at the same time, so many times together, and some times more where that leaves
// out anything that a history must have.
func (h *history) run(l luck, purpose uint64, deeds int) {
	var left atomic.Int64
	left.Store(int64(deeds))
	var all sync.WaitGroup
	for who := range group {
		r := l.dice(purpose + uint64(who))
		all.Go(func() {
			for left.Load() > 0 || left.Load() > -int64(deeds) && h.overdue() != "" {
				if h.act(r, who) {
					left.Add(-1)
				}
			}
		})
	}
	all.Wait()
}

// verify holds the history to the models, the log to the history, and the table to its invariants.
func (h *history) verify() {
	h.t.Helper()
	moment{h: h, who: 0, org: h.founded[len(h.founded)-1]}.seeHome() // an organization that nobody knows of yet
	h.s.orgs = h.founded
	h.s.examine()
	h.examineLog()
	all := append(h.all, h.post.mailed(h)...)
	for o, part := range houses(all) {
		result, where := check(part, house{})
		h.judge("an organization", o, result, where, part)
	}
	for who, part := range holders(h.all) {
		result, where := check(part, holder{})
		h.judge("an account", fmt.Sprint(who), result, where, part)
	}
}

// judge tells all of a history that is not one of the model's.
func (h *history) judge(what, which string, result porcupine.CheckResult, where string, part []porcupine.Operation) {
	h.t.Helper()
	if result == porcupine.Ok {
		return
	}
	h.t.Errorf("the history of %s is %s: %s", what, result, where)
	h.t.Logf("it is %s", which)
	slices.SortFunc(part, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	for _, o := range part {
		h.t.Logf("%8.3f – %8.3f ms  %v", float64(o.Call)/1e6, float64(o.Return)/1e6, o.Input)
	}
}

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
	home [group]atomic.Bool // who thinks that they are in

	mu       sync.Mutex
	all      []porcupine.Operation
	founded  []string // organizations, the latest last
	founding int64    // when a creation began of which nobody knows whether it happened; 0 when there is none
}

// A moment is a request that is under way.
type moment struct {
	h         *history
	org       string
	who, whom int
	role      org.Role
	link      int
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
		h.all = append(h.all, o)
	}
}

// deed is the moment's, of that kind.
func (m moment) deed(what string) deed {
	return deed{org: m.org, what: what, who: m.who, whom: m.whom, role: m.role, link: m.link}
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
	if r.IntN(4) > 0 && !m.seeOffers() && who > 0 {
		time.Sleep(time.Duration(r.IntN(40)) * time.Millisecond) // for somebody who invites
		return false
	}
	m.enter(r)
	return true
}

// enter is what somebody does who is not in.
func (m moment) enter(r *rand.Rand) {
	switch n := r.IntN(100); {
	case n < 30 && m.who == 0:
		m.h.found(m)
	case n < 40:
		m.ask("accepts", "POST", "/v1/invitations/"+m.org+":accept", nil)
	case n < 65:
		m.follow(r)
	case n < 75:
		m.look(r)
	case n < 82:
		m.ask("declines", "POST", "/v1/invitations/"+m.org+":decline", nil)
	default:
		m.seeHome()
	}
}

// manage is what a member does.
func (m moment) manage(r *rand.Rand) {
	path := "/v1/orgs/" + m.org
	switch n := r.IntN(100); {
	case n < 5 && m.who == 0:
		m.h.found(m)
	case n < 35:
		m.invite(r)
	case n < 60:
		m.touch(r)
	case n < 64:
		m.ask("leaves", "POST", path+":leave", nil)
	case n < 65:
		m.ask("deletes", "DELETE", path, nil)
	case n < 75:
		m.expire(r)
	case n < 78:
		m.ask("accepts", "POST", "/v1/invitations/"+m.org+":accept", nil)
	case n < 83:
		m.look(r)
	case n < 89:
		m.seeHome()
	default:
		m.seeMembers()
	}
}

// invite is about somebody who is mostly not in: to invite, or to send a mail once more.
func (m moment) invite(r *rand.Rand) {
	m.guest(r)
	whom := m.h.s.people[m.whom].Email
	if r.IntN(2) == 0 {
		m.ask("resends", "POST", row(m.org, whom)+":reactivate", nil)
		m.look(r) // most likely at the link that is dead by now
		return
	}
	m.ask("invites", "POST", "/v1/orgs/"+m.org+"/members", object{"username": whom, "role": string(m.role)})
}

// guest makes the moment about somebody who is mostly not in.
func (m *moment) guest(r *rand.Rand) {
	for range 4 {
		if m.h.home[m.whom].Load() {
			m.whom = (m.who + 1 + r.IntN(group-1)) % group
		}
	}
}

// touch changes somebody's row, or removes it.
func (m moment) touch(r *rand.Rand) {
	for range 2 {
		if !m.h.home[m.whom].Load() {
			m.whom = (m.who + 1 + r.IntN(group-1)) % group
		}
	}
	target := row(m.org, m.h.s.people[m.whom].Email)
	if r.IntN(4) == 0 {
		m.ask("removes", "DELETE", target, nil)
		m.look(r)
		return
	}
	m.ask("changes", "PUT", target, object{"role": string(m.role)})
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
	case strings.Contains(trouble, kind):
		d := m.deed(what)
		d.unknown = true
		m.h.add(m, d)
	default:
		m.h.add(m, m.refused(what, kind)...)
	}
	return kind
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
	kind := m.send("POST", "/v1/orgs", object{"name": "Storm"})
	switch kind {
	case "200":
		m.org = m.answer.Text("org.id")
		h.home[m.who].Store(true)
		h.learn(&m, m.call)
	case "409/6":
		m.org = m.answer.Text("details.0.org_id")
		h.learn(&m, 0)
		h.add(m, m.deed("is in"))
	default:
		h.mu.Lock()
		defer h.mu.Unlock()
		if !strings.Contains(trouble, kind) {
			h.t.Errorf("creating was answered %s %s", kind, m.answer.Raw)
		}
		if h.founding == 0 {
			h.founding = m.call
		}
	}
}

// learn records the creation of an organization that is new to everybody. call is when it was asked
// for, 0 when that was by a request without answer.
func (h *history) learn(m *moment, call int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if slices.Contains(h.founded, m.org) {
		return
	}
	if call == 0 {
		call = h.founding
	}
	if call == 0 {
		h.t.Errorf("the founder is in %s, which nobody asked for", m.org)
	}
	h.founded, h.founding = append(h.founded, m.org), 0
	h.all = append(h.all, porcupine.Operation{
		ClientId: m.who, Input: deed{org: m.org, what: "creates", who: m.who}, Call: call, Return: h.now(),
	})
}

// newHistory returns people who have one organization and have done nothing else yet.
func newHistory(t testing.TB, c *cloudtest.Cloud, p *post) *history {
	h := &history{t: t, c: c, s: &scene{t: t, c: c, noisy: true, doubled: true}, post: p}
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

// run lets everybody act at the same time, so many times together.
func (h *history) run(l luck, purpose uint64, deeds int) {
	var left atomic.Int64
	left.Store(int64(deeds))
	var all sync.WaitGroup
	for who := range group {
		r := l.dice(purpose + uint64(who))
		all.Go(func() {
			for left.Load() > 0 {
				if h.act(r, who) {
					left.Add(-1)
				}
			}
		})
	}
	all.Wait()
}

// verify holds the history to the model, and the table to its invariants.
func (h *history) verify() {
	h.t.Helper()
	h.s.orgs = h.founded
	h.s.examine()
	for _, part := range parts(append(h.all, h.post.mailed(h)...)) {
		result, where := check(part)
		if result == porcupine.Ok {
			continue
		}
		h.t.Errorf("the history of an organization is %s: %s", result, where)
		slices.SortFunc(part, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
		for _, o := range part {
			h.t.Logf("%8.3f – %8.3f ms  %v", float64(o.Call)/1e6, float64(o.Return)/1e6, o.Input)
		}
	}
}

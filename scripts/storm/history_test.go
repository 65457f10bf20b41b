package storm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/org"
)

// How large a recorded history is: so many groups side by side, each of whose people does so much.
const (
	groups = 3
	deeds  = 50
)

// A history is what a few people did to their organizations. Only the first of them founds any.
type history struct {
	t     *testing.T
	c     *cloudtest.Cloud
	s     *scene
	begun time.Time

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
	call      int64
	answer    cloudtest.Answer
}

func (h *history) now() int64 { return int64(time.Since(h.begun)) + 1 }

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
	return deed{org: m.org, what: what, who: m.who, whom: m.whom, role: m.role}
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

// send does one thing as person who and records what came of it.
func (h *history) act(r *rand.Rand, who int) {
	m := moment{h: h, org: h.latest(r), who: who, whom: (who + 1 + r.IntN(group-1)) % group, role: org.Technical}
	if r.IntN(2) == 0 {
		m.role = org.Admin
	}
	path, target := "/v1/orgs/"+m.org, row(m.org, h.s.people[m.whom].Email)
	switch n := r.IntN(100); {
	case n < 8 && who == 0:
		h.found(m)
	case n < 30:
		m.ask("invites", "POST", path+"/members", object{"username": h.s.people[m.whom].Email, "role": string(m.role)})
	case n < 55:
		m.ask("accepts", "POST", "/v1/invitations/"+m.org+":accept", nil)
	case n < 70:
		m.ask("changes", "PUT", target, object{"role": string(m.role)})
	case n < 78:
		m.ask("removes", "DELETE", target, nil)
	case n < 83:
		m.ask("leaves", "POST", path+":leave", nil)
	case n < 85:
		m.ask("deletes", "DELETE", path, nil)
	default:
		m.read(path + "/members:search")
	}
}

func (m *moment) send(method, path string, body any) string {
	m.call = m.h.now()
	a, err := m.h.c.Send(method, path, m.h.s.people[m.who].Token, body)
	m.answer = a
	return m.h.s.kind(a, err)
}

// ask sends what changes something.
func (m moment) ask(what, method, path string, body any) {
	kind := m.send(method, path, body)
	if kind == "200" {
		m.h.add(m, m.deed(what))
		return
	}
	if strings.Contains(trouble, kind) {
		d := m.deed(what)
		d.unknown = true
		m.h.add(m, d)
		return
	}
	m.h.add(m, m.refused(what, kind)...)
}

// refused is what a refusal says that it saw.
func (m moment) refused(what, kind string) []deed {
	switch {
	case kind == "403/7" && m.answer.Text("message") == org.ErrNotMember.Message:
		return []deed{m.deed("is out")}
	case kind == "403/7":
		return []deed{m.deed("is no admin")}
	case kind == "404/5" && what == "accepts":
		return []deed{m.deed("is not invited")}
	case kind == "404/5":
		return []deed{m.deed("misses"), m.deed("is an admin")}
	case kind == "409/6" && what == "invites":
		return []deed{m.deed("meets"), m.deed("is an admin")}
	case kind == "409/6" && what == "accepts":
		elsewhere := m.deed("is in")
		elsewhere.org = m.answer.Text("details.0.org_id")
		return []deed{elsewhere, m.deed("is invited")}
	case kind == "400/9" && what == "leaves":
		return []deed{m.deed("is an admin"), m.deed("is the only admin")}
	}
	m.h.t.Errorf("%d %s was answered %s %s", m.who, what, kind, m.answer.Raw)
	return nil
}

// read lists the members: a deed for each row, which was read at an instant of its own.
func (m moment) read(path string) {
	switch kind := m.send("POST", path, nil); {
	case kind != "200":
		if !strings.Contains(trouble, kind) {
			m.h.add(m, m.refused("reads", kind)...)
		}
		return
	}
	rows := map[string]seat{}
	members, _ := m.answer.At("members").([]any)
	for i := range members {
		at := fmt.Sprintf("members.%d.", i)
		rows[m.answer.Text(at+"username")] = seat{org.Status(m.answer.Text(at + "status")), org.Role(m.answer.Text(at + "role"))}
	}
	for whom, p := range m.h.s.people {
		d := m.deed("finds")
		d.whom, d.saw = whom, rows[p.Email]
		m.h.add(m, d)
	}
}

// found creates an organization, or learns which one the founder is in. One whose creation nobody
// knew of is known by then.
func (h *history) found(m moment) {
	kind := m.send("POST", "/v1/orgs", object{"name": "Storm"})
	switch kind {
	case "200":
		m.org = m.answer.Text("org.id")
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
func newHistory(t *testing.T, c *cloudtest.Cloud) *history {
	h := &history{t: t, c: c, s: &scene{t: t, c: c, noisy: true}, begun: time.Now()}
	for i := range group {
		h.s.person(fmt.Sprintf("p%d", i))
	}
	h.found(moment{h: h, who: 0})
	if len(h.founded) == 0 {
		t.Fatal("no organization was founded")
	}
	return h
}

// run lets everybody act at the same time.
func (h *history) run(purpose uint64) {
	var all sync.WaitGroup
	for who := range group {
		r := dice(purpose + uint64(who))
		all.Go(func() {
			for range deeds {
				h.act(r, who)
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
	for _, part := range parts(h.all) {
		result := check(part)
		if result == porcupine.Ok {
			continue
		}
		h.t.Errorf("the history of an organization is %s", result)
		slices.SortFunc(part, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
		for _, o := range part {
			h.t.Logf("%8.3f – %8.3f ms  %v", float64(o.Call)/1e6, float64(o.Return)/1e6, o.Input)
		}
	}
}

func TestHistoriesAreThoseOfTheModel(t *testing.T) {
	t.Parallel()
	for n := range *rounds {
		holdHistories(t, gaping(t, lenient), uint64(100*n+10), func() func() { return func() {} })
	}
}

func TestHistoriesInAStormAreThoseOfTheModel(t *testing.T) {
	t.Parallel()
	for n := range *rounds {
		c, p := cloudtest.Behind(t, cloud.Options{Settings: lenient})
		w := newWeather(c, p, 3)
		holdHistories(t, c, uint64(100*n+1000), func() func() {
			end := w.storm()
			stop := w.kill()
			return func() { stop(); end() }
		})
	}
}

func holdHistories(t *testing.T, c *cloudtest.Cloud, purpose uint64, noise func() (quiet func())) {
	var all []*history
	for range groups {
		all = append(all, newHistory(t, c))
	}
	quiet := noise()
	var running sync.WaitGroup
	for i, h := range all {
		running.Go(func() { h.run(purpose + uint64(10*i)) })
	}
	running.Wait()
	quiet()
	settle(t, c)
	for _, h := range all {
		h.verify()
		t.Logf("%d deeds in %d organizations", len(h.all), len(h.founded))
	}
}

package storm

import (
	"cmp"
	"math/rand/v2"
	"strings"

	"roster/shared/org"
)

// enter is what somebody does who is not in.
func (m moment) enter(r *rand.Rand) {
	n := r.IntN(100)
	switch rare := m.h.overdue("declines", "follows"); {
	case rare == "declines" && r.IntN(4) == 0:
		n = 81
	case rare == "follows" && r.IntN(2) == 0:
		n = 64
	}
	switch {
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

// habits are how often, of a thousand times, a member does each thing.
var habits = []struct {
	what string
	n    int
}{
	{"creates", 40},
	{"invites", 140},
	{"resends", 140},
	{"invites many", 40},
	{"changes", 157},
	{"removes", 53},
	{"leaves", 35},
	{"deletes", 7},
	{"renames", 40},
	{"expires", 80},
	{"accepts", 35},
	{"looks", 43},
	{"calls", 40},
	{"sees home", 40},
	{"sees it", 30},
	{"sees members", 80},
}

// manage is what a member does, now and then what nobody did often enough.
func (m moment) manage(r *rand.Rand) {
	n := r.IntN(1000)
	what := ""
	for _, habit := range habits {
		if what = habit.what; n < habit.n {
			break
		}
		n -= habit.n
	}
	if r.IntN(6) == 0 {
		what = cmp.Or(m.h.overdue("invites", "resends", "invites many", "changes", "removes", "leaves", "deletes", "renames", "calls"), what)
	}
	m.do(what, r)
}

func (m moment) do(what string, r *rand.Rand) {
	path := "/v1/orgs/" + m.org
	switch what {
	case "creates":
		if m.who == 0 {
			m.h.found(m)
		}
	case "invites", "resends":
		m.invite(what, r)
	case "invites many":
		m.inviteMany(r)
	case "changes", "removes":
		m.touch(what, r)
	case "leaves":
		m.ask(what, "POST", path+":leave", nil)
	case "deletes":
		if m.ask(what, "DELETE", path, nil) == "200" {
			m.seeNothing(r)
		}
	case "renames":
		m.name = "Storm " + fresh()
		m.ask(what, "PUT", path, object{"name": m.name})
	case "expires":
		m.expire(r)
	case "accepts":
		m.ask(what, "POST", "/v1/invitations/"+m.org+":accept", nil)
	case "looks":
		m.look(r)
	case "calls":
		m.callOneself()
	case "sees home":
		m.seeHome()
	case "sees it":
		m.seeOrg()
	default:
		m.seeMembers()
	}
}

// seeNothing looks at all of an organization that was deleted a moment ago, and at the links into it, before
// its rows are erased.
func (m moment) seeNothing(r *rand.Rand) {
	m.seeOrg()
	for who := range group {
		one := m
		one.whom = who
		one.look(r)
	}
	m.seeMembers()
	m.seeHome()
}

// inviteMany invites two in one request, or one where there is nobody else.
func (m moment) inviteMany(r *rand.Rand) {
	all := []moment{m}
	all[0].guest(r)
	if m.guest(r); m.whom != all[0].whom {
		all = append(all, m)
	}
	var users []any
	for _, one := range all {
		users = append(users, object{"username": m.h.s.people[one.whom].Email, "role": string(one.role)})
	}
	kind := m.send("POST", "/v1/orgs/"+m.org+"/members:bulk", object{"users": users})
	unknown := m.troubled("invites many", kind)
	if kind != "200" && !unknown {
		m.h.add(m, m.refused("invites", kind)...)
		return
	}
	for _, one := range all {
		one.call, one.answer = m.call, m.answer
		if unknown {
			one.doubt("invites")
			continue
		}
		one.invited()
	}
	m.h.count("invites many")
}

// invited is what became of one of many who were invited, which is told by whom the answer refuses.
func (m moment) invited() {
	refused, _ := m.answer.At("errors").([]any)
	email := m.h.s.people[m.whom].Email
	for _, raw := range refused {
		one, _ := raw.(object)
		if text(one, "username") != email {
			continue
		}
		if text(one, "error") != org.ErrAlreadyMember.Message {
			m.h.t.Errorf("%s was refused: %s", email, text(one, "error"))
		}
		m.h.add(m, m.deeds("meets", "is an admin")...)
		return
	}
	m.h.add(m, m.deed("invites"))
}

// invite is about somebody who is mostly not in: to invite, or to send a mail once more.
func (m moment) invite(what string, r *rand.Rand) {
	m.guest(r)
	if who := group - 1 - r.IntN(strange); m.h.overdue("activates") != "" && who != m.who && r.IntN(3) == 0 {
		m.whom = who
	}
	whom := m.h.s.people[m.whom].Email
	if what == "resends" {
		if m.h.overdue(what) != "" {
			m.ask("invites", "POST", "/v1/orgs/"+m.org+"/members", object{"username": whom, "role": string(m.role)})
		}
		m.ask(what, "POST", row(m.org, whom)+":reactivate", nil)
		m.look(r) // most likely at the link that is dead by now
		return
	}
	m.ask(what, "POST", "/v1/orgs/"+m.org+"/members", object{"username": whom, "role": string(m.role)})
}

// guest makes the moment about somebody who is mostly not in.
func (m *moment) guest(r *rand.Rand) {
	for range 4 {
		if m.h.home[m.whom].Load() {
			m.whom = (m.who + 1 + r.IntN(group-1)) % group
		}
	}
}

// member makes the moment about somebody who is mostly in.
func (m *moment) member(r *rand.Rand) {
	for range 2 {
		if !m.h.home[m.whom].Load() {
			m.whom = (m.who + 1 + r.IntN(group-1)) % group
		}
	}
}

// touch changes somebody's row, or removes it: that of who is in, or, of removals every other, of who is
// only invited. Whoever removed somebody sees at once that they are gone.
func (m moment) touch(what string, r *rand.Rand) {
	if what == "removes" && r.IntN(2) == 0 {
		m.guest(r)
	} else {
		m.member(r)
	}
	target := row(m.org, m.h.s.people[m.whom].Email)
	if what == "removes" {
		m.ask(what, "DELETE", target, nil)
		m.look(r)
		m.seeMembers()
		return
	}
	m.ask(what, "PUT", target, object{"role": string(m.role)})
}

// callOneself changes how one is called, which shows wherever one is a member. A stranger is called as their
// activation says, which may come late.
func (m moment) callOneself() {
	if m.who >= group-strange {
		m.seeHome()
		return
	}
	m.name = called + fresh()
	kind := m.send("POST", "/v1/auth/UpdateProfile", object{"first_name": m.name, "last_name": "Example"})
	switch {
	case kind == "200":
		m.h.add(m, m.deed("calls"))
	case m.troubled("calls", kind):
		m.doubt("calls")
	default:
		m.h.t.Errorf("%d calls was answered %s %s", m.who, kind, m.answer.Raw)
	}
}

// called is how every name begins that somebody gave themselves.
const called = "Called "

// nameIn is the name in a row; "" for the one that its owner began with.
func nameIn(row object) string {
	if name := text(row, "first_name"); strings.HasPrefix(name, called) {
		return name
	}
	return ""
}

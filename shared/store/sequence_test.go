package store_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"roster/shared/account"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// Whatever people do, in whatever order, and whenever it comes to happen, the table holds.
func TestAnySequenceKeepsWhatMustHold(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		w.Reset()
		days{rt, newTown(t, w)}.pass()
	})
}

// The same while every request may fail, or happen and seem to have failed.
func TestAnySequenceKeepsWhatMustHoldOnABadDay(t *testing.T) {
	t.Parallel()
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		// rapid asks for the test's deadline, which a bubble has none of.
		rapid.Check(struct{ rapid.TB }{t}, func(rt *rapid.T) {
			w.Reset()
			town := newTown(t, w)
			seed := rapid.Uint64().Draw(rt, "faults")
			w.Faults.Dice = rand.New(rand.NewPCG(seed, seed)).Float64
			for _, f := range []storetest.Fault{storetest.LostReply, storetest.Timeout, storetest.Throttle} {
				w.Faults.Add(storetest.Rule{Fault: f, Chance: 0.06})
			}
			w.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Fault: storetest.Conflict, Chance: 0.2})
			w.Faults.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.Half, Chance: 0.2})
			days{rt, town}.pass()
		})
	})
}

// days are what happens in a town, as rapid draws it.
type days struct {
	rt *rapid.T
	*town
}

func (d days) upTo(n int, what string) int  { return rapid.IntRange(0, n).Draw(d.rt, what) }
func (d days) rarely(n int, w string) bool  { return d.upTo(n, w) == n }
func (d days) oneOf(n int, what string) int { return d.upTo(n-1, what) }
func (d days) anybody() *citizen            { return d.people[d.oneOf(len(d.people), "whom")] }
func (d days) anywhere() org.ID             { return d.orgs[d.oneOf(len(d.orgs), "where")] }
func (d days) role() org.Role               { return []org.Role{org.Admin, org.Technical}[d.oneOf(2, "role")] }

// user is somebody who has a token; who lost their user mostly gets another one first.
func (d days) user() *citizen {
	users := d.users()
	c := users[d.oneOf(len(users), "who")]
	if !c.signed && !d.rarely(4, "dead token") {
		d.refuses(d.signUp(c))
	}
	return c
}

// visit is somebody at the organization that they are in, or at any.
func (d days) visit() visit {
	c := d.user()
	o, ok := d.home(c)
	if !ok || d.rarely(4, "stranger") {
		o = d.anywhere()
	}
	return visit{d.caller(c, d.rarely(10, "old token")), o}
}

// do lets a decision happen now, or perhaps later.
func (d days) do(what decision) {
	if d.rarely(3, "later") {
		d.decided = append(d.decided, what)
		return
	}
	d.refuses(what())
}

// has skips an action for which there is nothing yet.
func (d days) has(n int) int {
	if n == 0 {
		d.rt.Skip("nothing yet")
	}
	return n
}

// pass lets people do things, and looks at the table after each.
func (d days) pass() {
	actions := map[string]func(){
		"create":                 func() { d.do(d.create(d.visit())) },
		"rename":                 func() { d.do(d.decide(d.visit(), "", d.rename)) },
		"leave":                  func() { d.do(d.decide(d.visit(), "", d.leave)) },
		"remove":                 func() { d.do(d.decide(d.visit(), d.anybody().Address, d.remove)) },
		"promote":                func() { d.do(d.decide(d.visit(), d.anybody().Address, d.promote)) },
		"resend":                 func() { d.do(d.decide(d.visit(), d.anybody().Address, d.resend)) },
		"invite":                 d.inviteOne,
		"invite several":         d.inviteSeveral,
		"accept":                 func() { d.do(d.answer(d.visit(), true)) },
		"accept an invitation":   func() { d.do(d.answer(visit{d.caller(d.user(), false), d.anywhere()}, true)) },
		"decline":                func() { d.do(d.answer(visit{d.caller(d.user(), false), d.anywhere()}, false)) },
		"profile":                func() { d.do(d.profile(d.visit(), rapid.StringN(1, 4, 8).Draw(d.rt, "name"))) },
		"sign out":               func() { d.do(d.signOut(d.visit())) },
		"sign up":                func() { d.refuses(d.signUp(d.anybody())) },
		"change the address":     d.move,
		"mail":                   func() { d.refuses(d.mail(d.anywhere(), d.anybody().Address)) },
		"follow a link":          d.follow,
		"activate":               func() { d.do(d.activate(d.states[d.oneOf(d.has(len(d.states)), "state")])) },
		"delete":                 d.deleteSomething,
		"purge":                  func() { d.refuses(d.purge(d.anywhere(), d.upTo(5, "requests"))) },
		"wait":                   func() { d.Clock.Move(time.Duration(d.upTo(100, "hours")) * time.Hour) },
		"sweep":                  func() { d.sweep(d.rt) },
		"what was decided":       d.happen,
		"what was decided early": d.happen,
	}
	steps := map[string]func(*rapid.T){"": func(*rapid.T) {
		d.Clock.Move(time.Second)
		if broken := d.Dump().Broken(); broken != nil {
			d.rt.Fatalf("broken: %q", broken)
		}
	}}
	for name, act := range actions {
		steps[name] = func(*rapid.T) { act() }
	}
	d.rt.Repeat(steps)
}

func (d days) happen() {
	n := d.oneOf(d.has(len(d.decided)), "which")
	what := d.decided[n]
	d.decided = append(d.decided[:n:n], d.decided[n+1:]...)
	d.refuses(what())
}

func (d days) inviteOne() {
	v, a := d.visit(), d.anybody().Address
	d.do(d.decide(v, a, d.invite(a, d.role(), d.rarely(1, "join"))))
}

func (d days) inviteSeveral() {
	v, p := d.visit(), invite.Policy{Join: d.rarely(1, "join"), PerDay: 100}
	asks := []invite.Ask{
		{Username: string(d.anybody().Address), Role: string(d.role())}, {Username: string(d.anybody().Address), Role: string(d.role())},
	}
	_, err := invite.Many(d.ctx, d.DB, p, v.Caller, v.at, asks)
	d.refuses(err)
}

func (d days) follow() {
	link := d.links[d.oneOf(d.has(len(d.links)), "link")]
	if d.rarely(2, "accept") {
		_, err := invite.AcceptLink(d.ctx, d.DB, d.visit().Caller, link.Token())
		d.refuses(err)
		return
	}
	g, err := invite.Validate(d.ctx, d.DB, link.Token())
	d.refuses(err)
	if state, err := org.ParseLink(g.State); err == nil {
		d.states = append(d.states, state)
	}
}

// move gives somebody's user another address, or another spelling of it.
func (d days) move() {
	c := d.user()
	if !c.signed {
		return
	}
	to := []string{c.First + "@Example.com", "x" + c.First + "@example.com", c.First + "@EXAMPLE.com"}
	c.before, c.Address = c.Address, account.Address(to[d.oneOf(3, "address")])
	d.refuses(d.signIn(c))
}

// deleteSomething ends an organization, or somebody's user.
func (d days) deleteSomething() {
	if d.rarely(1, "organization") {
		d.do(d.decide(d.visit(), "", d.end))
		return
	}
	c := d.user()
	_, err := d.DB.Close(d.ctx, c.ID, account.Caller{})
	if d.refuses(err); err == nil {
		c.signed, c.before = false, ""
	}
}

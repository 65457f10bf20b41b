package store_test

import (
	"fmt"
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// pace is how long each answer takes in a bubble, where nothing else takes any time: what passes is
// round trips in a row, and those side by side count once.
const pace = 100 * time.Millisecond

// trips counts the round trips in a row of a call.
func trips(t *testing.T, s *scene, call func() error) int {
	t.Helper()
	s.Faults.Pace = pace
	defer func() { s.Faults.Pace = 0 }()
	begun := time.Now()
	if err := call(); err != nil {
		t.Fatal(err)
	}
	return int(time.Since(begun) / pace)
}

func TestALookTakesFewRoundTripsInARow(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"Look": 1, "LookMail": 1, "LookInvitation": 1, "LookLink": 1, "Account": 1, "Find": 1, "HasAccount": 1, "Holder": 1,
		"LookNotice": 1, "LookServer": 2, "LookClient": 1, "Servers": 1, "Members": 1, "LookLog": 1, "LookLog, their own": 2, "Mine": 2, "Invitations": 2, "Meet": 3, // of an account that is in an organization
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				if got := trips(t, s, func() error { _, err := look(s); return err }); got != want[name] {
					t.Errorf("%d round trips in a row, want %d", got, want[name])
				}
			})
		})
	}
}

func TestAChangeTakesOneRoundTrip(t *testing.T) {
	t.Parallel()
	looking := map[string]int{ // for changes that look themselves
		"SignOutUntil": 2, "Witness": 1, "Close": 2, "Close of a sole Admin": 2, "Ensure": 1, "Account, new caller": 2,
		"Ensure, new spelling": 3, "Ensure, new address": 3, "Ensure onto invitation": 3,
	}
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				change := p(t, s)
				if got, want := trips(t, s, change), looking[name]+1; got != want {
					t.Errorf("%d round trips in a row, want %d", got, want)
				}
			})
		})
	}
}

// operations are the routes of DESIGN.md §10 as far as the store and shared/invite are all of them.
var operations = map[string]struct {
	trips int
	set   func(s *scene)
	call  func(s *scene) error
}{
	"orgs, of nobody":    {1, set, func(s *scene) error { _, err := s.DB.Mine(s.ctx, s.fox.Caller()); return err }},
	"create":             {2, set, func(s *scene) error { return found(s, s.fox) }},
	"create, stale lock": {3, set, func(s *scene) error { return found(s, s.gus) }},
	"invite":             {2, set, func(s *scene) error { return ask(s, invite.Policy{PerDay: 5}, "Kim@Example.com") }},
	"resend": {2, set, func(s *scene) error {
		return invite.Again(s.ctx, s.DB, invite.Policy{PerDay: 5}, s.ann.Caller(), s.acme, eveOf(s))
	}},
	"accept":                        {2, set, func(s *scene) error { _, err := invite.Accept(s.ctx, s.DB, s.dan.Caller(), s.acme); return err }},
	"accept again":                  {1, set, func(s *scene) error { _, err := invite.Accept(s.ctx, s.DB, s.bob.Caller(), s.acme); return err }},
	"accept, stale lock":            {3, staleInvitation, func(s *scene) error { _, err := invite.Accept(s.ctx, s.DB, s.gus.Caller(), s.acme); return err }},
	"decline":                       {2, set, func(s *scene) error { return invite.Decline(s.ctx, s.DB, s.dan.Caller(), s.acme) }},
	"invitations":                   {2, set, func(s *scene) error { _, err := invite.Open(s.ctx, s.DB, s.dan.Caller()); return err }},
	"validate":                      {2, linked, func(s *scene) error { _, err := invite.Validate(s.ctx, s.DB, eveLink(s).Token()); return err }},
	"sign-in of a known account":    {1, set, func(s *scene) error { _, err := s.DB.Ensure(s.ctx, "bob", s.bob.Address, "", ""); return err }},
	"first sign-in":                 {2, set, func(s *scene) error { _, err := s.DB.Ensure(s.ctx, "eve", s.eve.Address, "", ""); return err }},
	"members, a page of a thousand": {1, set, func(s *scene) error { _, _, err := s.DB.Members(s.ctx, s.ann.Caller(), s.acme, nil, 1000); return err }},
	"members, a later page": {1, set, func(s *scene) error {
		_, _, err := s.DB.Members(s.ctx, s.ann.Caller(), s.acme, &store.Cursor{}, 1)
		return err
	}},
	"a caller whom the table lacks yet": {3, set, func(s *scene) error { _, err := s.DB.Account(s.ctx, s.eve.Caller()); return err }},
}

func found(s *scene, p storetest.Person) error {
	a, err := s.DB.Account(s.ctx, p.Caller())
	if err != nil {
		return err
	}
	if _, err = s.DB.Holder(s.ctx, a, ""); err != nil {
		return err
	}
	_, err = s.DB.CreateOrg(s.ctx, p.Caller(), a, org.Org{ID: s.OrgID("nova"), Name: "Nova"})
	return err
}

func ask(s *scene, p invite.Policy, a account.Address) error {
	return invite.One(s.ctx, s.DB, p, s.ann.Caller(), s.acme, invite.Ask{Username: string(a), Role: string(org.Technical)})
}

func staleInvitation(s *scene) { s.Invite(s.acme, storetest.Invited(s.gus, org.Technical)) }

// eveLink is a link to Eve's row with a secret that is the same each time.
func eveLink(s *scene) org.Link {
	return org.Link{Org: s.acme, Member: eveOf(s), Secret: id.Secret{1}}
}

func linked(s *scene) {
	s.Set(who(eve).mail(s), storetest.Item{"link": string(eveLink(s).Secret.Hash())})
}

func TestAnOperationTakesTheRoundTripsOfTheDesign(t *testing.T) {
	t.Parallel()
	for name, o := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				o.set(s)
				if got := trips(t, s, func() error { return o.call(s) }); got != o.trips {
					t.Errorf("%d round trips in a row, want %d", got, o.trips)
				}
			})
		})
	}
}

// An organization's size shows in its listing only.
func TestAChangeTakesTheSameRequestsInALargeOrganization(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{renaming, giving(bob, org.Admin), removing(eve), inviting, leaving(ann), resending, accepting(dan)} {
		small, large := newScene(t), newScene(t)
		var rows []storetest.Row
		for i := range 100 {
			rows = append(rows, storetest.Invited(large.Person(fmt.Sprintf("p%d", i)), org.Technical))
		}
		large.Invite(large.acme, rows...)
		for _, s := range []*scene{small, large} {
			if err := p(t, s)(); err != nil {
				t.Fatal(err)
			}
		}
		if a, b := len(small.Faults.Calls("")), len(large.Faults.Calls("")); a != b {
			t.Errorf("%d requests in a small organization, %d in a large one", a, b)
		}
	}
}

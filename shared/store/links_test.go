package store_test

import (
	"errors"
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// proof is the hash of the state token that Eve got for her link.
const proof id.Hash = "proof"

func state(s *scene) storetest.Key { return storetest.StateKey(s.acme, proof) }

// lookLink is what somebody's link leads to.
func (s *scene) lookLink(t *testing.T, w who) store.Seen {
	t.Helper()
	seen, _, err := s.DB.LookLink(s.ctx, org.Link{Org: s.acme, Member: org.MemberOf(s.acme, w(s).Address)}, proof)
	if err != nil {
		t.Fatal(err)
	}
	seen.Caller = account.Caller{IP: "192.0.2.1", UserAgent: "test", RequestID: "rq"}
	return seen
}

func validating(t *testing.T, s *scene) func() error {
	seen := s.lookLink(t, eve)
	return func() error { return s.DB.PutState(s.ctx, seen, proof) }
}

// relinked is an invitation whose link is not the one of the look.
func relinked(w who) []move {
	return []move{
		{"another link was sent", changed(w.mail, storetest.Item{"link": "another"})},
		{"the link died with another mail", changed(w.mail, storetest.Item{"link": nil})},
		{"the invitation was swept", dropped(w.mail)},
	}
}

func TestPutStateIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, validating, ended, relinked(eve), []move{
		{"that token exists", func(s *scene) { s.Put(state(s), storetest.Item{"ttl": 1}) }},
	})
}

func TestPutStateKeepsATokenForFiveMinutes(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, validating(t, s), `
+ ORG#acme STATE#proof
    expires_at=T+5m0s link="link of eve" member=eve@acme ttl=T+5m0s
`)
}

// accepting is the plan of somebody with an account to accept the invitation to acme.
func accepting(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.lookInvited(t, w(s))
		return func() error { return s.DB.Accept(s.ctx, seen) }
	}
}

// stale invites Gus, whose account is locked to a deleted organization.
func stale(p plan) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Invite(s.acme, storetest.Invited(s.gus, org.Technical))
		return p(t, s)
	}
}

var expired = []move{{"its time is over", func(s *scene) {
	past := storetest.Item{"expires_at": storetest.Stamp(storetest.Start)}
	s.Set(who(dan).mail(s), past)
	s.Set(who(eve).mail(s), past)
}}}

func TestAcceptIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, accepting(dan), ended, replaced(dan), remailed(dan), expired, unclaimable(dan))
	refusals(t, stale(accepting(gus)), bound(gus))
}

func TestAcceptMakesTheRowAMember(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, accepting(dan)(t, s), `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=dan agent=test id=* ip=192.0.2.1 objects=[
        {id=dan@acme initial={status=PROVISIONED} name=dan result={status=ACTIVE} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
- EMAIL#dan@example.com INVITED#acme
- ORG#acme INVITATION#dan@acme
~ ACCOUNT#dan ACCOUNT
    org_id=acme
~ ORG#acme MEMBER#dan@acme
    account=dan first_name=Dan last_name=Smith status=ACTIVE -expires_at -invited_by
~ ORG#acme ORG
    admins=3
`)
}

func TestAcceptOfATechnicalLeavesTheAdminsAlone(t *testing.T) {
	t.Parallel()
	refusals(t, stale(accepting(gus)), ended)
	s := newScene(t)
	does(t, s, stale(accepting(gus))(t, s), `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=gus agent=test id=* ip=192.0.2.1 objects=[
        {id=gus@acme initial={status=PROVISIONED} name=gus result={status=ACTIVE} type=organization_member}] request_id=rq role=Technical timestamp=T ttl=T+365d
- EMAIL#gus@example.com INVITED#acme
- ORG#acme INVITATION#gus@acme
~ ACCOUNT#gus ACCOUNT
    org_id=acme
~ ORG#acme MEMBER#gus@acme
    account=gus first_name=Gus last_name=Smith status=ACTIVE -expires_at -invited_by
`)
}

func TestAcceptTakesAnAccountThatIsLockedToTheOrganizationAlready(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Set(who(dan).account(s), storetest.Item{"org_id": string(s.acme)})
	if err := accepting(dan)(t, s)(); err != nil {
		t.Fatal(err)
	}
	if broken := s.Dump().Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}

// activating is the plan of somebody who followed their link to become a member; known says that
// the table has their account already.
func activating(w who, known bool) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Put(state(s), storetest.Item{"member": "m", "link": "link of " + string(w(s).ID), "ttl": storetest.Start.Unix()})
		seen := s.lookLink(t, w)
		var before account.Account
		if known {
			before = s.account(t, w(s))
		}
		after := account.Account{ID: w(s).ID, Address: w(s).Address, First: "New", Last: "Name", TOS: true, Marketing: true}
		return func() error { return s.DB.Activate(s.ctx, seen, proof, before, after) }
	}
}

var usedUp = []move{{"the state token is gone", dropped(state)}}

func TestActivateOfANewAccountIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, activating(eve, false), ended, replaced(eve), relinked(eve), expired, usedUp, []move{
		{"the account appeared", func(s *scene) { s.Put(who(eve).account(s), storetest.Item{"email": string(s.eve.Address)}) }},
	})
}

func TestActivateOfAnAccountIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, activating(dan, true), ended, replaced(dan), relinked(dan), expired, usedUp, unclaimable(dan))
	refusals(t, stale(activating(gus, true)), bound(gus))
}

func TestActivateMakesAnAccountAndItsMembership(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, activating(eve, false)(t, s), `
+ ACCOUNT#eve ACCOUNT
    email=Eve@Example.com first_name=New last_name=Name marketing=true org_id=acme tos=true
+ EMAIL#eve@example.com ACCOUNT
    sub=eve
+ ORG#acme EVENT#T#*
    action=UPDATE actor=eve agent=test id=* ip=192.0.2.1 objects=[
        {id=eve@acme initial={status=PROVISIONED} name=eve result={status=ACTIVE} type=organization_member}] request_id=rq role=Technical timestamp=T ttl=T+365d
- EMAIL#eve@example.com INVITED#acme
- ORG#acme INVITATION#eve@acme
- ORG#acme STATE#proof
~ ORG#acme MEMBER#eve@acme
    account=eve first_name=New last_name=Name status=ACTIVE -expires_at -invited_by
`)
}

func TestActivateOfAnAccountGivesItTheNewNames(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, activating(dan, true)(t, s), `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=dan agent=test id=* ip=192.0.2.1 objects=[
        {id=dan@acme initial={status=PROVISIONED} name=dan result={status=ACTIVE} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
- EMAIL#dan@example.com INVITED#acme
- ORG#acme INVITATION#dan@acme
- ORG#acme STATE#proof
~ ACCOUNT#dan ACCOUNT
    first_name=New last_name=Name marketing=true org_id=acme
~ ORG#acme MEMBER#dan@acme
    account=dan first_name=New last_name=Name status=ACTIVE -expires_at -invited_by
~ ORG#acme ORG
    admins=3
`)
}

// An operator gives a user another address and a temporary password; invited there, they activate.
func TestActivateOfAnAccountUnderAnotherAddressLeavesNothingAtTheOldOne(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	plan := activating(dan, true)(t, s)
	s.Set(who(dan).account(s), storetest.Item{"email": "Old@Example.com"})
	s.Drop(storetest.AddressKey(s.dan.Address))
	s.Put(storetest.AddressKey("old@example.com"), storetest.Item{"sub": "dan"})
	if err := plan(); !errors.Is(err, store.ErrMoved) {
		t.Errorf("with an address that is not the one seen: %v", err)
	}
	if err := activating(dan, true)(t, s)(); err != nil {
		t.Fatal(err)
	}
	if i := s.Get(storetest.AddressKey("old@example.com")); i != nil {
		t.Errorf("the old address still leads to %v", i["sub"])
	}
	if i := s.Get(storetest.AddressKey(s.dan.Address)); i["sub"] != "dan" {
		t.Errorf("the new address leads to %v", i)
	}
}

// declining is the plan of somebody to decline the invitation to acme.
func declining(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.lookInvited(t, w(s))
		return func() error { return s.DB.Decline(s.ctx, seen) }
	}
}

func TestDeclineIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, declining(dan), ended, replaced(dan), remailed(dan))
}

func TestDeclineRemovesTheInvitation(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Clock.Move(30 * 24 * time.Hour) // whether its time is over or not
	does(t, s, declining(dan)(t, s), `
+ ORG#acme EVENT#T+30d#*
    action=DELETE actor=dan agent=test id=* ip=192.0.2.1 objects=[
        {id=dan@acme initial={role=Admin} name=dan result=<nil> type=organization_member}] request_id=rq role="" timestamp=T+30d ttl=T+395d
- EMAIL#dan@example.com INVITED#acme
- ORG#acme INVITATION#dan@acme
- ORG#acme MEMBER#dan@acme
`)
}

func TestDecliningALinkedOrganizationKeepsOut(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Link(s.acme, "c1")
	if err := declining(dan)(t, s)(); err != nil {
		t.Fatal(err)
	}
	if s.Get(storetest.RemovedKey(s.acme, s.dan.Address)) == nil {
		t.Error("nothing keeps them out")
	}
}

// A token outlives a change of its account's address by minutes.
func TestAnInvitationToAnAddressThatTheAccountHasNotIsNobodysToAnswer(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if _, err := s.DB.Ensure(s.ctx, s.dan.ID, "Dean@Example.com", "", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.LookInvitation(s.ctx, s.dan.Caller(), s.acme); !errors.Is(err, org.ErrNotAddressee) {
		t.Errorf("error %v, want ErrNotAddressee", err)
	}
}

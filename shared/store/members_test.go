package store_test

import (
	"errors"
	"testing"

	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// giving is Ann's plan to give somebody another role.
func giving(w who, to org.Role) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.look(t, s.ann, w(s))
		return func() error {
			_, err := s.DB.ChangeRole(s.ctx, seen, seen.Row(), to)
			return err
		}
	}
}

func TestMakingAMemberAnAdminIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, giving(bob, org.Admin), ended, dethroned(ann), replaced(bob))
}

func TestDemotingAnAdminIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, giving(cat, org.Technical), ended, dethroned(ann), replaced(cat), lonely)
}

func TestChangingTheRoleOfSomebodyInvitedIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, giving(eve, org.Admin), ended, dethroned(ann), replaced(eve))
}

func TestChangeRoleCountsTheActiveAdmins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who  who
		to   org.Role
		want string
	}{
		"one more": {bob, org.Admin, `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=bob@acme initial={role=Technical} name=bob result={role=Admin} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
~ ORG#acme MEMBER#bob@acme
    role=Admin
~ ORG#acme ORG
    admins=3
`},
		"one less": {cat, org.Technical, `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=cat@acme initial={role=Admin} name=cat result={role=Technical} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
~ ORG#acme MEMBER#cat@acme
    role=Technical
~ ORG#acme ORG
    admins=1
`},
		"nobody who is only invited": {eve, org.Admin, `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=eve@acme initial={role=Technical} name=Eve@Example.com result={role=Admin} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
~ ORG#acme MEMBER#eve@acme
    role=Admin
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			does(t, s, giving(c.who, c.to)(t, s), c.want)
		})
	}
}

func TestChangeRoleReturnsTheRowAsItIsThen(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seen := s.look(t, s.ann, s.eve)
	row, err := s.DB.ChangeRole(s.ctx, seen, seen.Row(), org.Admin)
	if err != nil {
		t.Fatal(err)
	}
	if again := s.look(t, s.ann, s.eve); row != again.Row() {
		t.Errorf("returned %+v, the table has %+v", row, again.Row())
	}
}

// removing is Ann's plan to remove somebody.
func removing(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.look(t, s.ann, w(s))
		return func() error { return s.DB.Remove(s.ctx, seen, seen.Row()) }
	}
}

func TestRemovingATechnicalIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, removing(bob), ended, dethroned(ann), replaced(bob), unlocked(bob), []move{
		{"a mail to them was queued", func(s *scene) { s.Put(who(bob).mail(s), storetest.Item{"mail": "m"}) }},
	})
}

func TestRemovingAnAdminIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, removing(cat), ended, dethroned(ann), replaced(cat), unlocked(cat), lonely)
}

func TestRevokingAnInvitationIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, removing(eve), ended, dethroned(ann), replaced(eve), remailed(eve))
}

func TestRemoveTakesAMemberOutAndFreesTheAccount(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, removing(cat)(t, s), `
+ ORG#acme EVENT#T#*
    action=DELETE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=cat@acme initial={role=Admin} name=cat result=<nil> type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
- ORG#acme MEMBER#cat@acme
~ ACCOUNT#cat ACCOUNT
    -org_id
~ ORG#acme ORG
    admins=1
`)
}

func TestRemoveRevokesAnInvitation(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, removing(dan)(t, s), `
+ ORG#acme EVENT#T#*
    action=DELETE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=dan@acme initial={role=Admin} name=Dan@Example.com result=<nil> type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
- EMAIL#dan@example.com INVITED#acme
- ORG#acme INVITATION#dan@acme
- ORG#acme MEMBER#dan@acme
`)
}

func TestRemoveRevokesAnInvitationThatWasSwept(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Drop(who(eve).mail(s))
	does(t, s, removing(eve)(t, s), `
+ ORG#acme EVENT#T#*
    action=DELETE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=eve@acme initial={role=Technical} name=Eve@Example.com result=<nil> type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
- EMAIL#eve@example.com INVITED#acme
- ORG#acme MEMBER#eve@acme
`)
}

func TestRemovingFromALinkedOrganizationKeepsOut(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]who{"a member": bob, "somebody invited": eve} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.Link(s.acme, "c1")
			if err := removing(w)(t, s)(); err != nil {
				t.Fatal(err)
			}
			if s.Get(storetest.RemovedKey(s.acme, w(s).Address)) == nil {
				t.Error("nothing keeps them out")
			}
		})
	}
}

// Two Admins who demote each other: whoever comes second is no Admin any more.
func TestOfTwoAdminsWhoDemoteEachOtherOneStays(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	first, second := s.look(t, s.ann, s.cat), s.look(t, s.cat, s.ann)
	if _, err := s.DB.ChangeRole(s.ctx, first, first.Row(), org.Technical); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.ChangeRole(s.ctx, second, second.Row(), org.Technical); !errors.Is(err, store.ErrMoved) {
		t.Errorf("error %v, want ErrMoved", err)
	}
	if broken := s.Dump().Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}

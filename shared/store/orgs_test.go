package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// creating is the plan of somebody to make the organization nova.
func creating(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		a, nova := s.account(t, w(s)), s.OrgID("nova")
		return func() error {
			_, err := s.DB.CreateOrg(s.ctx, w(s).Caller(), a, org.Org{ID: nova, Name: "Nova"})
			return err
		}
	}
}

func TestCreateOrgIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, creating(fox), unclaimable(fox), []move{
		{"an organization of that id appeared", func(s *scene) { s.Put(storetest.OrgKey(s.OrgID("nova")), storetest.Item{"name": "Nova"}) }},
		{"a row of that person appeared", func(s *scene) {
			s.Put(storetest.MemberKey(s.OrgID("nova"), s.fox.Address), storetest.Item{"status": "ACTIVE"})
		}},
	})
	refusals(t, creating(gus), bound(gus))
}

func TestCreateOrgMakesItsFounderTheAdmin(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, creating(fox)(t, s), `
+ ORG#nova EVENT#T#*
    action=CREATE actor=fox agent=test id=* ip=192.0.2.1 objects=[
        {id=fox@nova initial=<nil> name=fox result={role=Admin status=ACTIVE} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#nova EVENT#T#*
    action=CREATE actor=fox agent=test id=* ip=192.0.2.1 objects=[
        {id=nova initial=<nil> name=Nova result={name=Nova} type=organization}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#nova MEMBER#fox@nova
    account=fox email=Fox@Example.com first_name=Fox last_name=Smith role=Admin status=ACTIVE
+ ORG#nova ORG
    admins=1 created_at=T name=Nova tier=REGISTERED updated_at=T
~ ACCOUNT#fox ACCOUNT
    org_id=nova
`)
}

func TestCreateOrgReturnsWhatALookFinds(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	made, err := s.DB.CreateOrg(s.ctx, s.fox.Caller(), s.account(t, s.fox), org.Org{ID: s.OrgID("nova"), Name: "Nova"})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := s.DB.Mine(s.ctx, s.fox.Caller())
	if diff := cmp.Diff(made, seen.Org); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestCreateOrgTakesAnAccountOutOfADeletedOrganization(t *testing.T) {
	t.Parallel()
	for name, purge := range map[string]func(*scene){
		"that is still being purged": func(*scene) {},
		"that was purged meanwhile":  dropped(func(s *scene) storetest.Key { return storetest.OrgKey(s.gone) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			change := creating(gus)(t, s)
			purge(s)
			if err := change(); err != nil {
				t.Fatal(err)
			}
			if lock := s.Get(storetest.AccountKey("gus"))["org_id"]; lock != string(s.OrgID("nova")) {
				t.Errorf("the account is locked to %v", lock)
			}
		})
	}
}

func renaming(t *testing.T, s *scene) func() error {
	seen := s.look(t, s.ann)
	return func() error {
		_, err := s.DB.Rename(s.ctx, seen, "Acme & Sons")
		return err
	}
}

func TestRenameIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, renaming, ended, dethroned(ann), []move{
		{"the organization got another name", changed(acme, storetest.Item{"name": "Other"})},
		{"the organization was linked to a customer", changed(acme, storetest.Item{"customer": "c1"})},
	})
}

func TestRenameChangesTheName(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, renaming(t, s), `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=acme initial={name=acme} name="Acme & Sons" result={name="Acme & Sons"} type=organization}] request_id=rq role=Admin timestamp=T ttl=T+365d
~ ORG#acme ORG
    name="Acme & Sons" updated_at=T
`)
}

func deleting(t *testing.T, s *scene) func() error {
	seen := s.look(t, s.ann)
	return func() error { return s.DB.DeleteOrg(s.ctx, seen) }
}

func TestDeleteOrgIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, deleting, ended, dethroned(ann))
}

func TestDeleteOrgOnlyMarksIt(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, deleting(t, s), `
~ ORG#acme ORG
    deleted_at=T
`)
}

func leaving(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.look(t, w(s))
		return func() error { return s.DB.Leave(s.ctx, seen) }
	}
}

// unlocked is an account whose lock is not acme's any more.
func unlocked(w who) []move {
	return []move{
		{"the account is in another organization", func(s *scene) {
			s.Set(w.account(s), storetest.Item{"org_id": string(s.beta)})
		}},
		{"the account is in none", changed(w.account, storetest.Item{"org_id": nil})},
		{"the account is gone", dropped(w.account)},
	}
}

// lonely is an organization with one Admin less than the look saw.
var lonely = []move{{"the other Admin went", changed(acme, storetest.Item{"admins": 1})}}

func TestLeaveOfAnAdminIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, leaving(ann), ended, replaced(ann), unlocked(ann), lonely)
}

func TestLeaveOfATechnicalIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, leaving(bob), ended, replaced(bob), unlocked(bob))
}

func TestLeaveOfAnAdminFreesTheAccount(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, leaving(ann)(t, s), `
+ ORG#acme EVENT#T#*
    action=DELETE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=ann@acme initial={role=Admin} name=ann result=<nil> type=organization_member}] request_id=rq role="" timestamp=T ttl=T+365d
- ORG#acme MEMBER#ann@acme
~ ACCOUNT#ann ACCOUNT
    -org_id
~ ORG#acme ORG
    admins=1
`)
}

func TestLeavingALinkedOrganizationKeepsOut(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Link(s.acme, "c1")
	s.Put(who(bob).mail(s), storetest.Item{"mail": "m", "joined": true, "expires_at": storetest.Stamp(storetest.Start), "ttl": storetest.Start.Unix()})
	does(t, s, leaving(bob)(t, s), `
+ ORG#acme EVENT#T#*
    action=DELETE actor=bob agent=test id=* ip=192.0.2.1 objects=[
        {id=bob@acme initial={role=Technical} name=bob result=<nil> type=organization_member}] request_id=rq role="" timestamp=T ttl=T+365d
+ ORG#acme REMOVED#bob@acme
- ORG#acme INVITATION#bob@acme
- ORG#acme MEMBER#bob@acme
~ ACCOUNT#bob ACCOUNT
    -org_id
`)
}

package store_test

import (
	"testing"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// heeding is the plan to call acme, which is c1's, as the CRM does now, where Fox's account remembers
// that the CRM did not know it.
func heeding(t *testing.T, s *scene) func() error {
	s.Link(s.acme, "c1")
	s.Set(who(fox).account(s), storetest.Item{"crm_checked_at": "2026-01-01T00:00:00.000000Z"})
	seen := s.contact(t, fox)
	return func() error { _, err := s.DB.Heed(s.ctx, seen, "Acme Ltd"); return err }
}

func TestTheCRMsWordNamesTheOrganization(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, heeding(t, s), `
+ ORG#acme EVENT#T#*
    action=UPDATE actor="" agent=crm id=* ip=192.0.2.9 objects=[
        {id=acme initial={name=acme} name="Acme Ltd" result={name="Acme Ltd"} type=organization}] request_id=rq role="" timestamp=T ttl=T+365d
~ ACCOUNT#fox ACCOUNT
    -crm_checked_at
~ ORG#acme ORG
    name="Acme Ltd" updated_at=T
`)
	seen := s.contact(t, fox)
	does(t, s, func() error { _, err := s.DB.Heed(s.ctx, seen, "Acme Ltd"); return err }, "\n")
}

func TestACallerCarriesTheCRMsWordAndDoesNotSayIt(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Link(s.acme, "c1")
	seen := s.company(t, bob)
	does(t, s, func() error {
		o, err := s.DB.Heed(s.ctx, seen, "Acme Ltd")
		if o.Name != "Acme Ltd" || o.Updated != seen.At {
			t.Errorf("organization %+v", o)
		}
		return err
	}, `
+ ORG#acme EVENT#T#*
    action=UPDATE actor="" agent="" id=* ip="" objects=[
        {id=acme initial={name=acme} name="Acme Ltd" result={name="Acme Ltd"} type=organization}] request_id=rq role="" timestamp=T ttl=T+365d
~ ORG#acme ORG
    name="Acme Ltd" updated_at=T
`)
}

func TestHeedingIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, heeding, ended, []move{
		{"it got another name", changed(acme, storetest.Item{"name": "Other"})},
		{"it is another company's", changed(acme, storetest.Item{"customer": "c2"})},
		{"it is nobody's", changed(acme, storetest.Item{"customer": nil})},
		{"the account has another address", changed(who(fox).account, storetest.Item{"email": "Other@Example.com"})},
		{"the account is gone", dropped(who(fox).account)},
	})
}

// joiningRenamed joins under the company's new name.
func joiningRenamed(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Link(s.acme, "c1")
		seen := s.company(t, w)
		return func() error { _, err := s.DB.Join(s.ctx, seen, org.Technical, "Acme Ltd"); return err }
	}
}

func TestWhoJoinsBringsTheCompanysNewName(t *testing.T) {
	t.Parallel()
	for _, w := range []who{fox, dan} {
		s := newScene(t)
		if err := joiningRenamed(w)(t, s)(); err != nil {
			t.Fatal(err)
		}
		if o := s.Get(acme(s)); o["name"] != "Acme Ltd" || s.number(o["entries"]) != 1 || s.Dump().Broken() != nil {
			t.Errorf("the organization is %v, broken %q", o, s.Dump().Broken())
		}
		refusals(t, joiningRenamed(w), ended, unlinked, []move{{"it got another name", changed(acme, storetest.Item{"name": "Other"})}})
	}
}

func TestAnInvitationOfTheCRMBringsTheNewName(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	heeding(t, s)
	seen := s.contact(t, fox)
	o := seen.Org
	o.Name = "Acme Ltd"
	if err := s.DB.Onboard(s.ctx, seen, o, s.fox.Address, org.Technical, "the CRM"); err != nil {
		t.Fatal(err)
	}
	if got := s.Get(acme(s))["name"]; got != "Acme Ltd" || s.Get(who(fox).account(s))["crm_checked_at"] != nil || s.Dump().Broken() != nil {
		t.Errorf("it is called %v, the account is %v, broken %q", got, s.Get(who(fox).account(s)), s.Dump().Broken())
	}
}

// returning is the plan of Fox to come back to an organization in which nobody is Admin any more, which
// they were removed from.
func returning(t *testing.T, s *scene) func() error {
	s.Put(storetest.RemovedKey(hollow(s), s.fox.Address), nil)
	seen := s.company(t, fox)
	return join(s, seen, org.Technical)
}

func TestWhoComesBackWhereNobodyIsAdminIsKeptOutNoMore(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, returning(t, s), `
+ ORG#hollow EVENT#T#*
    action=CREATE actor=fox agent=test id=* ip=192.0.2.1 objects=[
        {id=fox@hollow initial=<nil> name=fox result={role=Admin status=ACTIVE} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#hollow MEMBER#fox@hollow
    account=fox email=Fox@Example.com first_name=Fox last_name=Smith role=Admin status=ACTIVE
- ORG#hollow REMOVED#fox@hollow
~ ACCOUNT#fox ACCOUNT
    org_id=hollow
~ ORG#hollow ORG
    admins=1 entries=1
`)
	at := func(s *scene) storetest.Key { return storetest.OrgKey(s.OrgID("hollow")) }
	refusals(t, returning, unclaimable(fox), []move{
		{"another became Admin", changed(at, storetest.Item{"admins": 1})},
		{"the mark is gone", func(s *scene) { s.Drop(storetest.RemovedKey(s.OrgID("hollow"), s.fox.Address)) }},
	})
}

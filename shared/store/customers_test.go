package store_test

import (
	"errors"
	"testing"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// company is what somebody's look at the company c1 sees.
func (s *scene) company(t *testing.T, w who) store.Company {
	t.Helper()
	seen, err := s.DB.LookCompany(s.ctx, w(s).Caller(), "c1")
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// founding is the plan of a contact to make the organization nova for c1, as its first.
func founding(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.company(t, w)
		return func() error {
			_, err := s.DB.Found(s.ctx, seen, org.Org{ID: s.OrgID("nova"), Name: "Nova"})
			return err
		}
	}
}

func c1(*scene) storetest.Key { return storetest.CustomerKey("c1") }

// behind is a plan in a scene where c1 still leads to an organization that was deleted.
func behind(p plan) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Put(c1(s), storetest.Item{"org": string(s.gone)})
		return p(t, s)
	}
}

func TestFoundingIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, founding(fox), unclaimable(fox), []move{
		{"the company got an organization", func(s *scene) { s.Put(c1(s), storetest.Item{"org": string(s.beta)}) }},
	})
	refusals(t, founding(gus), bound(gus))
	refusals(t, behind(founding(fox)), []move{
		{"the company's deleted organization lives again", func(s *scene) {
			s.Set(storetest.OrgKey(s.gone), storetest.Item{"deleted_at": nil})
		}},
		{"the company got another organization behind the deleted one", changed(c1, storetest.Item{"org": "another"})},
		{"the company lost the deleted one", dropped(c1)},
	})
}

func TestFoundingLinksTheCompany(t *testing.T) {
	t.Parallel()
	const want = `
+ ORG#nova EVENT#T#*
    action=CREATE actor=fox agent=test id=* ip=192.0.2.1 objects=[
        {id=fox@nova initial=<nil> name=fox result={role=Admin status=ACTIVE} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#nova EVENT#T#*
    action=CREATE actor=fox agent=test id=* ip=192.0.2.1 objects=[
        {id=nova initial=<nil> name=Nova result={name=Nova} type=organization}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#nova MEMBER#fox@nova
    account=fox email=Fox@Example.com first_name=Fox last_name=Smith role=Admin status=ACTIVE
+ ORG#nova ORG
    admins=1 created_at=T customer=c1 name=Nova tier=PAID updated_at=T
~ ACCOUNT#fox ACCOUNT
    org_id=nova
`
	s := newScene(t)
	does(t, s, founding(fox)(t, s), "\n+ CUSTOMER#c1 CUSTOMER\n    org=nova"+want)
	s = newScene(t)
	does(t, s, behind(founding(fox))(t, s), want+"~ CUSTOMER#c1 CUSTOMER\n    org=nova\n")
}

// joining is the plan of a contact to join acme, which is c1's, as Technical.
func joining(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Link(s.acme, "c1")
		seen := s.company(t, w)
		return join(s, seen, org.Technical)
	}
}

func join(s *scene, seen store.Company, r org.Role) func() error {
	return func() error { _, err := s.DB.Join(s.ctx, seen, r, seen.Org.Name); return err }
}

// unlinked is a company that does not lead to acme any more.
var unlinked = []move{
	{"the company leads to another organization", changed(c1, storetest.Item{"org": "another"})},
	{"the company leads to none", dropped(c1)},
}

func TestJoiningIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, joining(fox), ended, unlinked, unclaimable(fox), []move{
		{"they got a row", func(s *scene) {
			s.Put(storetest.MemberKey(s.acme, s.fox.Address), storetest.Item{"status": "PROVISIONED"})
		}},
		{"they were removed", func(s *scene) { s.Put(storetest.RemovedKey(s.acme, s.fox.Address), nil) }},
		{"the last Admin was taken out", changed(acme, storetest.Item{"admins": 0})},
	})
	refusals(t, joining(dan), ended, unlinked, replaced(dan), remailed(dan), unclaimable(dan))
}

func TestJoiningMakesTheAccountAMember(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, joining(fox)(t, s), `
+ ORG#acme EVENT#T#*
    action=CREATE actor=fox agent=test id=* ip=192.0.2.1 objects=[
        {id=fox@acme initial=<nil> name=fox result={role=Technical status=ACTIVE} type=organization_member}] request_id=rq role=Technical timestamp=T ttl=T+365d
+ ORG#acme MEMBER#fox@acme
    account=fox email=Fox@Example.com first_name=Fox last_name=Smith role=Technical status=ACTIVE
~ ACCOUNT#fox ACCOUNT
    org_id=acme
~ ORG#acme ORG
    entries=1
`)
}

func TestJoiningWithAnInvitationUsesItUp(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Link(s.acme, "c1")
	seen := s.company(t, dan)
	does(t, s, join(s, seen, org.Admin), `
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
    admins=3 entries=1
`)
}

// hollow makes an organization of c1 in which nobody is ACTIVE, and Dan is invited as Technical.
func hollow(s *scene) org.ID {
	o := s.Org("hollow", storetest.Invited(s.dan, org.Technical))
	s.Link(o, "c1")
	return o
}

// entering are the ways into an organization without Admin.
func entering() map[string]plan {
	return map[string]plan{
		"a contact joins": func(t *testing.T, s *scene) func() error {
			hollow(s)
			seen := s.company(t, fox)
			return join(s, seen, org.Technical)
		},
		"somebody invited joins": func(t *testing.T, s *scene) func() error {
			hollow(s)
			seen := s.company(t, dan)
			return join(s, seen, org.Technical)
		},
		"somebody invited accepts": func(t *testing.T, s *scene) func() error {
			seen, err := s.DB.LookInvitation(s.ctx, s.dan.Caller(), hollow(s))
			if err != nil {
				t.Fatal(err)
			}
			return func() error { return s.DB.Accept(s.ctx, seen) }
		},
	}
}

func TestWhoeverEntersAnOrganizationWithoutAdminBecomesOne(t *testing.T) {
	t.Parallel()
	for name, p := range entering() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if err := p(t, s)(); err != nil {
				t.Fatal(err)
			}
			if o := s.Get(storetest.OrgKey(s.OrgID("hollow"))); s.number(o["admins"]) != 1 || s.number(o["entries"]) != 1 {
				t.Errorf("the organization is %v", o)
			}
			if broken := s.Dump().Broken(); broken != nil {
				t.Errorf("broken: %q", broken)
			}
		})
		t.Run(name+", refused", func(t *testing.T) {
			refusals(t, p, []move{{"another became Admin", func(s *scene) {
				s.Set(storetest.OrgKey(s.OrgID("hollow")), storetest.Item{"admins": 1})
			}}})
		})
	}
}

func TestALookAtACompanySeesWhoStaysOutAndWhoIsElsewhere(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Link(s.acme, "c1")
	s.Put(storetest.RemovedKey(s.acme, s.fox.Address), nil)
	if seen := s.company(t, fox); !seen.KeptOut || seen.Elsewhere.Live() || seen.Org.ID != s.acme || seen.Row().Member.Exists() {
		t.Errorf("Fox: %+v", seen)
	}
	if seen := s.company(t, hal); seen.KeptOut || seen.Elsewhere.ID != s.beta {
		t.Errorf("Hal: %+v", seen)
	}
	if seen := s.company(t, bob); seen.Elsewhere.Live() || !seen.Row().Member.Is(s.bob.ID) {
		t.Errorf("Bob: %+v", seen)
	}
	if seen := s.company(t, gus); seen.Elsewhere.Live() {
		t.Errorf("Gus: %+v", seen)
	}
	s.Set(storetest.AccountKey("fox"), storetest.Item{"closed": true})
	if _, err := s.DB.LookCompany(s.ctx, s.fox.Caller(), "c1"); !errors.Is(err, account.ErrRevoked) {
		t.Errorf("a closed account: %v", err)
	}
}

func TestDeletingALinkedOrganizationFreesTheCompany(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]func(*scene){"": func(*scene) {}, "without its link": dropped(c1)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.Link(s.acme, "c1")
			change := deleting(t, s)
			link(s)
			if err := change(); err != nil || s.Get(c1(s)) != nil {
				t.Errorf("error %v, the link is %v", err, s.Get(c1(s)))
			}
		})
	}
	refusals(t, func(t *testing.T, s *scene) func() error {
		s.Link(s.acme, "c1")
		return deleting(t, s)
	}, unlinked[:1])
}

func TestThatSomebodyIsNoContactIsKeptUntilTheirAddressChanges(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a := s.account(t, s.fox)
	does(t, s, func() error { return s.DB.NoteNoContact(s.ctx, a) }, `
~ ACCOUNT#fox ACCOUNT
    crm_checked_at=T
`)
	if got := s.account(t, s.fox); !got.IsNoContact(s.DB.Now()) {
		t.Errorf("account %+v", got)
	}
	if _, err := s.DB.Ensure(s.ctx, "fox", "FOX@example.com", "", ""); err != nil || s.Get(storetest.AccountKey("fox"))["crm_checked_at"] == nil {
		t.Errorf("in other letters it is forgotten, error %v", err)
	}
	if _, err := s.DB.Ensure(s.ctx, "fox", "other@example.com", "", ""); err != nil || s.Get(storetest.AccountKey("fox"))["crm_checked_at"] != nil {
		t.Errorf("of another address it is kept, error %v", err)
	}
	refusals(t, func(t *testing.T, s *scene) func() error {
		a := s.account(t, s.fox)
		return func() error { return s.DB.NoteNoContact(s.ctx, a) }
	}, []move{
		{"the account has another address", changed(who(fox).account, storetest.Item{"email": "Other@Example.com"})},
		{"the account was closed", changed(who(fox).account, storetest.Item{"closed": true})},
		{"the account is gone", dropped(who(fox).account)},
	})
}

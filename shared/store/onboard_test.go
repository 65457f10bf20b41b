package store_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

func (s *scene) number(v any) int64 {
	n, _ := v.(attributevalue.Number)
	i, _ := n.Int64()
	return i
}

// contact is what a look at a contact of c1 sees.
func (s *scene) contact(t *testing.T, w who) store.Company {
	t.Helper()
	seen, err := s.DB.LookContact(s.ctx, account.Caller{IP: "192.0.2.9", UserAgent: "crm", RequestID: "rq"}, "c1", w(s).Address)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// onboarding is the CRM's plan to invite somebody to c1's organization, acme or, where it has none, nova.
func onboarding(w who, linked bool) plan {
	return func(t *testing.T, s *scene) func() error {
		o := org.Org{ID: s.OrgID("nova"), Name: "Nova"}
		if linked {
			s.Link(s.acme, "c1")
		}
		seen := s.contact(t, w)
		if linked {
			o = seen.Org
		}
		return func() error { return s.DB.Onboard(s.ctx, seen, o, w(s).Address, org.Technical, "the CRM") }
	}
}

func TestOnboardingIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, onboarding(fox, true), ended, unlinked, []move{
		{"they got a row", func(s *scene) {
			s.Put(storetest.MemberKey(s.acme, s.fox.Address), storetest.Item{"status": "ACTIVE"})
		}},
	})
	refusals(t, onboarding(fox, false), []move{
		{"the company got an organization", func(s *scene) { s.Put(c1(s), storetest.Item{"org": string(s.beta)}) }},
	})
	refusals(t, onboarding(eve, true), ended, unlinked, replaced(eve), remailed(eve))
}

func TestOnboardingMakesAnOrganizationWithoutAdmin(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, onboarding(fox, false)(t, s), `
+ CUSTOMER#c1 CUSTOMER
    org=nova
+ EMAIL#fox@example.com INVITED#nova
+ ORG#nova EVENT#T#*
    action=CREATE actor="" agent=crm id=* ip=192.0.2.9 objects=[
        {id=fox@nova initial=<nil> name=Fox@Example.com result={role=Technical status=PROVISIONED} type=organization_member}] request_id=rq role="" timestamp=T ttl=T+365d
+ ORG#nova EVENT#T#*
    action=CREATE actor="" agent=crm id=* ip=192.0.2.9 objects=[
        {id=nova initial=<nil> name=Nova result={name=Nova} type=organization}] request_id=rq role="" timestamp=T ttl=T+365d
+ ORG#nova INVITATION#fox@nova
    delivery=queued expires_at=T+7d invited_by="the CRM" mail=* queued_at=T ttl=T+7d
+ ORG#nova MEMBER#fox@nova
    email=Fox@Example.com expires_at=T+7d first_name="" invited_by="the CRM" last_name="" role=Technical status=PROVISIONED
+ ORG#nova ORG
    admins=0 created_at=T customer=c1 name=Nova tier=PAID updated_at=T
`)
}

func TestOnboardingSendsAnInvitationThatIsOverAgain(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Clock.Move(org.InvitationLife)
	does(t, s, onboarding(eve, true)(t, s), `
~ ORG#acme INVITATION#eve@acme
    delivery=queued expires_at=T+14d invited_by="the CRM" mail=* queued_at=T+7d ttl=T+14d -link -sent_at
~ ORG#acme MEMBER#eve@acme
    expires_at=T+14d invited_by="the CRM"
`)
}

func TestOnboardingTakesTheMarkOfARemovedContactAway(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Put(storetest.RemovedKey(s.acme, s.fox.Address), nil)
	if err := onboarding(fox, true)(t, s)(); err != nil {
		t.Fatal(err)
	}
	if broken := s.Dump().Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}

// offboarding is the CRM's plan to take somebody out of acme, which is c1's.
func offboarding(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Link(s.acme, "c1")
		seen := s.contact(t, w)
		return func() error { return s.DB.Offboard(s.ctx, seen) }
	}
}

// last is a plan in a scene where Ann is alone in acme, but for those who are invited.
func last(p plan) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Drop(who(bob).row(s))
		s.Drop(who(cat).row(s))
		s.Set(acme(s), storetest.Item{"admins": 1})
		s.Set(storetest.AccountKey("bob"), storetest.Item{"org_id": nil})
		s.Set(storetest.AccountKey("cat"), storetest.Item{"org_id": nil})
		return p(t, s)
	}
}

func TestOffboardingIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, offboarding(bob), ended, replaced(bob))
	refusals(t, offboarding(ann), ended, replaced(ann), []move{
		{"the other Admin was demoted", changed(acme, storetest.Item{"admins": 1})},
	})
	refusals(t, offboarding(eve), ended, replaced(eve), remailed(eve))
	refusals(t, last(offboarding(ann)), ended, replaced(ann), []move{
		{"somebody entered", changed(acme, storetest.Item{"entries": 1})},
		{"somebody became Admin", changed(acme, storetest.Item{"admins": 2})},
	})
}

func TestOffboardingKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, offboarding(bob)(t, s), `
+ ORG#acme EVENT#T#*
    action=DELETE actor="" agent=crm id=* ip=192.0.2.9 objects=[
        {id=bob@acme initial={role=Technical} name=bob result=<nil> type=organization_member}] request_id=rq role="" timestamp=T ttl=T+365d
- ORG#acme MEMBER#bob@acme
~ ACCOUNT#bob ACCOUNT
    -org_id
`)
	s = newScene(t)
	change := last(offboarding(ann))(t, s)
	if alone, err := s.DB.Alone(s.ctx, s.acme, org.MemberOf(s.acme, s.ann.Address)); !alone || err != nil {
		t.Errorf("Ann is alone: %v, %v", alone, err)
	}
	if err := change(); err != nil || s.number(s.Get(acme(s))["admins"]) != 0 || s.Dump().Broken() != nil {
		t.Errorf("error %v, broken %q", err, s.Dump().Broken())
	}
}

func TestNobodyIsAloneAmongOthers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if alone, err := s.DB.Alone(s.ctx, s.acme, org.MemberOf(s.acme, s.ann.Address)); alone || err != nil {
		t.Errorf("Ann is alone: %v, %v", alone, err)
	}
}

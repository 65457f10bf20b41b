package store_test

import (
	"testing"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

const (
	perDay = 5
	today  = "2099-07-01"
)

// inviting is Ann's plan to invite somebody whom the table does not know, and somebody whom it does.
func inviting(t *testing.T, s *scene) func() error {
	kim := s.Person("kim")
	seen := s.look(t, s.ann, kim, s.fox)
	return func() error {
		return s.DB.Invite(s.ctx, seen, perDay, []store.Invitee{
			{Address: kim.Address, Role: org.Admin}, {Address: s.fox.Address, Role: org.Technical},
		})
	}
}

// spent is a day on which there is no room for n more mails.
func spent(n int) []move {
	return []move{{"the day's quota was spent meanwhile", func(s *scene) {
		s.Put(storetest.QuotaKey(s.acme, today), storetest.Item{"n": perDay - n + 1, "ttl": storetest.Start.Unix()})
	}}}
}

// present is somebody who got a row of acme.
func present(name string) move {
	return move{name + " got a row", func(s *scene) {
		s.Put(storetest.MemberKey(s.acme, s.Person(name).Address), storetest.Item{"status": "PROVISIONED"})
	}}
}

func TestInviteIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, inviting, ended, dethroned(ann), spent(2), []move{present("kim"), present("fox")})
}

func TestInviteAddsPendingRowsAndQueuesTheirMails(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, inviting(t, s), `
+ EMAIL#fox@example.com INVITED#acme
+ EMAIL#kim@example.com INVITED#acme
+ ORG#acme EVENT#T#*
    action=CREATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=fox@acme initial=<nil> name=Fox@Example.com result={role=Technical status=PROVISIONED} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#acme EVENT#T#*
    action=CREATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=kim@acme initial=<nil> name=Kim@Example.com result={role=Admin status=PROVISIONED} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#acme INVITATION#fox@acme
    delivery=queued expires_at=T+7d invited_by="Ann Smith" mail=* queued_at=T ttl=T+7d
+ ORG#acme INVITATION#kim@acme
    delivery=queued expires_at=T+7d invited_by="Ann Smith" mail=* queued_at=T ttl=T+7d
+ ORG#acme MEMBER#fox@acme
    email=Fox@Example.com expires_at=T+7d first_name="" invited_by="Ann Smith" last_name="" role=Technical status=PROVISIONED
+ ORG#acme MEMBER#kim@acme
    email=Kim@Example.com expires_at=T+7d first_name="" invited_by="Ann Smith" last_name="" role=Admin status=PROVISIONED
+ ORG#acme QUOTA#2099-07-01
    n=2 ttl=T+1d14h0m0s
`)
}

func TestInviteFillsTheQuotaToItsEnd(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Put(storetest.QuotaKey(s.acme, today), storetest.Item{"n": perDay - 2, "ttl": storetest.Start.Unix()})
	if err := inviting(t, s)(); err != nil {
		t.Fatal(err)
	}
	if seen := s.look(t, s.ann); seen.Queued != perDay {
		t.Errorf("%d mails of the day, want %d", seen.Queued, perDay)
	}
}

func TestInviteLetsAContactIntoALinkedOrganizationAgain(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Link(s.acme, "c1")
	s.Put(storetest.RemovedKey(s.acme, s.fox.Address), nil)
	if err := inviting(t, s)(); err != nil {
		t.Fatal(err)
	}
	if left := s.Dump().Of("REMOVED#"); len(left) > 0 {
		t.Errorf("still kept out: %v", left)
	}
}

// taking is Ann's plan to make somebody who has an account an Admin at once.
func taking(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen := s.look(t, s.ann, w(s))
		met, err := s.DB.Meet(s.ctx, s.acme, []account.Address{w(s).Address})
		if err != nil {
			t.Fatal(err)
		}
		if !met[0].Account.Known() || met[0].Elsewhere {
			t.Fatalf("met %+v", met[0])
		}
		return func() error {
			return s.DB.Invite(s.ctx, seen, perDay, []store.Invitee{{Address: w(s).Address, Role: org.Admin, Account: met[0].Account}})
		}
	}
}

func TestTakingAnAccountInIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, taking(fox), ended, dethroned(ann), spent(1), []move{present("fox")}, unclaimable(fox))
	refusals(t, taking(gus), bound(gus))
}

func TestInviteTakesAnAccountInAtOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, taking(fox)(t, s), `
+ ORG#acme EVENT#T#*
    action=CREATE actor=ann agent=test id=* ip=192.0.2.1 objects=[
        {id=fox@acme initial=<nil> name=fox result={role=Admin status=ACTIVE} type=organization_member}] request_id=rq role=Admin timestamp=T ttl=T+365d
+ ORG#acme INVITATION#fox@acme
    delivery=queued expires_at=T+7d invited_by="Ann Smith" joined=true mail=* queued_at=T ttl=T+7d
+ ORG#acme MEMBER#fox@acme
    account=fox email=Fox@Example.com first_name=Fox last_name=Smith role=Admin status=ACTIVE
+ ORG#acme QUOTA#2099-07-01
    n=1 ttl=T+1d14h0m0s
~ ACCOUNT#fox ACCOUNT
    org_id=acme
~ ORG#acme ORG
    admins=3
`)
}

func TestInviteTakesTwoAccountsOutOfOneDeletedOrganization(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Set(storetest.AccountKey("fox"), storetest.Item{"org_id": string(s.gone)})
	seen := s.look(t, s.ann, s.fox, s.gus)
	met, err := s.DB.Meet(s.ctx, s.acme, []account.Address{s.fox.Address, s.gus.Address})
	if err != nil {
		t.Fatal(err)
	}
	err = s.DB.Invite(s.ctx, seen, perDay, []store.Invitee{
		{Address: s.fox.Address, Role: org.Technical, Account: met[0].Account},
		{Address: s.gus.Address, Role: org.Technical, Account: met[1].Account},
	})
	if err != nil {
		t.Fatal(err)
	}
	if broken := s.Dump().Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}

// resending is Ann's plan to send Eve's invitation again.
func resending(t *testing.T, s *scene) func() error {
	seen := s.look(t, s.ann, s.eve)
	return func() error { return s.DB.Resend(s.ctx, seen, perDay, seen.Row()) }
}

func TestResendIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, resending, ended, dethroned(ann), replaced(eve), remailed(eve), spent(1))
}

func TestResendOfASweptInvitationIsRefusedWhen(t *testing.T) {
	t.Parallel()
	swept := func(t *testing.T, s *scene) func() error {
		s.Drop(who(eve).mail(s))
		return resending(t, s)
	}
	refusals(t, swept, []move{
		{"another mail was queued", func(s *scene) { s.Put(who(eve).mail(s), storetest.Item{"mail": "another"}) }},
	})
}

func TestResendQueuesAFreshMailAndKillsTheLink(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, resending(t, s), `
+ ORG#acme QUOTA#2099-07-01
    n=1 ttl=T+1d14h0m0s
~ ORG#acme INVITATION#eve@acme
    delivery=queued expires_at=T+7d mail=* queued_at=T ttl=T+7d -link -sent_at
~ ORG#acme MEMBER#eve@acme
    expires_at=T+7d
`)
}

func TestResendToAnAddressThatBouncedLiftsItsSuppression(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Set(who(eve).mail(s), storetest.Item{"delivery": "bounced"})
	does(t, s, resending(t, s), `
+ ORG#acme QUOTA#2099-07-01
    n=1 ttl=T+1d14h0m0s
~ ORG#acme INVITATION#eve@acme
    delivery=queued expires_at=T+7d lift=true mail=* queued_at=T ttl=T+7d -link -sent_at
~ ORG#acme MEMBER#eve@acme
    expires_at=T+7d
`)
	if i := s.look(t, s.ann, s.eve).Row().Invitation; !i.Lift {
		t.Errorf("looked at, it is %+v", i)
	}
}

func TestResendTellsWhoSentItLast(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seen := s.look(t, s.cat, s.eve)
	if err := s.DB.Resend(s.ctx, seen, perDay, seen.Row()); err != nil {
		t.Fatal(err)
	}
	row := s.look(t, s.ann, s.eve).Row()
	if row.Member.InvitedBy != "Cat Smith" || row.Invitation.InvitedBy != "Cat Smith" {
		t.Errorf("invited by %q, the mail by %q", row.Member.InvitedBy, row.Invitation.InvitedBy)
	}
}

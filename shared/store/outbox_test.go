package store_test

import (
	"errors"
	"testing"
	"time"

	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

func eveOf(s *scene) org.MemberID { return org.MemberOf(s.acme, s.eve.Address) }

// queued makes Eve's mail one that waits to be sent.
func queued(p plan) plan {
	return func(t *testing.T, s *scene) func() error {
		s.Set(who(eve).mail(s), storetest.Item{"delivery": "queued", "sent_at": nil, "link": nil})
		return p(t, s)
	}
}

// setting notes a delivery of Eve's mail, with the link that it has now.
func setting(s *scene, to org.Delivery) func() error {
	link, _ := s.Get(who(eve).mail(s))["link"].(string)
	m := org.Mailing{Org: s.acme, Member: eveOf(s), Mail: "mail to eve", Link: id.Hash(link)}
	return func() error { return s.DB.SetDelivery(s.ctx, m, to) }
}

func linking(_ *testing.T, s *scene) func() error {
	return func() error { return s.DB.SetLink(s.ctx, s.acme, eveOf(s), "mail to eve", "fresh") }
}

func TestSetLinkIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, queued(linking), remailed(eve), []move{
		{"the mail was sent", changed(who(eve).mail, storetest.Item{"delivery": "sent"})},
	})
}

func TestSetLinkMakesTheLinkLive(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	change := queued(linking)(t, s)
	does(t, s, change, `
~ ORG#acme INVITATION#eve@acme
    link=fresh
`)
	does(t, s, change, nothing) // again, after a lost reply
}

func TestADeliveryOnlyMovesUp(t *testing.T) {
	t.Parallel()
	up := map[org.Delivery][]org.Delivery{
		org.Sent:       {org.Queued},
		org.Failed:     {org.Queued, org.Sent},
		org.Delivered:  {org.Queued, org.Sent},
		org.Bounced:    {org.Queued, org.Sent, org.Delivered},
		org.Complained: {org.Queued, org.Sent, org.Delivered, org.Bounced},
	}
	s := newScene(t)
	all := []org.Delivery{org.Queued, org.Sent, org.Failed, org.Delivered, org.Bounced, org.Complained}
	for to, follows := range up {
		for _, from := range all {
			s.Set(who(eve).mail(s), storetest.Item{"delivery": string(from)})
			if err := setting(s, to)(); err != nil {
				t.Fatal(err)
			}
			want := from
			for _, f := range follows {
				if f == from {
					want = to
				}
			}
			if got := s.Get(who(eve).mail(s))["delivery"]; got != string(want) {
				t.Errorf("%s after %s is %v", to, from, got)
			}
		}
	}
}

func TestSetDeliveryNotesWhenTheMailWasSent(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	queued(linking)(t, s)
	does(t, s, setting(s, org.Sent), `
~ ORG#acme INVITATION#eve@acme
    delivery=sent sent_at=T
`)
	s.Clock.Move(time.Second)
	does(t, s, setting(s, org.Delivered), `
~ ORG#acme INVITATION#eve@acme
    delivery=delivered
`)
}

func TestSetDeliveryOfAMailThatIsNotTheLatestChangesNothing(t *testing.T) {
	t.Parallel()
	for _, m := range append(remailed(eve), relinked(eve)[:2]...) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			change := setting(s, org.Bounced)
			m.make(s)
			does(t, s, change, nothing)
		})
	}
}

func TestWhatIsToldOfATryWithoutALinkIsNotOfOneWithALink(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	without := org.Mailing{Org: s.acme, Member: eveOf(s), Mail: "mail to eve"}
	does(t, s, func() error { return s.DB.SetDelivery(s.ctx, without, org.Delivered) }, nothing)
	s.Set(who(eve).mail(s), storetest.Item{"link": nil})
	does(t, s, func() error { return s.DB.SetDelivery(s.ctx, without, org.Delivered) }, `
~ ORG#acme INVITATION#eve@acme
    delivery=delivered
`)
}

func TestAReportThatOvertakesTheNoteOfSendingTellsItToo(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	queued(linking)(t, s)
	does(t, s, setting(s, org.Delivered), `
~ ORG#acme INVITATION#eve@acme
    delivery=delivered sent_at=T
`)
	s.Clock.Move(time.Second)
	does(t, s, setting(s, org.Sent), nothing)
	s.Set(who(eve).mail(s), storetest.Item{"delivery": "queued", "sent_at": nil})
	does(t, s, setting(s, org.Failed), `
~ ORG#acme INVITATION#eve@acme
    delivery=failed
`)
}

func TestLookMailingSeesWhatAMailTells(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seen, err := s.DB.LookMailing(s.ctx, s.acme, eveOf(s))
	if err != nil {
		t.Fatal(err)
	}
	row := seen.Row()
	if seen.Org.Name != "acme" || row.Member.Address != s.eve.Address || row.Invitation.Mail != "mail to eve" {
		t.Errorf("saw %+v", seen)
	}
}

func TestQueueNoticeQueuesOneAnHour(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	notify := func() error { return s.DB.QueueNotice(s.ctx, "ANN@Example.com") }
	does(t, s, notify, `
+ EMAIL#ann@example.com NOTICE
    delivery=queued email=ANN@Example.com mail=* queued_at=T ttl=T+1h0m0s
`)
	s.Clock.Move(time.Hour)
	does(t, s, notify, nothing)
	s.Clock.Move(time.Microsecond)
	does(t, s, notify, `
~ EMAIL#ann@example.com NOTICE
    mail=* queued_at=T+1h0m0.000001s ttl=T+2h0m0s
`)
}

func TestSetNoticeIsAboutTheLatestNoticeOnly(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if err := s.DB.QueueNotice(s.ctx, s.ann.Address); err != nil {
		t.Fatal(err)
	}
	n, err := s.DB.LookNotice(s.ctx, s.ann.Address)
	if err != nil || n.Address != s.ann.Address || n.Delivery != org.Queued {
		t.Fatalf("notice %+v, %v", n, err)
	}
	set := func(mail string) func() error {
		return func() error { return s.DB.SetNotice(s.ctx, s.ann.Address, mail, org.Sent) }
	}
	does(t, s, set("another"), nothing)
	does(t, s, set(n.Mail), `
~ EMAIL#ann@example.com NOTICE
    delivery=sent
`)
	s.Drop(storetest.NoticeKey(s.ann.Address))
	does(t, s, set(n.Mail), nothing)
}

func TestALinkSetForAMailThatIsGoneIsMoved(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	err := s.DB.SetLink(s.ctx, s.acme, org.MemberOf(s.acme, s.bob.Address), "mail", "fresh")
	if !errors.Is(err, store.ErrMoved) {
		t.Errorf("error %v, want ErrMoved", err)
	}
}

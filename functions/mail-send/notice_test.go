package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/ses"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

func TestAnAccountThatJoinedAtOnceIsTold(t *testing.T) {
	t.Parallel()
	o := open(t)
	bob := o.Account("bob")
	at := invite.Policy{Join: true, PerDay: 200}
	o.must(invite.One(t.Context(), o.DB, at, o.ann.Caller(), o.acme, invite.Ask{Username: string(bob.Address), Role: "Admin"}))
	r := o.record(o.key(bob))
	o.delivers(batch(r))
	o.delivers(batch(r))
	all := o.inbox.Mails(string(bob.Address))
	if len(all) != 1 {
		t.Fatalf("%d mails", len(all))
	}
	if diff := cmp.Diff([]ses.Link{{Href: "https://portal.example/", Text: "Open acme"}}, all[0].Links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if strings.Contains(all[0].Text+all[0].HTML, "token") {
		t.Error("there is a token in the mail")
	}
	o.delivery(bob, org.Sent)
	if link := o.Get(o.key(bob))["link"]; link != nil {
		t.Errorf("a link was made: %v", link)
	}
}

func TestANoticeIsSentOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	k := storetest.NoticeKey(o.ann.Address)
	o.must(o.DB.QueueNotice(t.Context(), o.ann.Address))
	r := o.record(k)
	o.ses.SetFault(func(string) error { return ses.ErrTransient })
	o.delivers(batch(r), "1")
	o.ses.SetFault(nil)
	o.delivers(batch(r))
	o.delivers(batch(r))
	all := o.inbox.Mails(string(o.ann.Address))
	if len(all) != 1 || len(all[0].Links) != 1 || all[0].Links[0].Href != "https://portal.example/" {
		t.Fatalf("%+v", all)
	}
	if i := o.Get(k); i["delivery"] != "sent" {
		t.Errorf("the notice is %v", i)
	}
}

func TestANoticeIsGivenUpToo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault error
		age   time.Duration
	}{"for good": {ses.ErrRejected, 0}, "after an hour": {ses.ErrTransient, 61 * time.Minute}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			k := storetest.NoticeKey(o.ann.Address)
			o.must(o.DB.QueueNotice(t.Context(), o.ann.Address))
			r := o.record(k)
			r.Change.ApproximateCreationDateTime.Time = time.Now().Add(-c.age)
			o.ses.SetFault(func(string) error { return c.fault })
			o.delivers(batch(r))
			if i := o.Get(k); i["delivery"] != "failed" {
				t.Errorf("the notice is %v", i)
			}
		})
	}
}

func TestADomainInItsOwnLettersIsMailedToInIDNAForm(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := storetest.Person{Address: "Bob@Bücher.example"}
	o.delivers(batch(o.invite(p)))
	if all := o.inbox.Mails(""); len(all) != 1 || all[0].To != "Bob@xn--bcher-kva.example" {
		t.Errorf("%+v", all)
	}
}

func TestATableThatIsDownLeavesTheRecordForLater(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := o.deliver(ctx, batch(r)); len(got.BatchItemFailures) != 1 {
		t.Errorf("%+v", got)
	}
	o.delivery(o.bob, org.Queued)
}

func TestRecordsOfOtherItemsAreNotForUs(t *testing.T) {
	t.Parallel()
	o := open(t)
	key := func(pk, sk string) events.DynamoDBEventRecord { return o.record(storetest.Key{PK: pk, SK: sk}) }
	o.delivers(batch(
		events.DynamoDBEventRecord{},
		key("ORG#"+string(o.acme), "ORG"),
		key("ORG#"+string(o.acme), "MEMBER#x"),
		key("ORG#"+string(o.acme), "INVITATION#"),
		key("ORG#nonsense", "INVITATION#x"),
		key("EMAIL#a@example.com", "ACCOUNT"),
		key("EMAIL#a@example.com", "NOTICE"),
	))
	if n := len(o.inbox.Mails("")); n != 0 {
		t.Errorf("%d mails", n)
	}
}

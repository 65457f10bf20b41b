package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/ses"
	"roster/shared/invite"
	"roster/shared/mail"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

var policy = invite.Policy{PerDay: 200}

// office is a world with a mail-send in it, and an SES whose inbox can be read.
type office struct {
	*testing.T
	*storetest.World
	post

	ses   *ses.Server
	inbox *ses.Inbox
	ann   storetest.Person // Admin of acme
	bob   storetest.Person // nobody yet
	acme  org.ID
	seq   int
}

func open(t *testing.T) *office {
	t.Helper()
	w := storetest.New(t)
	o := &office{T: t, World: w, inbox: &ses.Inbox{}, ann: w.Person("ann"), bob: w.Person("bob")}
	o.acme = w.Org("acme", storetest.Active(o.ann, org.Admin))
	o.ses = ses.New(o.inbox)
	server := httptest.NewServer(o.ses)
	t.Cleanup(server.Close)
	sender, err := mail.NewSender(sesv2.New(sesv2.Options{
		Region: "eu-central-1", BaseEndpoint: &server.URL, Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	}), "Roster <no-reply@roster.example>", "")
	if err != nil {
		t.Fatal(err)
	}
	o.post = post{db: w.DB, sender: sender, portal: "https://portal.example"}
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// invite has Ann invite somebody, and returns the record that the stream has of it.
func (o *office) invite(p storetest.Person) events.DynamoDBEventRecord {
	o.Helper()
	o.must(invite.One(o.Context(), o.DB, policy, o.ann.Caller(), o.acme, invite.Ask{Username: string(p.Address), Role: "Technical"}))
	return o.record(o.key(p))
}

func (o *office) key(p storetest.Person) storetest.Key {
	return storetest.InvitationKey(o.acme, p.Address)
}

func (o *office) resend(p storetest.Person) {
	o.Helper()
	o.must(invite.Again(o.Context(), o.DB, policy, o.ann.Caller(), o.acme, org.MemberOf(o.acme, p.Address)))
}

// record is an item as the stream tells it now.
func (o *office) record(k storetest.Key) events.DynamoDBEventRecord {
	o.Helper()
	o.seq++
	keys := map[string]events.DynamoDBAttributeValue{
		"PK": events.NewStringAttribute(k.PK), "SK": events.NewStringAttribute(k.SK),
	}
	image := map[string]events.DynamoDBAttributeValue{"PK": keys["PK"], "SK": keys["SK"]}
	for name, v := range o.Get(k) {
		if s, ok := v.(string); ok {
			image[name] = events.NewStringAttribute(s)
		}
	}
	return events.DynamoDBEventRecord{EventID: fmt.Sprint("e", o.seq), Change: events.DynamoDBStreamRecord{
		ApproximateCreationDateTime: events.SecondsEpochTime{Time: time.Now()},
		Keys:                        keys, NewImage: image, SequenceNumber: fmt.Sprint(o.seq),
	}}
}

// delivers holds a batch to being taken, but for the records of those sequence numbers.
func (o *office) delivers(records []events.DynamoDBEventRecord, failing ...string) {
	o.Helper()
	got := []string{}
	for _, f := range o.deliver(o.Context(), records).BatchItemFailures {
		got = append(got, f.ItemIdentifier)
	}
	if diff := cmp.Diff(append([]string{}, failing...), got); diff != "" {
		o.Errorf("to come again (-want +got):\n%s", diff)
	}
}

func batch(records ...events.DynamoDBEventRecord) []events.DynamoDBEventRecord { return records }

// delivery holds a row's mail to be in that state.
func (o *office) delivery(p storetest.Person, want org.Delivery) {
	o.Helper()
	if i := o.Get(o.key(p)); i["delivery"] != string(want) || (i["sent_at"] != nil) != (want == org.Sent) {
		o.Errorf("the mail to %s is %v, sent at %v; want %s", p.ID, i["delivery"], i["sent_at"], want)
	}
}

// mailed holds the number of mails to somebody, and the last one to have the one live link.
func (o *office) mailed(p storetest.Person, mails int) {
	o.Helper()
	all := o.inbox.Mails(string(p.Address))
	if len(all) != mails {
		o.Fatalf("%d mails to %s, want %d", len(all), p.ID, mails)
	}
	for i, m := range all { // newest first
		token, ok := strings.CutPrefix(m.Links[0].Href, "https://portal.example/activation?token=")
		if !ok || len(m.Links) != 1 || !strings.Contains(m.Links[0].Text, "Activate") || m.Subject != "Welcome to acme" {
			o.Errorf("%q has the links %v", m.Subject, m.Links)
		}
		_, err := invite.Validate(o.Context(), o.DB, token)
		if i == 0 && err != nil || i > 0 && !errors.Is(err, org.ErrLink) {
			o.Errorf("the link of mail %d of %d, from the last: %v", i+1, mails, err)
		}
	}
}

func TestAnInvitationIsSentOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	o.delivers(batch(r))
	o.delivery(o.bob, org.Sent)
	o.delivers(batch(r))
	o.delivers(batch(r, r))
	o.mailed(o.bob, 1)
}

func TestABatchIsSentWhole(t *testing.T) {
	t.Parallel()
	o := open(t)
	var records []events.DynamoDBEventRecord
	var who []storetest.Person
	for _, name := range []string{"cem", "dan", "eve", "fay", "gus", "hal", "ida"} {
		who = append(who, o.Person(name))
		records = append(records, o.invite(who[len(who)-1]))
	}
	o.ses.SetFault(func(to string) error {
		if to == string(who[3].Address) {
			return ses.ErrTransient
		}
		return nil
	})
	o.delivers(records, records[3].Change.SequenceNumber)
	for i, p := range who {
		if i != 3 {
			o.mailed(p, 1)
		}
	}
	o.delivery(who[3], org.Queued)
}

func TestAMailThatSESCannotTakeNowStaysQueued(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault error
		mails int // that arrived although SES said nothing of it
	}{
		"SES is out of order":     {ses.ErrTransient, 0},
		"SES takes fewer at once": {ses.ErrThrottled, 0},
		"the reply was lost":      {ses.ErrReplyLost, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			r := o.invite(o.bob)
			o.ses.SetFault(func(string) error { return c.fault })
			o.delivers(batch(r), "1")
			o.delivery(o.bob, org.Queued)
			o.ses.SetFault(nil)
			o.delivers(batch(r))
			o.delivery(o.bob, org.Sent)
			o.mailed(o.bob, c.mails+1)
		})
	}
}

// Each try sets a link, and the stream has a record of that too.
func TestTheRecordsOfManyTriesAreOneMail(t *testing.T) {
	t.Parallel()
	o := open(t)
	records := batch(o.invite(o.bob))
	o.ses.SetFault(func(string) error { return ses.ErrTransient })
	for range 6 {
		o.delivers(records, records[len(records)-1].Change.SequenceNumber)
		records = append(records, o.record(o.key(o.bob)))
	}
	o.ses.SetFault(nil)
	o.delivers(records)
	o.mailed(o.bob, 1)
	o.delivery(o.bob, org.Sent)
}

func TestAMailIsGivenUpAnHourAfterItWasQueued(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	o.ses.SetFault(func(string) error { return ses.ErrTransient })
	o.Clock.Move(time.Hour)
	o.delivers(batch(r), "1")
	again := o.record(o.key(o.bob)) // young, of an old mail
	o.Clock.Move(time.Microsecond)
	o.delivers(batch(again))
	o.delivery(o.bob, org.Failed)
	o.ses.SetFault(nil)
	o.delivers(batch(r, again))
	o.delivery(o.bob, org.Failed)
	if n := len(o.inbox.Mails("")); n != 0 {
		t.Errorf("%d mails", n)
	}
}

func TestAMailThatIsLateAndGoesOutIsSent(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	o.Clock.Move(3 * time.Hour)
	o.delivers(batch(r))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 1)
}

func TestAMailThatSESRefusesForGoodHasFailed(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	o.ses.SetFault(func(string) error { return ses.ErrRejected })
	o.delivers(batch(r))
	o.delivery(o.bob, org.Failed)
	o.ses.SetFault(nil)
	o.resend(o.bob)
	o.delivers(batch(r, o.record(o.key(o.bob))))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 1)
}

func TestAResendBetweenTheLookAndTheLinkSendsItsOwnMailOnly(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	o.Faults.Add(storetest.Rule{Action: "UpdateItem", Times: 1, Fault: storetest.First(func() { o.resend(o.bob) })})
	o.delivers(batch(r))
	if n := len(o.inbox.Mails("")); n != 0 {
		t.Fatalf("%d mails of an invitation that was replaced", n)
	}
	o.delivery(o.bob, org.Queued)
	next := o.record(o.key(o.bob))
	o.delivers(batch(next))
	o.delivers(batch(r, next))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 1)
}

func TestAResendWhileSESIsAskedKillsTheLinkThatGoesOut(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.invite(o.bob)
	o.ses.SetFault(func(string) error {
		o.ses.SetFault(nil)
		o.resend(o.bob)
		return nil
	})
	o.delivers(batch(r))
	o.delivery(o.bob, org.Queued)
	o.delivers(batch(o.record(o.key(o.bob))))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 2)
}

func TestARecordOfAMailThatWasReplacedSendsNothing(t *testing.T) {
	t.Parallel()
	o := open(t)
	old := o.invite(o.bob)
	o.Clock.Move(2 * time.Hour)
	o.resend(o.bob)
	next := o.record(o.key(o.bob))
	o.ses.SetFault(func(string) error { return ses.ErrTransient })
	o.delivers(batch(old))
	o.delivery(o.bob, org.Queued) // the new mail is not an hour old
	o.delivers(batch(old, next), next.Change.SequenceNumber)
	o.ses.SetFault(nil)
	o.delivers(batch(next))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 1)
}

func TestWhoIsNotInvitedAnyMoreGetsNoMail(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]func(*office){
		"revoked": func(o *office) {
			seen, err := o.DB.Look(o.Context(), o.ann.Caller(), o.acme, org.MemberOf(o.acme, o.bob.Address))
			o.must(err)
			o.must(o.DB.Remove(o.Context(), seen, seen.Row()))
		},
		"the organization is deleted": func(o *office) {
			seen, err := o.DB.Look(o.Context(), o.ann.Caller(), o.acme)
			o.must(err)
			o.must(o.DB.DeleteOrg(o.Context(), seen))
		},
		"the organization is erased": func(o *office) {
			for k := range o.Dump() {
				if strings.HasPrefix(k.PK, "ORG#") {
					o.Drop(k)
				}
			}
		},
		"accepted inside the portal": func(o *office) {
			bob := o.Account("bob")
			_, err := invite.Accept(o.Context(), o.DB, bob.Caller(), o.acme)
			o.must(err)
		},
		"the row is gone and the invitation was left behind": func(o *office) { o.Drop(storetest.MemberKey(o.acme, o.bob.Address)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			r := o.invite(o.bob)
			gone(o)
			before := o.Dump()
			o.delivers(batch(r))
			if n := len(o.inbox.Mails("")); n != 0 {
				t.Errorf("%d mails", n)
			}
			if changes := o.Changes(before, o.Dump()); changes != "\n" {
				t.Errorf("the table changed:%s", changes)
			}
		})
	}
}

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

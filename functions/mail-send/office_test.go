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

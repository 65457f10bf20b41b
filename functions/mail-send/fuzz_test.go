package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"roster/shared/mail"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// counter is an SES that takes every mail, and keeps to whom it was.
type counter struct{ to []string }

// RoundTrip implements http.RoundTripper.
func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent struct {
		Destination struct{ ToAddresses []string }
	}
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		return nil, err
	}
	c.to = append(c.to, sent.Destination.ToAddresses...)
	return &http.Response{StatusCode: 200, Request: r, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"MessageId":"1"}`))}, nil
}

// Whatever a batch holds, mails go to those who wait for one and to nobody else, one to each; what is no
// item of ours changes nothing, and comes again no more often than what is.
func FuzzRecords(f *testing.F) {
	w := storetest.New(f)
	ses := &counter{}
	sender, err := mail.NewSender(sesv2.New(sesv2.Options{
		Region: "eu-central-1", HTTPClient: &http.Client{Transport: ses}, Credentials: aws.AnonymousCredentials{},
	}), "Roster <no-reply@roster.example>", "")
	if err != nil {
		f.Fatal(err)
	}
	p := post{db: w.DB, sender: sender, portal: "https://portal.example"}
	bob := w.Person("bob")
	acme := w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Invited(bob, org.Technical))
	k := storetest.InvitationKey(acme, bob.Address)
	waiting := storetest.Item{"mail": "m", "delivery": "queued", "link": nil, "sent_at": nil, "queued_at": storetest.Stamp(storetest.Start)}
	w.Set(k, waiting)
	before := w.Dump()
	image := `{"PK":{"S":"` + k.PK + `"},"SK":{"S":"` + k.SK + `"},"mail":{"S":"m"}}`
	for _, s := range []string{
		`{"Records":[{"dynamodb":{"SequenceNumber":"1","NewImage":` + image + `}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":` + image + `}},{"dynamodb":{"NewImage":` + image + `}},{"dynamodb":{"NewImage":` + strings.Replace(image, `"m"`, `"n"`, 1) + `}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":` + strings.Replace(image, `{"S":"m"}`, `{"L":[]}`, 1) + `}}]}`,
		`{}`, `{"Records":[{}]}`, `{"Records":[{"dynamodb":null}]}`,
		`{"Records":[{"dynamodb":{"NewImage":{"PK":{"N":"1"},"SK":{"BOOL":true},"mail":{"NULL":true}}}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":{"PK":{"S":"EMAIL#a@example.com"},"SK":{"S":"NOTICE"},"email":{"S":"a@example.com"}}}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":{"PK":{"S":"EMAIL#"},"SK":{"S":"NOTICE"},"email":{"L":[{"S":"a"}]}}}}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := w.In(t)
		var e events.DynamoDBEvent
		if json.Unmarshal(raw, &e) != nil {
			return // Lambda's runtime refuses it
		}
		ses.to = nil
		for _, failed := range p.deliver(t.Context(), e.Records).BatchItemFailures {
			if !slices.ContainsFunc(e.Records, func(r events.DynamoDBEventRecord) bool { return r.Change.SequenceNumber == failed.ItemIdentifier }) {
				t.Fatalf("%q came to nobody", failed.ItemIdentifier)
			}
		}
		after := w.Dump()
		sent := after[k]["delivery"] == "sent"
		if sent != slices.Equal(ses.to, []string{string(bob.Address)}) || !sent && len(ses.to) > 0 {
			t.Fatalf("mails to %q; the invitation is %v", ses.to, after[k])
		}
		after[k] = before[k]
		if diff := w.Changes(before, after); diff != "\n" {
			t.Fatal(diff)
		}
		w.Set(k, waiting)
	})
}

package main

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// Whatever SES tells, no more becomes of it than that a mail's delivery moves up; of mails that are not
// ours nothing does.
func FuzzEvent(f *testing.F) {
	w := storetest.New(f)
	bob := w.Person("bob")
	acme := w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Invited(bob, org.Technical))
	k, mail := storetest.InvitationKey(acme, bob.Address), id.New()
	w.Set(k, storetest.Item{"mail": mail, "link": link, "delivery": "sent"})
	before := w.Dump()
	tags := `{"org":["` + string(acme) + `"],"member":["` + string(org.MemberOf(acme, bob.Address)) + `"],"mail":["` + mail + `"],"link":["` + link + `"]}`
	for _, kind := range []string{"Send", "Delivery", "Bounce", "Complaint", "Reject", "Open", ""} {
		f.Add([]byte(`{"eventType":"` + kind + `","mail":{"tags":` + tags + `},"bounce":{"bounceType":"Permanent"}}`))
	}
	f.Add([]byte(`{"eventType":"Delivery","mail":{"tags":{"org":[],"member":null,"mail":["x","y"]}}}`))
	f.Add([]byte(`{"mail":null,"bounce":5}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, detail []byte) {
		w := w.In(t)
		if err := hear(t.Context(), w.DB, events.EventBridgeEvent{Source: "aws.ses", Detail: detail}); err != nil && json.Valid(detail) {
			var r report
			if json.Unmarshal(detail, &r) == nil {
				t.Fatal(err)
			}
		}
		after := w.Dump()
		after[k]["delivery"] = before[k]["delivery"]
		if diff := w.Changes(before, after); diff != "\n" {
			t.Fatal(diff)
		}
		w.Set(k, storetest.Item{"delivery": "sent"})
	})
}

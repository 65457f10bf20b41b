package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// scene is an organization whose Admin invited Bob; the mail went out.
type scene struct {
	*testing.T
	*storetest.World
	acme org.ID
	bob  storetest.Person
	mail string
}

const link = "bG9jYWwtbGluay1oYXNoLW9mLWEtdGVzdA"

func open(t *testing.T) *scene {
	t.Helper()
	w := storetest.New(t)
	s := &scene{T: t, World: w, bob: w.Person("bob"), mail: id.New()}
	s.acme = w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Invited(s.bob, org.Technical))
	s.Set(s.key(), storetest.Item{"mail": s.mail, "link": link, "delivery": "sent"})
	return s
}

func (s *scene) key() storetest.Key { return storetest.InvitationKey(s.acme, s.bob.Address) }

// tags are those of the mail to Bob.
func (s *scene) tags() map[string][]string {
	all := map[string][]string{"ses:configuration-set": {"roster"}}
	m := org.Mailing{Org: s.acme, Member: org.MemberOf(s.acme, s.bob.Address), Mail: s.mail, Link: link}
	for name, value := range m.Tags() {
		all[name] = []string{value}
	}
	return all
}

type object = map[string]any

// event is the one of SES about a mail with those tags; more is what it has besides.
func event(kind string, tags map[string][]string, more object) events.EventBridgeEvent {
	detail := object{"eventType": kind, "mail": object{"messageId": "1", "destination": []string{"bob@example.com"}, "tags": tags}}
	for name, value := range more {
		detail[name] = value
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		panic(err)
	}
	return events.EventBridgeEvent{Source: "aws.ses", DetailType: "Email " + kind, Detail: raw}
}

func bounce(kind string) object {
	return object{"bounce": object{"bounceType": kind, "bounceSubType": "General"}}
}

// hears holds the row's mail to be in that state after the events.
func (s *scene) hears(want string, all ...events.EventBridgeEvent) {
	s.Helper()
	for _, e := range all {
		if err := hear(s.Context(), s.DB, e); err != nil {
			s.Fatalf("%s: %v", e.DetailType, err)
		}
	}
	if got := s.Get(s.key())["delivery"]; got != want {
		s.Errorf("the mail is %v, want %s", got, want)
	}
}

func TestWhatAReportDoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind string
		more object
		want string
	}{
		"delivered":                       {"Delivery", object{"delivery": object{"smtpResponse": "250 OK"}}, "delivered"},
		"bounced":                         {"Bounce", bounce("Permanent"), "bounced"},
		"bounced for now":                 {"Bounce", bounce("Transient"), "sent"},
		"bounced, and nobody knows why":   {"Bounce", bounce("Undetermined"), "sent"},
		"bounced, of which nothing told":  {"Bounce", nil, "sent"},
		"complained of":                   {"Complaint", object{"complaint": object{"complaintFeedbackType": "abuse"}}, "complained"},
		"rejected":                        {"Reject", object{"reject": object{"reason": "Bad content"}}, "failed"},
		"sent, which mail-send notes":     {"Send", object{"send": object{}}, "sent"},
		"delayed":                         {"DeliveryDelay", object{"deliveryDelay": object{"delayType": "MailboxFull"}}, "sent"},
		"opened, which nobody asks about": {"Open", object{"open": object{}}, "sent"},
		"something that SES does not say": {"Devoured", nil, "sent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.hears(c.want, event(c.kind, s.tags(), c.more))
		})
	}
}

func TestStatesOnlyMoveUpWhateverTheOrderOfTheReports(t *testing.T) {
	t.Parallel()
	s := open(t)
	delivery, complaint := event("Delivery", s.tags(), nil), event("Complaint", s.tags(), nil)
	bounced, reject := event("Bounce", s.tags(), bounce("Permanent")), event("Reject", s.tags(), nil)
	for _, c := range []struct {
		want string
		all  []events.EventBridgeEvent
	}{
		{"delivered", []events.EventBridgeEvent{delivery, delivery}},
		{"bounced", []events.EventBridgeEvent{delivery, bounced, bounced}},
		{"bounced", []events.EventBridgeEvent{bounced, delivery}},
		{"complained", []events.EventBridgeEvent{complaint, bounced, delivery, complaint}},
		{"delivered", []events.EventBridgeEvent{delivery, reject}},
	} {
		s.Set(s.key(), storetest.Item{"delivery": "sent"})
		s.hears(c.want, c.all...)
	}
}

func TestAReportThatOvertakesMailSendTellsThatTheMailWasSent(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Set(s.key(), storetest.Item{"delivery": "queued", "sent_at": nil})
	s.hears("delivered", event("Delivery", s.tags(), nil))
	if s.Get(s.key())["sent_at"] == nil {
		t.Error("nothing tells when it was sent")
	}
}

func TestReportsOfNothingOfOursAreIgnored(t *testing.T) {
	t.Parallel()
	changed := func(name string, values ...string) func(*scene) events.EventBridgeEvent {
		return func(s *scene) events.EventBridgeEvent {
			tags := s.tags()
			tags[name] = values
			return event("Bounce", tags, bounce("Permanent"))
		}
	}
	for name, make := range map[string]func(*scene) events.EventBridgeEvent{
		"of an earlier mail":              changed("mail", id.New()),
		"of an earlier try":               changed("link", "another"),
		"of a try without a link":         changed("link"),
		"of nobody's row":                 changed("member", id.New()),
		"of an organization that is gone": changed("org", id.New()),
		"of somebody else's mail":         changed("org", "newsletter"),
		"of a notice":                     changed("member"),
		"without a mail's id":             changed("mail"),
		"with two mails":                  changed("mail", id.New(), id.New()),
		"without tags":                    func(*scene) events.EventBridgeEvent { return event("Bounce", nil, bounce("Permanent")) },
		"from somebody who says it is SES": func(s *scene) events.EventBridgeEvent {
			e := event("Bounce", s.tags(), bounce("Permanent"))
			e.Source = "com.example"
			return e
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			before := s.Dump()
			s.hears("sent", make(s))
			if changes := s.Changes(before, s.Dump()); changes != "\n" {
				t.Errorf("the table changed:%s", changes)
			}
		})
	}
}

func TestReportsOfOthersMailsDoNotBotherTheTable(t *testing.T) {
	t.Parallel()
	s := open(t)
	notice := map[string][]string{"ses:configuration-set": {"roster"}, "mail": {id.New()}}
	newsletter := map[string][]string{"campaign": {"spring"}}
	s.hears("sent", event("Complaint", notice, nil), event("Delivery", newsletter, nil), event("Open", s.tags(), nil))
	if calls := s.Faults.Calls(""); len(calls) > 0 {
		t.Errorf("calls %v", calls)
	}
}

func TestAReportBringsNothingBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Drop(s.key())
	before := s.Dump()
	if err := hear(t.Context(), s.DB, event("Delivery", s.tags(), nil)); err != nil {
		t.Fatal(err)
	}
	if changes := s.Changes(before, s.Dump()); changes != "\n" {
		t.Errorf("the table changed:%s", changes)
	}
}

func TestAReportOfADeletedOrganizationDoesNotBreakIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Set(storetest.OrgKey(s.acme), storetest.Item{"deleted_at": "2099-07-01T10:00:00.000000Z"})
	s.hears("bounced", event("Bounce", s.tags(), bounce("Permanent"))) // until org-purge comes
	if broken := s.Dump().Broken(); broken != nil {
		t.Error(broken)
	}
}

func TestATableInTroubleLeavesTheReportForLater(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Faults.Add(storetest.Rule{Action: "UpdateItem", Fault: storetest.Refuse(400, "AccessDeniedException")})
	e := event("Delivery", s.tags(), nil)
	if err := hear(t.Context(), s.DB, e); err == nil {
		t.Fatal("it was taken")
	}
	s.Faults.Clear()
	s.hears("delivered", e)
}

func TestALostReplyIsNoTrouble(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Faults.Add(storetest.Rule{Action: "UpdateItem", Fault: storetest.LostReply, Times: 1})
	s.hears("delivered", event("Delivery", s.tags(), nil))
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := hear(t.Context(), s.DB, events.EventBridgeEvent{Source: "aws.ses", Detail: []byte(`{"eventType":1}`)}); err == nil {
		t.Error("an event of another shape was taken for nothing, and nobody would know")
	}
}

func TestTheSampleIsUnderstood(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../events/mail-feedback.json")
	if err != nil {
		t.Fatal(err)
	}
	var e events.EventBridgeEvent
	var r report
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(e.Detail, &r); err != nil {
		t.Fatal(err)
	}
	to, tells := r.delivery()
	if m, ours := org.ParseMailing(r.Mail.Tags); !tells || to != org.Bounced || !ours || m.Link == "" {
		t.Errorf("%v %s, %v %+v", tells, to, ours, m)
	}
}

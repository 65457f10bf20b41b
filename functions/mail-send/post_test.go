package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"roster/scripts/local/ses"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

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

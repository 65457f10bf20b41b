package main

import (
	"errors"
	"testing"

	"roster/scripts/local/ses"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// reported sends the mail of Bob's row and notes what SES would report of it.
func (o *office) reported(fate error, as org.Delivery) {
	o.Helper()
	o.ses.SetFault(func(string) error { return fate })
	o.delivers(batch(o.record(o.key(o.bob))))
	o.ses.SetFault(nil)
	i := o.invitation()
	m := org.Mailing{Org: o.acme, Member: org.MemberOf(o.acme, o.bob.Address), Mail: i.Mail, Link: i.Link}
	o.must(o.DB.SetDelivery(o.Context(), m, as))
}

func (o *office) invitation() org.Invitation {
	o.Helper()
	seen, err := o.DB.LookMailing(o.Context(), o.acme, org.MemberOf(o.acme, o.bob.Address))
	o.must(err)
	return seen.Row().Invitation
}

func TestAResendReachesAnAddressThatAMailBouncedFrom(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.invite(o.bob)
	o.reported(ses.Bounced, org.Bounced)
	o.mailed(o.bob, 0)
	o.resend(o.bob)
	o.delivers(batch(o.record(o.key(o.bob))))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 1)
}

func TestAMailThatIsNoResendLeavesTheSuppressionAlone(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.invite(o.bob)
	o.reported(ses.Bounced, org.Bounced)
	seen, err := o.DB.Look(t.Context(), o.ann.Caller(), o.acme, org.MemberOf(o.acme, o.bob.Address))
	o.must(err)
	o.must(o.DB.Remove(t.Context(), seen, seen.Row()))
	o.delivers(batch(o.invite(o.bob)))
	o.delivery(o.bob, org.Sent) // as SES has it: accepted, and not delivered
	o.mailed(o.bob, 0)
}

func TestAResendToSomebodyWhoComplainedIsNotDelivered(t *testing.T) {
	t.Parallel()
	for name, as := range map[string]org.Delivery{
		"and who is known to have":         org.Complained,
		"and whose mail counts as bounced": org.Bounced, // what SES reports of a suppressed address may be either
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			o.invite(o.bob)
			o.reported(ses.Complained, as)
			o.mailed(o.bob, 1)
			o.resend(o.bob)
			o.delivers(batch(o.record(o.key(o.bob))))
			o.delivery(o.bob, org.Sent)
			if n := len(o.inbox.Mails("")); n != 1 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

func TestTheLiftIsNotForgottenWhenSendingFails(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.invite(o.bob)
	o.reported(ses.Bounced, org.Bounced)
	o.resend(o.bob)
	r := o.record(o.key(o.bob))
	o.ses.SetListFault(ses.ErrTransient)
	o.delivers(batch(r), r.Change.SequenceNumber)
	o.delivery(o.bob, org.Queued)
	o.Clock.Move(2 * transient)
	o.delivers(batch(r))
	o.delivery(o.bob, org.Failed)
	o.resend(o.bob)
	o.ses.SetListFault(nil)
	o.delivers(batch(o.record(o.key(o.bob))))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 1)
}

func TestALiftThatHappenedAndWasNotHeardOfIsDoneAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.invite(o.bob)
	o.reported(ses.Bounced, org.Bounced)
	o.resend(o.bob)
	o.Faults.Add(storetest.Rule{Action: "UpdateItem", Skip: 1, Fault: storetest.Refuse(400, "AccessDeniedException")})
	r := o.record(o.key(o.bob))
	o.delivers(batch(r), r.Change.SequenceNumber) // lifted and sent, and not noted
	o.Faults.Clear()
	o.delivers(batch(r))
	o.delivery(o.bob, org.Sent)
	o.mailed(o.bob, 2)
	if err := o.sender.Lift(t.Context(), string(o.bob.Address)); err != nil {
		t.Error(errors.Unwrap(err))
	}
}

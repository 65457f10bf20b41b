package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/mail"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

// lanes is how many mails of a batch go out side by side.
const lanes = 5

// transient is how long a mail that SES cannot take now is tried again; then it has failed.
const transient = time.Hour

// post is what sending needs.
type post struct {
	db     *store.Store
	sender *mail.Sender
	portal string
}

// deliver sends what the records queue, and names those that must come again. Of several records of
// one item the last stands for all: two lanes would each make a link, and mail both.
func (p post) deliver(ctx context.Context, records []events.DynamoDBEventRecord) events.DynamoDBEventResponse {
	answer := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(lanes)
	for _, r := range latest(records) {
		g.Go(func() error {
			if err := p.one(ctx, r); err != nil {
				telemetry.Failed(ctx, "mail not sent", err, "record", r.EventID)
				mu.Lock()
				defer mu.Unlock()
				answer.BatchItemFailures = append(answer.BatchItemFailures,
					events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
			}
			return nil
		})
	}
	g.Wait()
	return answer
}

// latest returns the last record of each item.
func latest(records []events.DynamoDBEventRecord) []events.DynamoDBEventRecord {
	var all []events.DynamoDBEventRecord
	at := map[[2]string]int{}
	for _, r := range records {
		k := [2]string{text(r.Change.NewImage, "PK"), text(r.Change.NewImage, "SK")}
		if i, seen := at[k]; seen {
			all[i] = r
			continue
		}
		at[k] = len(all)
		all = append(all, r)
	}
	return all
}

// one sends the mail of one record, if it still is to be sent.
func (p post) one(ctx context.Context, r events.DynamoDBEventRecord) error {
	image := r.Change.NewImage
	pk, sk := text(image, "PK"), text(image, "SK")
	if member, ok := strings.CutPrefix(sk, "INVITATION#"); ok {
		o, err := org.ParseID(strings.TrimPrefix(pk, "ORG#"))
		if err != nil {
			return nil // no item of ours
		}
		return p.invitation(ctx, o, org.MemberID(member), text(image, "mail"))
	}
	if sk == "NOTICE" {
		late := time.Since(r.Change.ApproximateCreationDateTime.Time) > transient
		return p.notice(ctx, account.Address(text(image, "email")), late)
	}
	return nil
}

func text(image map[string]events.DynamoDBAttributeValue, name string) string {
	if v, ok := image[name]; ok && v.DataType() == events.DataTypeString {
		return v.String()
	}
	return ""
}

// invitation sends the mail of that id to a row, while it is the row's latest and queued. Its age is
// told by the row: each try sets a link, and so makes a record that is younger than the mail.
func (p post) invitation(ctx context.Context, o org.ID, m org.MemberID, id string) error {
	seen, err := p.db.LookMailing(ctx, o, m)
	if err != nil {
		return err
	}
	row := seen.Row()
	if !seen.Org.Live() || !row.Member.Exists() || row.Invitation.Delivery != org.Queued || row.Invitation.Mail != id {
		return nil // revoked, sent already, replaced by one with a record of its own, or the organization is gone
	}
	late := seen.At.Sub(row.Invitation.Queued) > transient
	mailing := org.Mailing{Org: o, Member: m, Mail: row.Invitation.Mail}
	message, err := p.letter(ctx, seen, &mailing)
	if errors.Is(err, store.ErrMoved) {
		return nil // another mail took this one's place, and has a record of its own
	}
	if err != nil {
		return err
	}
	state, err := p.send(ctx, outgoing{row.Member.Address, message, mailing.Tags(), row.Invitation.Lift}, late)
	if err != nil {
		return err
	}
	return p.db.SetDelivery(ctx, mailing, state)
}

// letter writes the mail. A link is made here and nowhere else, and is live from before it is sent;
// each try has one of its own, which is noted in mailing.
func (p post) letter(ctx context.Context, seen store.Seen, mailing *org.Mailing) (mail.Message, error) {
	o, m, i := seen.Org, seen.Row().Member, seen.Row().Invitation
	if i.Joined {
		return mail.Joined{Org: o.Name, Inviter: i.InvitedBy, Role: string(m.Role), Portal: p.portal}.Message(), nil
	}
	link := org.NewLink(o.ID, m.ID)
	mailing.Link = link.Secret.Hash()
	if err := p.db.SetLink(ctx, o.ID, m.ID, i.Mail, mailing.Link); err != nil {
		return mail.Message{}, err
	}
	return mail.Invitation{
		Org: o.Name, Inviter: i.InvitedBy, Role: string(m.Role), Expires: i.Expires,
		Link: p.portal + "/activation?token=" + link.Token(),
	}.Message(), nil
}

// outgoing is a mail that is ready to be sent.
type outgoing struct {
	to      account.Address
	message mail.Message
	tags    map[string]string
	lift    bool // SES's suppression of the address, if a bounce is its reason
}

// send returns what became of the mail, or an error when it must be tried again.
func (p post) send(ctx context.Context, m outgoing, late bool) (org.Delivery, error) {
	err := p.hand(ctx, m)
	switch {
	case err == nil:
		tally.Of(ctx).MailsSent.Add(1)
		return org.Sent, nil
	case mail.Permanent(err) || late:
		tally.Of(ctx).MailsFailed.Add(1)
		slog.WarnContext(ctx, "mail given up", "mail", m.tags["mail"], "error", err)
		return org.Failed, nil
	}
	return "", fmt.Errorf("%w: %w", fault.ErrUnavailable, err)
}

// hand gives the mail to SES.
func (p post) hand(ctx context.Context, m outgoing) error {
	to := m.to.Mailable()
	if m.lift {
		if err := p.sender.Lift(ctx, to); err != nil {
			return err
		}
	}
	_, err := p.sender.Send(ctx, to, m.message, m.tags)
	return err
}

func (p post) notice(ctx context.Context, a account.Address, late bool) error {
	n, err := p.db.LookNotice(ctx, a)
	if err != nil || n.Delivery != org.Queued {
		return err
	}
	message := mail.AlreadyRegistered{Portal: p.portal}.Message()
	state, err := p.send(ctx, outgoing{to: n.Address, message: message, tags: map[string]string{"mail": n.Mail}}, late)
	if err != nil {
		return err
	}
	return p.db.SetNotice(ctx, n.Address, n.Mail, state)
}

package store

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
)

// LookMailing reads what a mail to a row tells: organization, member and invitation.
func (s *Store) LookMailing(ctx context.Context, o org.ID, m org.MemberID) (Seen, error) {
	seen, _, err := s.LookLink(ctx, org.Link{Org: o, Member: m}, "")
	return seen, err
}

// SetLink makes the link of that hash the one live link of the row, while the mail is still the
// latest and queued; else it is ErrMoved. Doing it again, after a lost reply say, is the same.
func (s *Store) SetLink(ctx context.Context, o org.ID, m org.MemberID, mail string, link id.Hash) error {
	return s.mark(ctx, invitationKey(o, m), set("link", link), is("mail", mail), is("delivery", org.Queued))
}

// SetDelivery notes how a mail fared, while it is the latest, its link is the live one, and it is in
// one of the states that to can follow; else it changes nothing, because states only move up. What is
// told of a mail before it counts as sent also tells that it was.
func (s *Store) SetDelivery(ctx context.Context, m org.Mailing, to org.Delivery) error {
	what := set("delivery", to)
	if to != org.Failed {
		sent := expression.Name("sent_at")
		what = what.Set(sent, sent.IfNotExists(expression.Value(stamp(s.Now()))))
	}
	earlier := values(to.Follows())
	below := expression.Name("delivery").In(earlier[0], earlier[1:]...)
	err := s.mark(ctx, invitationKey(m.Org, m.Member), what, is("mail", m.Mail), linkIs(m.Link), below)
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

// linkIs is what an invitation's item says while its live link has that hash, or while it has none.
func linkIs(h id.Hash) condition {
	if h == "" {
		return hasNot("link")
	}
	return is("link", h)
}

func values(states []org.Delivery) []expression.OperandBuilder {
	var all []expression.OperandBuilder
	for _, d := range states {
		all = append(all, expression.Value(d))
	}
	return all
}

// mark changes a single item on conditions; a broken one is ErrMoved.
func (s *Store) mark(ctx context.Context, k key, what assignment, when ...condition) error {
	note(ctx, k)
	c := update(k, what, when...)
	w, err := c.write(s.name())
	if err != nil {
		return err
	}
	return insist(ctx, func() error {
		_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: s.name(), Key: w.Update.Key, UpdateExpression: w.Update.UpdateExpression,
			ConditionExpression:      w.Update.ConditionExpression,
			ExpressionAttributeNames: w.Update.ExpressionAttributeNames, ExpressionAttributeValues: w.Update.ExpressionAttributeValues,
		})
		return judge(err)
	})
}

// Notice is a mail to an address that has an account already, and tried to sign up again.
type Notice struct {
	Address  account.Address
	Mail     string
	Delivery org.Delivery
}

type noticeItem struct {
	key
	Email    string `dynamodbav:"email"`
	Mail     string `dynamodbav:"mail"`
	Delivery string `dynamodbav:"delivery"`
	QueuedAt string `dynamodbav:"queued_at"`
	TTL      int64  `dynamodbav:"ttl"`
}

// noticeLife is how long one notice stands for all that an address would get.
const noticeLife = time.Hour

// QueueNotice queues a notice, unless one was queued within the hour: whoever tries an address again
// and again does not fill its mailbox.
func (s *Store) QueueNotice(ctx context.Context, a account.Address) error {
	k, now := noticeKey(a), s.Now()
	err := s.commit(ctx, put(k, noticeItem{
		key: k, Email: string(a), Mail: id.New(), Delivery: string(org.Queued), QueuedAt: stamp(now), TTL: now.Add(noticeLife).Unix(),
	}, absent().Or(expression.Name("queued_at").LessThan(expression.Value(stamp(now.Add(-noticeLife)))))))
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

// LookNotice reads the notice to an address.
func (s *Store) LookNotice(ctx context.Context, a account.Address) (Notice, error) {
	found, err := s.read(ctx, noticeKey(a))
	if err != nil {
		return Notice{}, err
	}
	r := &reader{found: found}
	n, _ := get[noticeItem](r, noticeKey(a))
	return Notice{Address: account.Address(n.Email), Mail: n.Mail, Delivery: org.Delivery(n.Delivery)}, r.err
}

// SetNotice notes that the notice was sent, or refused for good.
func (s *Store) SetNotice(ctx context.Context, a account.Address, mail string, to org.Delivery) error {
	err := s.mark(ctx, noticeKey(a), set("delivery", to), is("mail", mail))
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

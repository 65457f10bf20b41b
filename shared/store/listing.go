package store

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/org"
)

// Page is a part of an organization's members, in the order of their ids. Next is where the next
// one begins, nil when there is none.
type Page struct {
	Rows []Row
	Next *Cursor
}

// Cursor is a place among the members: behind the row of that id, or before all when it is "".
type Cursor struct{ Behind org.MemberID }

// Members reads up to size rows of an organization for an active member of it, whose own row is on
// the first page, which is the one of a nil cursor, and on no other. All reads are made side by
// side; the invitations of a page lie between its first member and at most size later ones.
func (s *Store) Members(ctx context.Context, c account.Caller, o org.ID, from *Cursor, size int) (Seen, Page, error) {
	var seen Seen
	var rows []memberItem
	var mails map[org.MemberID]org.Invitation
	me, start := org.MemberOf(o, c.Address), org.MemberID("")
	if from != nil {
		start = from.Behind
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		seen, err = s.Look(gctx, c, o, me)
		return err
	})
	g.Go(func() (err error) {
		rows, err = scanRange[memberItem](gctx, s, o, members, string(start), size+2)
		return err
	})
	g.Go(func() (err error) {
		mails, err = s.mailsBehind(gctx, o, start, size+1)
		return err
	})
	if err := g.Wait(); err != nil {
		return Seen{}, Page{}, err
	}
	var page Page
	if from == nil {
		page.Rows = append(page.Rows, seen.Row())
	}
	page.fill(rows, mails, me, start, size)
	return seen, page, nil
}

// fill adds rows, but the caller's own, until the page has its size, and notes where it stopped.
func (p *Page) fill(rows []memberItem, mails map[org.MemberID]org.Invitation, me, start org.MemberID, size int) {
	last := start
	for _, item := range rows {
		m := item.member()
		if m.ID == me {
			continue
		}
		if len(p.Rows) == size {
			p.Next = &Cursor{Behind: last}
			return
		}
		last = m.ID
		p.Rows = append(p.Rows, Row{Member: m, Invitation: mails[m.ID]})
	}
}

func (s *Store) mailsBehind(ctx context.Context, o org.ID, start org.MemberID, most int) (map[org.MemberID]org.Invitation, error) {
	items, err := scanRange[invitationItem](ctx, s, o, invitations, string(start), most)
	mails := map[org.MemberID]org.Invitation{}
	for _, i := range items {
		mails[org.MemberID(after(invitations, i.key))] = i.invitation()
	}
	return mails, err
}

// scanRange reads up to most items of a prefix in an organization, behind the one of that id.
func scanRange[T any](ctx context.Context, s *Store, o org.ID, prefix, behind string, most int) ([]T, error) {
	// The prefixes end in '#', so '$', the next character, is above everything that has one.
	last := prefix[:len(prefix)-1] + "$"
	first := prefix + behind
	if behind != "" {
		first += "!" // above the id itself, below every other
	}
	return query[T](ctx, s, most, expression.Key("PK").Equal(expression.Value(partition(o))).
		And(expression.Key("SK").Between(expression.Value(first), expression.Value(last))))
}

// query reads up to most items of one partition, consistently and in order; 0 is all of them.
func query[T any](ctx context.Context, s *Store, most int, where expression.KeyConditionBuilder) ([]T, error) {
	e, err := expression.NewBuilder().WithKeyCondition(where).Build()
	if err != nil {
		return nil, err
	}
	in := &dynamodb.QueryInput{
		TableName: s.name(), ConsistentRead: aws.Bool(true), KeyConditionExpression: e.KeyCondition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}
	var all []T
	for {
		if most > 0 {
			in.Limit = aws.Int32(int32(most - len(all)))
		}
		out, err := s.queryPage(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, i := range out.Items {
			v, err := decode[T](i)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 || len(all) == most {
			return all, nil
		}
	}
}

func (s *Store) queryPage(ctx context.Context, in *dynamodb.QueryInput) (out *dynamodb.QueryOutput, err error) {
	err = insist(ctx, func() (err error) {
		out, err = s.db.Query(ctx, in)
		return judge(err)
	})
	return out, err
}

// Invitations reads the rows that are addressed to the caller, one organization each: Seen.Org and
// Seen.Row. Rows may be of any state, and organizations gone; what is still open is the caller's to
// decide.
func (s *Store) Invitations(ctx context.Context, c account.Caller) ([]Seen, error) {
	var a account.Account
	var pointers []key
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		found, err := s.read(gctx, accountKey(c.Account))
		r := &reader{found: found}
		a = r.account(c.Account)
		return cmp.Or(err, r.err)
	})
	g.Go(func() (err error) {
		pointers, err = query[key](gctx, s, 0, expression.Key("PK").Equal(expression.Value(mailbox(c.Address))).
			And(expression.Key("SK").BeginsWith(invited)))
		return err
	})
	if err := cmp.Or(g.Wait(), account.MayCall(c, a)); err != nil {
		return nil, err
	}
	return s.lookInvited(ctx, c, pointers)
}

func (s *Store) lookInvited(ctx context.Context, c account.Caller, pointers []key) ([]Seen, error) {
	var keys []key
	for _, p := range pointers {
		o := org.ID(after(invited, p))
		m := org.MemberOf(o, c.Address)
		keys = append(keys, orgKey(o), memberKey(o, m), invitationKey(o, m))
	}
	found, err := s.read(ctx, keys...)
	if err != nil {
		return nil, err
	}
	r := &reader{found: found}
	all := []Seen{}
	for _, p := range pointers {
		o := org.ID(after(invited, p))
		all = append(all, Seen{At: s.Now(), Caller: c, Org: r.org(o), Rows: []Row{r.row(o, org.MemberOf(o, c.Address))}})
	}
	return all, r.err
}

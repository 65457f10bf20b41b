package store

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// Log is what an organization's log holds of a window, newest first: the first part of it whole, the
// rest still to be read. Reading costs what the window holds, whatever else the log does.
type Log struct {
	s      *Store
	org    org.ID
	window activity.Window
	first  []eventItem
	after  item // where the rest begins; nil when the first part is all
}

// LookLog reads an organization for a caller who must be an active member of it, as Look does, and the
// first part of its log side by side. Without an organization it is the caller's own, which takes one
// more read to know. Who may see the log is the caller's to decide, before the rest is read.
func (s *Store) LookLog(ctx context.Context, c account.Caller, o org.ID, w activity.Window) (Seen, *Log, error) {
	if o != "" {
		return s.lookLog(ctx, o, w, func(ctx context.Context) (Seen, error) { return s.Look(ctx, c, o) })
	}
	a, err := s.Find(ctx, c.Account)
	if err := cmp.Or(err, account.MayCall(c, a)); err != nil {
		return Seen{}, nil, err
	}
	if a.Org == "" {
		return Seen{}, nil, org.ErrNotMember
	}
	return s.lookLog(ctx, org.ID(a.Org), w, func(ctx context.Context) (Seen, error) {
		seen, err := s.lookMine(ctx, Seen{At: s.Now(), Caller: c, Account: a}, org.ID(a.Org))
		return seen, cmp.Or(err, org.MayEnter(seen.Org, seen.Me, c.Account))
	})
}

func (s *Store) lookLog(ctx context.Context, o org.ID, w activity.Window, look func(context.Context) (Seen, error)) (seen Seen, l *Log, err error) {
	l = &Log{s: s, org: o, window: w}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		seen, err = look(gctx)
		return err
	})
	g.Go(func() (err error) {
		if !w.Empty() { // a range of keys must not end before it begins
			l.first, l.after, err = l.part(gctx, nil)
		}
		return err
	})
	return seen, l, g.Wait()
}

// Each calls take with every event of the window: those of the first part whole, those of the rest
// with their ids and times and, but for the columns, nothing else.
func (l *Log) Each(ctx context.Context, columns []activity.Column, take func(activity.Event)) error {
	outline := []expression.NameBuilder{expression.Name("SK")}
	for _, c := range columns {
		outline = append(outline, expression.Name(attribute(c)))
	}
	part, after := l.first, l.after
	for {
		for _, i := range part {
			take(i.event())
		}
		if len(after) == 0 {
			return nil
		}
		var err error
		if part, after, err = l.part(ctx, after, outline...); err != nil {
			return err
		}
	}
}

// Whole returns the events, which Each told of, with everything that the log holds of them. What was
// erased meanwhile is left out.
func (l *Log) Whole(ctx context.Context, events []activity.Event) ([]activity.Event, error) {
	var missing []key
	for _, e := range events {
		if k := eventKey(l.org, e.At, e.ID); !l.isWhole(k) {
			missing = append(missing, k)
		}
	}
	found, err := l.s.read(ctx, missing...)
	if err != nil {
		return nil, err
	}
	r, whole := &reader{found: found}, []activity.Event{}
	for _, e := range events {
		k := eventKey(l.org, e.At, e.ID)
		if i, ok := get[eventItem](r, k); ok {
			whole = append(whole, i.event())
		} else if l.isWhole(k) {
			whole = append(whole, e)
		}
	}
	return whole, r.err
}

// isWhole reports whether Each told everything of the event of that key.
func (l *Log) isWhole(k key) bool { return len(l.after) == 0 || k.SK >= keyOf(l.after).SK }

// part reads as much of the window as one answer of DynamoDB holds, behind a key, and returns where
// the next part begins. Without attributes the items are whole.
func (l *Log) part(ctx context.Context, after item, attributes ...expression.NameBuilder) ([]eventItem, item, error) {
	b := expression.NewBuilder().WithKeyCondition(expression.Key("PK").Equal(expression.Value(partition(l.org))).
		And(expression.Key("SK").Between(expression.Value(firstEvent(l.window.From)), expression.Value(lastEvent(l.window.Until)))))
	if len(attributes) > 0 {
		b = b.WithProjection(expression.NamesList(attributes[0], attributes[1:]...))
	}
	e, err := b.Build()
	if err != nil {
		return nil, nil, err
	}
	out, err := l.s.queryPage(ctx, &dynamodb.QueryInput{
		TableName: l.s.name(), ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false), ExclusiveStartKey: after,
		KeyConditionExpression: e.KeyCondition(), ProjectionExpression: e.Projection(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	if err != nil {
		return nil, nil, err
	}
	items := make([]eventItem, len(out.Items))
	for n, i := range out.Items {
		if items[n], err = decode[eventItem](i); err != nil {
			return nil, nil, err
		}
	}
	return items, out.LastEvaluatedKey, nil
}

// attribute is where an event's item has a column.
func attribute(c activity.Column) string {
	switch c {
	case activity.Actor:
		return "actor"
	case activity.ActionType:
		return "action"
	case activity.Role:
		return "role"
	case activity.RequestID:
		return "request_id"
	}
	return "SK"
}

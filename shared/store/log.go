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

// ahead is how much is read of an organization beside the look that tells whether the caller may: enough
// for what people mostly ask, and little for strangers to make others pay for.
const ahead = 100

// Log is what an organization's log holds of a window: the first part of it whole, which is the newest,
// the rest still to be read. Reading costs what the window holds, whatever else the log does.
type Log struct {
	s      *Store
	org    org.ID
	window activity.Window
	first  []eventItem
	after  item // where the rest begins; nil when the first part is all
}

// LookLog reads an organization for a caller who must be an active member of it, as Look does, and a small
// first part of its log side by side; a caller who is refused does not wait for that. Without an organization it is the caller's own, which takes one
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
		seen, err := s.lookMine(ctx, Seen{Caller: c, Account: a}, org.ID(a.Org))
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
			l.first, l.after, err = l.part(gctx, span{from: w.From, until: w.Until}, ahead)
		}
		return err
	})
	return seen, l, g.Wait()
}

// Each calls take with every event of the window, once and in no order: those of the first part whole,
// those of the rest with their ids and times and, but for the columns, nothing else.
func (l *Log) Each(ctx context.Context, columns []activity.Column, take func(activity.Event)) error {
	for _, i := range l.first {
		take(i.event())
	}
	if len(l.after) == 0 {
		return nil
	}
	outline := []expression.NameBuilder{expression.Name("SK")}
	for _, c := range columns {
		outline = append(outline, expression.Name(attribute(c)))
	}
	r := &reading{log: l, outline: outline, take: take, lanes: make(chan struct{}, logLanes)}
	r.g, ctx = errgroup.WithContext(ctx)
	r.read(ctx, span{from: l.window.From, until: l.window.Until, after: l.after})
	return r.g.Wait()
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

// part reads what one answer of DynamoDB holds of a span, or most items where that is not 0, newest first,
// and returns behind which key it goes on. Without attributes the items are whole.
func (l *Log) part(ctx context.Context, in span, most int32, attributes ...expression.NameBuilder) ([]eventItem, item, error) {
	b := expression.NewBuilder().WithKeyCondition(expression.Key("PK").Equal(expression.Value(partition(l.org))).
		And(expression.Key("SK").Between(expression.Value(firstEvent(in.from)), expression.Value(lastEvent(in.until)))))
	if len(attributes) > 0 {
		b = b.WithProjection(expression.NamesList(attributes[0], attributes[1:]...))
	}
	e, err := b.Build()
	if err != nil {
		return nil, nil, err
	}
	q := &dynamodb.QueryInput{
		TableName: l.s.name(), ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false), ExclusiveStartKey: in.after,
		KeyConditionExpression: e.KeyCondition(), ProjectionExpression: e.Projection(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}
	if most > 0 {
		q.Limit = aws.Int32(most)
	}
	out, err := l.s.queryPage(ctx, q)
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

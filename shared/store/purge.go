package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/org"
)

// How much of a purge runs side by side: few enough to leave the table to the living.
const (
	purgePage  = 500
	purgeLanes = 8
	writeBatch = 25 // DynamoDB's limit
)

// Purge erases what a deleted organization held, until all is gone or the deadline is near: per
// page first what points in from outside, then the rows, and the ORG row last, after a consistent
// query found nothing else. It can be cut off anywhere and repeated. done is false when work is
// left; then the progress noted on the ORG row has woken the next pass.
func (s *Store) Purge(ctx context.Context, o org.ID, deadline time.Time) (done bool, err error) {
	found, err := s.read(ctx, orgKey(o))
	if err != nil {
		return false, err
	}
	r := &reader{found: found}
	gone := r.org(o)
	if r.err != nil || gone.ID == "" || gone.Live() {
		return true, r.err
	}
	for time.Now().Before(deadline) {
		items, err := s.rowsOf(ctx, o)
		if err != nil {
			return false, err
		}
		if len(items) == 0 {
			err := s.dropOrg(ctx, o)
			return err == nil, err
		}
		if err := s.purgeItems(ctx, o, items); err != nil {
			return false, err
		}
	}
	err = s.WakePurge(ctx, o)
	if errors.Is(err, ErrMoved) {
		return true, nil // another pass ended it meanwhile
	}
	return false, err
}

// rowsOf reads a page of the organization's items, but not the ORG row itself.
func (s *Store) rowsOf(ctx context.Context, o org.ID) ([]item, error) {
	e, err := expression.NewBuilder().
		WithKeyCondition(expression.Key("PK").Equal(expression.Value(partition(o)))).
		WithFilter(expression.Name("deleted_at").AttributeNotExists()).Build()
	if err != nil {
		return nil, err
	}
	in := &dynamodb.QueryInput{
		TableName: s.name(), ConsistentRead: aws.Bool(true), Limit: aws.Int32(purgePage),
		KeyConditionExpression: e.KeyCondition(), FilterExpression: e.Filter(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}
	for {
		out, err := s.queryPage(ctx, in)
		if err != nil {
			return nil, err
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(out.Items) > 0 || len(in.ExclusiveStartKey) == 0 {
			return out.Items, nil
		}
	}
}

func (s *Store) purgeItems(ctx context.Context, o org.ID, items []item) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(purgeLanes)
	for _, i := range items {
		switch sk := keyOf(i).SK; {
		case strings.HasPrefix(sk, members):
			g.Go(func() error { return s.detach(gctx, o, i) })
		case strings.HasPrefix(sk, servers):
			g.Go(func() error { return s.detachServer(gctx, o, i) })
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g, gctx = errgroup.WithContext(ctx)
	g.SetLimit(purgeLanes)
	for begin := 0; begin < len(items); begin += writeBatch {
		part := items[begin:min(begin+writeBatch, len(items))]
		g.Go(func() error { return s.dropBatch(gctx, part) })
	}
	return g.Wait()
}

// detach removes what leads from outside to a member's row: the lock of an account that is still
// this organization's, or the pointer of an invitation.
func (s *Store) detach(ctx context.Context, o org.ID, i item) error {
	var row memberItem
	if err := attributevalue.UnmarshalMap(i, &row); err != nil {
		return err
	}
	m := row.member()
	if m.Status == org.Provisioned {
		return s.drop(ctx, invitedKey(m.Address, o))
	}
	err := s.mark(ctx, accountKey(account.ID(m.Account)), unset("org_id"), is("org_id", string(o)))
	if errors.Is(err, ErrMoved) {
		return nil // the account is elsewhere already
	}
	return err
}

// detachServer removes what leads from outside to a server's row: its lock, if it is still this
// organization's.
func (s *Store) detachServer(ctx context.Context, o org.ID, i item) error {
	var row serverItem
	if err := attributevalue.UnmarshalMap(i, &row); err != nil {
		return err
	}
	err := s.drop(ctx, lockKey(row.server().ID), is("org_id", string(o)))
	if errors.Is(err, ErrMoved) {
		return nil // another organization has connected it, or this was done already
	}
	return err
}

// drop deletes one item, whether it is there or not; or, where there are conditions, only as they say:
// ErrMoved.
func (s *Store) drop(ctx context.Context, k key, when ...condition) error {
	e, err := remove(k, when...).expression()
	if err != nil {
		return err
	}
	return insist(ctx, func() error {
		_, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: s.name(), Key: k.av(), ConditionExpression: e.Condition(),
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		})
		return judge(err)
	})
}

// dropOrg ends the purge. The organization is still deleted, or gone already.
func (s *Store) dropOrg(ctx context.Context, o org.ID) error {
	err := s.commit(ctx, remove(orgKey(o), has("deleted_at")))
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

func (s *Store) dropBatch(ctx context.Context, items []item) error {
	var requests []types.WriteRequest
	for _, i := range items {
		requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: keyOf(i).av()}})
	}
	return insist(ctx, func() error {
		out, err := s.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{s.table: requests},
		})
		if err != nil {
			return judge(err)
		}
		if requests = out.UnprocessedItems[s.table]; len(requests) > 0 {
			return errDown
		}
		return nil
	})
}

package store

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
)

// batch is the most keys that one read takes, which is DynamoDB's limit.
const batch = 100

type item = map[string]types.AttributeValue

// found is what one read brought, by key. What is not in it did not exist.
type found map[key]item

// read fetches items by key, consistently, each as of its own instant. More than a batch of keys
// are fetched side by side; a key may be named twice.
func (s *Store) read(ctx context.Context, keys ...key) (found, error) {
	keys = distinct(keys)
	note(ctx, keys...)
	if len(keys) == 0 {
		return found{}, nil
	}
	if len(keys) <= batch { // a goroutine would grow a stack as deep as the SDK's calls each time
		return s.readBatch(ctx, keys)
	}
	parts := make([]found, (len(keys)+batch-1)/batch)
	g, ctx := errgroup.WithContext(ctx)
	for i := range parts {
		g.Go(func() (err error) {
			parts[i], err = s.readBatch(ctx, keys[i*batch:min(len(keys), (i+1)*batch)])
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := found{}
	for _, part := range parts {
		for k, v := range part {
			all[k] = v
		}
	}
	return all, nil
}

// readRow is read with somebody's row and invitation besides. A pending row whose invitation is gone is
// read again: either the invitation was swept, which it still is, or it was used or taken away after the
// row was read, of which that is no longer true.
func (s *Store) readRow(ctx context.Context, o org.ID, m org.MemberID, keys ...key) (found, error) {
	keys = append(keys, memberKey(o, m), invitationKey(o, m))
	got, err := s.read(ctx, keys...)
	if err != nil {
		return nil, err
	}
	r := &reader{found: got}
	if row := r.row(o, m); row.Member.Status != org.Provisioned || row.Invitation.Exists() {
		return got, nil
	}
	return s.read(ctx, keys...)
}

func distinct(keys []key) []key {
	seen := map[key]bool{}
	var out []key
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// errRest says that a throttled table left some keys unanswered.
var errRest = fmt.Errorf("%w: keys are unprocessed", errDown)

// readBatch insists until every key was answered: a throttled table leaves some unprocessed.
func (s *Store) readBatch(ctx context.Context, keys []key) (found, error) {
	got := found{}
	want := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, k := range keys {
		want.Keys = append(want.Keys, k.av())
	}
	err := insist(ctx, func() error {
		out, err := s.db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{s.table: want},
		})
		if err != nil {
			return judge(err)
		}
		for _, item := range out.Responses[s.table] {
			got[keyOf(item)] = item
		}
		rest, unprocessed := out.UnprocessedKeys[s.table]
		if unprocessed && len(rest.Keys) > 0 {
			want = rest
			return errRest
		}
		return nil
	})
	return got, err
}

func keyOf(i item) key {
	text := func(name string) string {
		if s, ok := i[name].(*types.AttributeValueMemberS); ok {
			return s.Value
		}
		return ""
	}
	return key{text("PK"), text("SK")}
}

// decode returns an item as T; a missing one is T's zero value.
func decode[T any](i item) (T, error) {
	var v T
	if i == nil {
		return v, nil
	}
	if err := attributevalue.UnmarshalMap(i, &v); err != nil {
		return v, fmt.Errorf("store: item %v: %w", keyOf(i), err)
	}
	return v, nil
}

// reader decodes found items one after the other and keeps the first error, so that a look reads
// as the list of what it looks at.
type reader struct {
	found found
	err   error
}

func get[T any](r *reader, k key) (v T, ok bool) {
	i, ok := r.found[k]
	if !ok || r.err != nil {
		return v, false
	}
	v, r.err = decode[T](i)
	return v, r.err == nil
}

func (r *reader) account(a account.ID) account.Account {
	if i, ok := get[accountItem](r, accountKey(a)); ok {
		return i.account()
	}
	return account.Account{}
}

func (r *reader) org(o org.ID) org.Org {
	if i, ok := get[orgItem](r, orgKey(o)); ok {
		return i.org(o)
	}
	return org.Org{}
}

func (r *reader) member(o org.ID, m org.MemberID) org.Member {
	if i, ok := get[memberItem](r, memberKey(o, m)); ok {
		return i.member()
	}
	return org.Member{}
}

func (r *reader) invitation(o org.ID, m org.MemberID) org.Invitation {
	if i, ok := get[invitationItem](r, invitationKey(o, m)); ok {
		return i.invitation()
	}
	return org.Invitation{}
}

func (r *reader) state(o org.ID, h id.Hash) org.State {
	if i, ok := get[stateItem](r, stateKey(o, h)); ok {
		return i.state()
	}
	return org.State{}
}

func (r *reader) row(o org.ID, m org.MemberID) Row {
	return Row{Member: r.member(o, m), Invitation: r.invitation(o, m)}
}

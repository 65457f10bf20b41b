package bench

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"roster/scripts/local/engine"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// A town is an engine whose table holds organizations of so many members, past the functions and before
// the table has a stream. Each of the heads, who have accounts in no pool yet, is the first member of
// one of them, and its Admin.
type town struct {
	endpoint, table string
	orgs            []org.ID // of the heads first
}

// A head is somebody who is to be an Admin.
type head struct {
	sub     account.ID
	address account.Address
}

// found starts an engine with an empty table.
func found(t testing.TB, table string) (*town, *engine.Engine) {
	t.Helper()
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	if err := e.CreateTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	return &town{endpoint: e.Endpoint, table: table}, e
}

// fill writes the organizations.
func (w *town) fill(t testing.TB, e *engine.Engine, orgs, members int, heads []head) {
	t.Helper()
	stream(t, e, w.table, false)
	g, ctx := errgroup.WithContext(t.Context())
	g.SetLimit(4)
	for n := range orgs {
		o, who := org.ID(uuid.NewString()), head{account.ID(uuid.NewString()), account.Address(fmt.Sprintf("head@company-%d.example", n))}
		if n < len(heads) {
			who = heads[n]
		}
		w.orgs = append(w.orgs, o)
		g.Go(func() error { return fillOne(ctx, e.Client(), w.table, o, who, n, members) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	stream(t, e, w.table, true)
}

func stream(t testing.TB, e *engine.Engine, table string, on bool) {
	t.Helper()
	as := &types.StreamSpecification{StreamEnabled: aws.Bool(on)}
	if on {
		as.StreamViewType = types.StreamViewTypeNewAndOldImages
	}
	if _, err := e.Client().UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: &table, StreamSpecification: as}); err != nil {
		t.Fatal(err)
	}
}

// mate is the address of the ith member of the nth organization, from the second on.
func mate(n, i int) account.Address {
	return account.Address(fmt.Sprintf("person.%d@company-%d.example", i, n))
}

// fillOne writes the nth organization.
func fillOne(ctx context.Context, db *dynamodb.Client, table string, o org.ID, first head, n, members int) error {
	now := storetest.Stamp(storetest.Start)
	items := map[storetest.Key]storetest.Item{storetest.OrgKey(o): {
		"name": fmt.Sprintf("Company %d", n), "tier": "REGISTERED", "admins": 1, "created_at": now, "updated_at": now,
	}}
	for i := range members {
		sub, address, role := account.ID(uuid.NewString()), mate(n, i), "Technical"
		if i == 0 {
			sub, address, role = first.sub, first.address, "Admin"
		}
		who := storetest.Item{"email": string(address), "first_name": "Person", "last_name": fmt.Sprint(i)}
		items[storetest.AddressKey(address)] = storetest.Item{"sub": string(sub)}
		items[storetest.AccountKey(sub)] = with(who, storetest.Item{"tos": true, "marketing": false, "org_id": string(o)})
		items[storetest.MemberKey(o, address)] = with(who, storetest.Item{"status": "ACTIVE", "role": role, "account": string(sub)})
	}
	return write(ctx, db, table, items)
}

func with(a, b storetest.Item) storetest.Item {
	both := storetest.Item{}
	for _, from := range []storetest.Item{a, b} {
		for name, v := range from {
			both[name] = v
		}
	}
	return both
}

// write puts items, and deletes those that are nil.
func write(ctx context.Context, db *dynamodb.Client, table string, items map[storetest.Key]storetest.Item) error {
	var some []types.WriteRequest
	for k, i := range items {
		if i == nil {
			some = append(some, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: map[string]types.AttributeValue{
				"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK},
			}}})
			continue
		}
		item, err := attributevalue.MarshalMap(with(i, storetest.Item{"PK": k.PK, "SK": k.SK}))
		if err != nil {
			return err
		}
		some = append(some, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
	}
	for len(some) > 0 {
		part := some[:min(25, len(some))]
		some = some[len(part):]
		_, err := db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: part}})
		if err != nil {
			return err
		}
	}
	return nil
}

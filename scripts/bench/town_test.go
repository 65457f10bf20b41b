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

// fill writes organizations of so many members, past the functions and before the table has a stream,
// and returns the endpoint of an engine with the table.
func fill(b *testing.B, table string, orgs, members int) (endpoint string) {
	b.Helper()
	e, err := engine.Start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(e.Close)
	if err := e.CreateTable(b.Context(), table); err != nil {
		b.Fatal(err)
	}
	stream(b, e, table, false)
	g, ctx := errgroup.WithContext(b.Context())
	g.SetLimit(4)
	for n := range orgs {
		g.Go(func() error { return fillOne(ctx, e.Client(), table, n, members) })
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	stream(b, e, table, true)
	return e.Endpoint
}

func stream(b *testing.B, e *engine.Engine, table string, on bool) {
	b.Helper()
	as := &types.StreamSpecification{StreamEnabled: aws.Bool(on)}
	if on {
		as.StreamViewType = types.StreamViewTypeNewAndOldImages
	}
	if _, err := e.Client().UpdateTable(b.Context(), &dynamodb.UpdateTableInput{TableName: &table, StreamSpecification: as}); err != nil {
		b.Fatal(err)
	}
}

// fillOne writes the nth organization; its first member is its Admin.
func fillOne(ctx context.Context, db *dynamodb.Client, table string, n, members int) error {
	o := org.ID(uuid.NewString())
	now := storetest.Stamp(storetest.Start)
	items := map[storetest.Key]storetest.Item{storetest.OrgKey(o): {
		"name": fmt.Sprintf("Company %d", n), "tier": "REGISTERED", "admins": 1, "created_at": now, "updated_at": now,
	}}
	for i := range members {
		sub, address := account.ID(uuid.NewString()), account.Address(fmt.Sprintf("person.%d@company-%d.example", i, n))
		role := "Technical"
		if i == 0 {
			role = "Admin"
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

package cost

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/engine"
)

// The engine must count as DynamoDB does, or the table of costs is worth nothing: a strongly consistent
// read takes a unit for each 4 kB, a write one for each kB, and in a transaction twice that, checks
// included.
func TestTheEngineCountsAsDynamoDBDoes(t *testing.T) {
	t.Parallel()
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	if err := e.CreateTable(t.Context(), "cost"); err != nil {
		t.Fatal(err)
	}
	db, total := e.Client(), types.ReturnConsumedCapacityTotal
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	key := func(sk string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{"PK": text("a"), "SK": text(sk)}
	}
	item := func(sk string, kB int) map[string]types.AttributeValue {
		i := key(sk)
		i["v"] = text(strings.Repeat("x", kB*1024-20))
		return i
	}
	is := func(what string, got *types.ConsumedCapacity, err error, want float64) {
		t.Helper()
		if err != nil || got == nil || aws.ToFloat64(got.CapacityUnits) != want {
			t.Errorf("%s: %v %+v, want %g", what, err, got, want)
		}
	}
	first := func(all []types.ConsumedCapacity) *types.ConsumedCapacity {
		if len(all) != 1 {
			return nil
		}
		return &all[0]
	}
	put, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("cost"), Item: item("3", 3), ReturnConsumedCapacity: total})
	is("a put of 3 kB", put.ConsumedCapacity, err, 3)
	put, err = db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("cost"), Item: item("9", 9), ReturnConsumedCapacity: total})
	is("a put of 9 kB", put.ConsumedCapacity, err, 9)
	get, err := db.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{
		RequestItems:           map[string]types.KeysAndAttributes{"cost": {Keys: []map[string]types.AttributeValue{key("3"), key("9"), key("none")}, ConsistentRead: aws.Bool(true)}},
		ReturnConsumedCapacity: total,
	})
	is("a consistent batch of 3 kB, 9 kB and nothing", first(get.ConsumedCapacity), err, 1+3+1)
	query, err := db.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("cost"), ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: total,
		KeyConditionExpression: aws.String("PK = :a"), ExpressionAttributeValues: map[string]types.AttributeValue{":a": text("a")},
	})
	is("a consistent query of 12 kB", query.ConsumedCapacity, err, 3)
	write, err := db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{
		ReturnConsumedCapacity: total,
		TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: aws.String("cost"), Item: item("2", 2)}},
			{ConditionCheck: &types.ConditionCheck{TableName: aws.String("cost"), Key: key("9"), ConditionExpression: aws.String("attribute_exists(PK)")}},
			{Update: &types.Update{
				TableName: aws.String("cost"), Key: key("3"), UpdateExpression: aws.String("SET n = :a"),
				ExpressionAttributeValues: map[string]types.AttributeValue{":a": text("a")},
			}},
			{Delete: &types.Delete{TableName: aws.String("cost"), Key: key("none")}},
		},
	})
	is("a transaction", first(write.ConsumedCapacity), err, 2*(2+9+3+1))
}

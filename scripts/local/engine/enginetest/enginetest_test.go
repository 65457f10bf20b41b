package enginetest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/engine"
	"roster/scripts/local/engine/enginetest"
)

func item(pk, sk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: pk},
		"SK": &types.AttributeValueMemberS{Value: sk},
	}
}

func put(table, pk, condition string) types.TransactWriteItem {
	p := &types.Put{TableName: &table, Item: item(pk, "ORG")}
	if condition != "" {
		p.ConditionExpression = &condition
	}
	return types.TransactWriteItem{Put: p}
}

func TestEveryNewTableIsFreshAndTheSharedOneIsOne(t *testing.T) {
	_, first := enginetest.New(t)
	_, second := enginetest.New(t)
	_, shared := enginetest.Shared(t)
	_, again := enginetest.Shared(t)
	if first == second || first == shared || shared != again {
		t.Fatalf("new %s and %s, shared %s and %s", first, second, shared, again)
	}
}

func TestCreatingATableAgainChangesNothing(t *testing.T) {
	e, table := enginetest.New(t)
	if _, err := e.Client().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item("A", "ORG")}); err != nil {
		t.Fatal(err)
	}
	if err := e.CreateTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	if n := count(t, e, table, "A"); n != 1 {
		t.Fatalf("%d items, want 1", n)
	}
}

func TestATableIsAsTheStackDeploysIt(t *testing.T) {
	e, name := enginetest.New(t)
	seen, err := e.Client().DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	table := seen.Table
	var keys []string
	for _, k := range table.KeySchema {
		keys = append(keys, string(k.KeyType)+" "+*k.AttributeName)
	}
	if diff := cmp.Diff([]string{"HASH PK", "RANGE SK"}, keys); diff != "" {
		t.Error(diff)
	}
	if table.BillingModeSummary.BillingMode != types.BillingModePayPerRequest {
		t.Errorf("billing %v", table.BillingModeSummary)
	}
	if table.StreamSpecification.StreamViewType != types.StreamViewTypeNewAndOldImages {
		t.Errorf("stream %v", table.StreamSpecification)
	}
	expiry, err := e.Client().DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	if d := expiry.TimeToLiveDescription; aws.ToString(d.AttributeName) != "ttl" || d.TimeToLiveStatus != types.TimeToLiveStatusEnabled {
		t.Errorf("expiry %v", d)
	}
}

func TestATransactionWithABrokenConditionWritesNothing(t *testing.T) {
	e, table := enginetest.New(t)
	_, err := e.Client().TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		put(table, "A", ""),
		put(table, "B", "attribute_exists(PK)"),
	}})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		t.Fatalf("error %v, want TransactionCanceledException", err)
	}
	var codes []string
	for _, reason := range cancelled.CancellationReasons {
		codes = append(codes, aws.ToString(reason.Code))
	}
	if diff := cmp.Diff([]string{"None", "ConditionalCheckFailed"}, codes); diff != "" {
		t.Error(diff)
	}
	if n := count(t, e, table, "A"); n != 0 {
		t.Fatalf("%d items, want none", n)
	}
}

func count(t *testing.T, e *engine.Engine, table, pk string) int32 {
	t.Helper()
	out, err := e.Client().Query(t.Context(), &dynamodb.QueryInput{
		TableName:                 &table,
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Count
}

func TestAChangeAppearsInTheStreamWithItsImage(t *testing.T) {
	e, table := enginetest.New(t)
	if _, err := e.Client().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item("A", "ORG")}); err != nil {
		t.Fatal(err)
	}
	records := records(t, e, table)
	if len(records) != 1 || records[0].EventName != streamtypes.OperationTypeInsert {
		t.Fatalf("records %v, want one INSERT", records)
	}
	image, ok := records[0].Dynamodb.NewImage["PK"].(*streamtypes.AttributeValueMemberS)
	if !ok || image.Value != "A" {
		t.Fatalf("new image %v", records[0].Dynamodb.NewImage)
	}
}

func records(t *testing.T, e *engine.Engine, table string) []streamtypes.Record {
	t.Helper()
	ctx, streams := t.Context(), e.Streams()
	list, err := streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: &table})
	if err != nil || len(list.Streams) != 1 {
		t.Fatalf("streams %v, error %v", list, err)
	}
	arn := list.Streams[0].StreamArn
	stream, err := streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for _, shard := range stream.StreamDescription.Shards {
			if found := read(t, streams, arn, shard.ShardId); len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

func read(t *testing.T, streams *dynamodbstreams.Client, arn, shard *string) []streamtypes.Record {
	t.Helper()
	start, err := streams.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
		StreamArn: arn, ShardId: shard, ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon,
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := streams.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: start.ShardIterator})
	if err != nil {
		t.Fatal(err)
	}
	return out.Records
}

package stream_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/engine/enginetest"
	"roster/scripts/local/stream"
)

// item has an attribute of every type.
var item = map[string]types.AttributeValue{
	"PK":   &types.AttributeValueMemberS{Value: "P"},
	"SK":   &types.AttributeValueMemberS{Value: "1"},
	"n":    &types.AttributeValueMemberN{Value: "1.5"},
	"b":    &types.AttributeValueMemberB{Value: []byte{1, 2}},
	"bool": &types.AttributeValueMemberBOOL{Value: true},
	"null": &types.AttributeValueMemberNULL{Value: true},
	"ss":   &types.AttributeValueMemberSS{Value: []string{"x"}},
	"ns":   &types.AttributeValueMemberNS{Value: []string{"2"}},
	"bs":   &types.AttributeValueMemberBS{Value: [][]byte{{3}}},
	"m":    &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"in": &types.AttributeValueMemberS{Value: "y"}}},
	"l":    &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberN{Value: "3"}}},
}

const (
	keys  = `{"PK":{"S":"P"},"SK":{"S":"1"}}`
	image = `{"PK":{"S":"P"},"SK":{"S":"1"},"n":{"N":"1.5"},"b":{"B":"AQI="},"bool":{"BOOL":true},"null":{"NULL":true},
		"ss":{"SS":["x"]},"ns":{"NS":["2"]},"bs":{"BS":["Aw=="]},"m":{"M":{"in":{"S":"y"}}},"l":{"L":[{"N":"3"}]}}`
	changed = `{"PK":{"S":"P"},"SK":{"S":"1"},"n":{"N":"2"}}`
)

func TestARecordHasTheShapeThatLambdaSends(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	ctx := t.Context()
	began := time.Now().Truncate(time.Second)
	for _, write := range []func() error{
		func() error {
			_, err := e.Client().PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: item})
			return err
		},
		func() error {
			next := map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"], "n": &types.AttributeValueMemberN{Value: "2"}}
			_, err := e.Client().PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: next})
			return err
		},
		func() error {
			key := map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"]}
			_, err := e.Client().DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &table, Key: key})
			return err
		},
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	var payload []byte
	m, _ := run(t, e, table, stream.Consumer{Invoke: func(_ context.Context, p []byte) ([]byte, error) {
		payload = p
		return nil, nil
	}})
	settle(t, m)
	arn, err := stream.Of(e.Client(), table)(ctx)
	if err != nil {
		t.Fatal(err)
	}
	check(t, payload, arn, began)
}

// check compares the payload, field by field of its JSON, but for what differs from run to run.
func check(t *testing.T, payload []byte, arn string, began time.Time) {
	t.Helper()
	var got struct{ Records []map[string]any }
	var typed events.DynamoDBEvent
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &typed); err != nil {
		t.Fatal(err)
	}
	for i, r := range got.Records {
		if typed.Records[i].EventID == "" || typed.Records[i].Change.SequenceNumber == "" || typed.Records[i].Change.SizeBytes == 0 {
			t.Errorf("record without id, number or size: %v", r)
		}
		if typed.Records[i].Change.ApproximateCreationDateTime.Before(began) {
			t.Errorf("record from the past: %v", r)
		}
		for _, field := range []string{"eventID", "eventVersion", "awsRegion"} {
			delete(r, field)
		}
		for _, field := range []string{"SequenceNumber", "SizeBytes", "ApproximateCreationDateTime"} {
			delete(r["dynamodb"].(map[string]any), field)
		}
	}
	want := []map[string]any{
		record("INSERT", arn, `"NewImage":`+image),
		record("MODIFY", arn, `"NewImage":`+changed+`,"OldImage":`+image),
		record("REMOVE", arn, `"OldImage":`+changed),
	}
	if diff := cmp.Diff(want, got.Records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func record(name, arn, images string) (r map[string]any) {
	text := `{"eventName":"` + name + `","eventSource":"aws:dynamodb","eventSourceARN":"` + arn + `",
		"dynamodb":{"Keys":` + keys + `,"StreamViewType":"NEW_AND_OLD_IMAGES",` + images + `}}`
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		panic(err)
	}
	return r
}

func TestATableWithoutAStreamIsAnError(t *testing.T) {
	t.Parallel()
	e, _ := enginetest.New(t)
	plain := "plain-" + time.Now().Format("150405.000000000")
	_, err := e.Client().CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            &plain,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("PK"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("PK"), KeyType: types.KeyTypeHash}},
		BillingMode:          types.BillingModePayPerRequest,
	})
	if err != nil {
		t.Fatal(err)
	}
	if arn, err := stream.Of(e.Client(), plain)(t.Context()); err == nil {
		t.Errorf("stream %s", arn)
	}
}

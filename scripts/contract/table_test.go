package contract

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
)

// A table is a cloud's, seen and changed behind its functions' back.
type table struct {
	client *dynamodb.Client
	name   string
}

func tableOf(c *cloudtest.Cloud) table {
	return table{dynamodb.New(dynamodb.Options{
		Region: engine.Region, BaseEndpoint: &c.DynamoDB,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: engine.AccessKey, SecretAccessKey: engine.SecretKey}, nil
		}),
	}), c.Table}
}

// dump returns every item as a line of JSON, sorted: equal dumps are equal tables, byte by byte.
func (tb table) dump(t testing.TB) string {
	t.Helper()
	in := &dynamodb.ScanInput{TableName: &tb.name, ConsistentRead: aws.Bool(true)}
	var lines []string
	for {
		out, err := tb.client.Scan(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range out.Items {
			line, err := json.Marshal(plain(t, i))
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(line))
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			slices.Sort(lines)
			return strings.Join(lines, "\n")
		}
	}
}

// partition returns the items of a partition whose sort keys begin so, in order.
func (tb table) partition(t testing.TB, pk, sk string) []object {
	t.Helper()
	in := &dynamodb.QueryInput{
		TableName: &tb.name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("PK = :pk AND begins_with(SK, :sk)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(pk), ":sk": text(sk)},
	}
	if sk == "" {
		in.KeyConditionExpression = aws.String("PK = :pk")
		delete(in.ExpressionAttributeValues, ":sk")
	}
	var all []object
	for {
		out, err := tb.client.Query(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range out.Items {
			all = append(all, plain(t, i))
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return all
		}
	}
}

// set gives an item that is there another value of one attribute.
func (tb table) set(t testing.TB, pk, sk, attribute, value string) {
	t.Helper()
	_, err := tb.client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &tb.name, Key: key(pk, sk),
		UpdateExpression:          aws.String("SET #a = :v"),
		ConditionExpression:       aws.String("attribute_exists(#a)"),
		ExpressionAttributeNames:  map[string]string{"#a": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": text(value)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drop deletes an item, as TTL does.
func (tb table) drop(t testing.TB, pk, sk string) {
	t.Helper()
	_, err := tb.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: &tb.name, Key: key(pk, sk), ConditionExpression: aws.String("attribute_exists(PK)"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func key(pk, sk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": text(pk), "SK": text(sk)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func plain(t testing.TB, item map[string]types.AttributeValue) object {
	t.Helper()
	var o object
	err := attributevalue.UnmarshalMapWithOptions(item, &o, func(o *attributevalue.DecoderOptions) { o.UseNumber = true })
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// mailed waits until SES delivered the latest mail to a row, and what the table says of it will not
// change by itself any more.
func mailed(t testing.TB, c *cloudtest.Cloud, org, member string) {
	t.Helper()
	tb := tableOf(c)
	eventually(t, "the invitation's mail is delivered", func() bool {
		i := tb.partition(t, "ORG#"+org, "INVITATION#"+member)
		return len(i) == 1 && i[0]["delivery"] == "delivered"
	})
}

// expire lets an invitation that was mailed end a second ago.
func expire(t testing.TB, c *cloudtest.Cloud, org, member string) (ended string) {
	t.Helper()
	mailed(t, c, org, member)
	ended = time.Now().UTC().Add(-time.Second).Format("2006-01-02T15:04:05.000000Z")
	tableOf(c).set(t, "ORG#"+org, "INVITATION#"+member, "expires_at", ended)
	return ended
}

// sweep deletes an expired invitation's item, as TTL does days later.
func sweep(t testing.TB, c *cloudtest.Cloud, org, member string) {
	t.Helper()
	ended := expire(t, c, org, member)
	tb := tableOf(c)
	tb.set(t, "ORG#"+org, "MEMBER#"+member, "expires_at", ended)
	tb.drop(t, "ORG#"+org, "INVITATION#"+member)
}

// settle waits until the stream's consumers have done what there was to do, and no more comes of it.
func settle(t testing.TB, c *cloudtest.Cloud) (dump string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tb := tableOf(c)
	for before := ""; ; before = dump {
		if err := c.Settled(ctx); err != nil {
			t.Fatalf("the background work does not settle: %v", err)
		}
		if dump = tb.dump(t); dump == before {
			return dump
		}
	}
}

// difference returns the lines that only one of two dumps has.
func difference(before, after string) string {
	var b strings.Builder
	had, has := strings.Split(before, "\n"), strings.Split(after, "\n")
	for _, line := range had {
		if !slices.Contains(has, line) {
			b.WriteString("- " + line + "\n")
		}
	}
	for _, line := range has {
		if !slices.Contains(had, line) {
			b.WriteString("+ " + line + "\n")
		}
	}
	return b.String()
}

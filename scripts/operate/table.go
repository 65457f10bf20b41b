package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A row is what this command reads of an item; store's package comment says which has what.
type row struct {
	PK, SK    string
	Status    string `dynamodbav:"status"`
	Role      string `dynamodbav:"role"`
	Account   string `dynamodbav:"account"`
	Delivery  string `dynamodbav:"delivery"`
	QueuedAt  string `dynamodbav:"queued_at"`
	DeletedAt string `dynamodbav:"deleted_at"`
	PurgedAt  string `dynamodbav:"purged_at"`
}

// org is the id of the organization that the row is of.
func (r row) org() string { return strings.TrimPrefix(r.PK, "ORG#") }

// scan hands each the rows that pass the filter, with the named attributes and their keys. It walks
// the whole table, which no function may: it costs half a read unit for each 4 kB that are stored, takes
// minutes where there are gigabytes, and its pages follow each other so that the living keep the
// table's capacity. What it sees may be some seconds old: changes state what they rely on again.
func (o *operator) scan(ctx context.Context, filter expression.ConditionBuilder, names []string, each func(row)) error {
	list := expression.NamesList(expression.Name("PK"), expression.Name("SK"))
	for _, n := range names {
		list = list.AddNames(expression.Name(n))
	}
	e, err := expression.NewBuilder().WithFilter(filter).WithProjection(list).Build()
	if err != nil {
		return err
	}
	pages := dynamodb.NewScanPaginator(o.client, &dynamodb.ScanInput{
		TableName: &o.table, FilterExpression: e.Filter(), ProjectionExpression: e.Projection(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return fmt.Errorf("there is no table %s in %s", o.table, o.client.Options().Region)
		}
		if err != nil {
			return err
		}
		var rows []row
		if err := attributevalue.UnmarshalListOfMaps(page.Items, &rows); err != nil {
			return err
		}
		for _, r := range rows {
			each(r)
		}
	}
	return nil
}

func is(name, value string) expression.ConditionBuilder {
	return expression.Name(name).Equal(expression.Value(value))
}

func begins(name, prefix string) expression.ConditionBuilder {
	return expression.Name(name).BeginsWith(prefix)
}

// since tells how long ago a stamp of the table was; "?" for what is none.
func since(stamp string, now time.Time) string {
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return "?"
	}
	return now.Sub(at).Round(time.Second).String()
}

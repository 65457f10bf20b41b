package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The attribute names that a table of Roster has besides its items' own.
const (
	partitionKey = "PK"
	sortKey      = "SK"
	ttl          = "ttl"
)

// CreateTable makes the table that the stack deploys: string keys PK and SK, on demand, a stream of
// new and old images, expiry by the attribute ttl. A table of that name that exists is left as it
// is, but for its expiry.
func (e *Engine) CreateTable(ctx context.Context, name string) error {
	_, err := e.client.CreateTable(ctx, definition(name))
	var exists *types.ResourceInUseException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("engine: create table %s: %w", name, err)
	}
	if err := e.expire(ctx, name); err != nil {
		return fmt.Errorf("engine: expiry of table %s: %w", name, err)
	}
	return nil
}

// expire turns expiry on. DynamoDB refuses to turn on what is on, hence the look.
func (e *Engine) expire(ctx context.Context, name string) error {
	seen, err := e.client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return err
	}
	if d := seen.TimeToLiveDescription; d != nil && d.TimeToLiveStatus == types.TimeToLiveStatusEnabled {
		return nil
	}
	_, err = e.client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName:               &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(ttl), Enabled: aws.Bool(true)},
	})
	return err
}

func definition(name string) *dynamodb.CreateTableInput {
	text := func(attribute string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &attribute, AttributeType: types.ScalarAttributeTypeS}
	}
	return &dynamodb.CreateTableInput{
		TableName:            &name,
		AttributeDefinitions: []types.AttributeDefinition{text(partitionKey), text(sortKey)},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(partitionKey), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(sortKey), KeyType: types.KeyTypeRange},
		},
		BillingMode: types.BillingModePayPerRequest,
		StreamSpecification: &types.StreamSpecification{
			StreamEnabled:  aws.Bool(true),
			StreamViewType: types.StreamViewTypeNewAndOldImages,
		},
	}
}

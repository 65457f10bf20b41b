package cloud

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"roster/scripts/local/engine"
)

// A database is what the event source mapping reads.
type database struct {
	client  *dynamodb.Client
	streams *dynamodbstreams.Client
}

// openDatabase returns the engine that o names, or one with a table of its own.
func (c *Cloud) openDatabase(ctx context.Context, o Options) (database, error) {
	c.Table = cmp.Or(o.Table, defaultTable)
	if o.DynamoDB != "" {
		c.DynamoDB = o.DynamoDB
		return clients(o.DynamoDB), nil
	}
	e, err := engine.Start(ctx)
	if err != nil {
		return database{}, err
	}
	c.onClose(e.Close)
	c.DynamoDB = e.Endpoint
	return database{e.Client(), e.Streams()}, e.CreateTable(ctx, c.Table)
}

// clients returns clients of an engine that somebody else started.
func clients(endpoint string) database {
	config := aws.Config{
		Region:       engine.Region,
		BaseEndpoint: &endpoint,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: engine.AccessKey, SecretAccessKey: engine.SecretKey}, nil
		}),
	}
	return database{dynamodb.NewFromConfig(config), dynamodbstreams.NewFromConfig(config)}
}

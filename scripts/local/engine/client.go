package engine

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// Every client of one engine states the same region and credentials, functions included: they are
// not checked, but DynamoDB Local keeps a separate database for each pair of them.
const (
	Region    = "us-east-1"
	AccessKey = "local" // letters and digits only, or DynamoDB Local refuses it
	SecretKey = "local"
)

func newEngine(endpoint string, closer func()) *Engine {
	config := aws.Config{Region: Region, Credentials: aws.CredentialsProviderFunc(credentials)}
	return &Engine{
		Endpoint: endpoint,
		client: dynamodb.NewFromConfig(config, func(o *dynamodb.Options) {
			o.BaseEndpoint = aws.String(endpoint)
		}),
		streams: dynamodbstreams.NewFromConfig(config, func(o *dynamodbstreams.Options) {
			o.BaseEndpoint = aws.String(endpoint)
		}),
		close: closer,
	}
}

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: AccessKey, SecretAccessKey: SecretKey}, nil
}

package stream

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// A place names a shard and the one that it continues.
type place struct{ stream, id, parent string }

func (p place) key() string       { return p.stream + "/" + p.id }
func (p place) parentKey() string { return p.stream + "/" + p.parent }

// Of returns a function that finds the stream of a table, for Config.
func Of(db *dynamodb.Client, table string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		out, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
		if err != nil {
			return "", err
		}
		if out.Table.LatestStreamArn == nil {
			return "", fmt.Errorf("table %s has no stream", table)
		}
		return *out.Table.LatestStreamArn, nil
	}
}

// look returns all shards that the stream has now.
func (c Config) look(ctx context.Context) ([]place, error) {
	arn, err := c.Stream(ctx)
	if err != nil {
		return nil, err
	}
	var all []place
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: &arn}
	for {
		out, err := c.Client.DescribeStream(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, s := range out.StreamDescription.Shards {
			all = append(all, place{arn, aws.ToString(s.ShardId), aws.ToString(s.ParentShardId)})
		}
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return all, nil
		}
	}
}

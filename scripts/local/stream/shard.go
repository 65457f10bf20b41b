package stream

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// A state is how far a consumer is with a shard.
type state int

const (
	unread state = iota // or given back after it vanished
	reading
	finished // closed, and read to its end
	lost     // no longer there, as when the table was made anew
)

// A shard is one consumer's view of a shard.
type shard struct {
	place    place
	position string // sequence number of the last record that is done with, "" for none; its reader's alone

	// What follows is guarded by the follower.
	state state
	empty time.Time // when the last read began that found nothing
}

// read hands the records of s to the consumer until the shard ends, vanishes, or ctx ends.
func (s *shard) read(ctx context.Context, f *follower) {
	defer f.set(func() { s.leave() })
	var iterator *string
	for ctx.Err() == nil && f.reads(s) {
		began := time.Now()
		page, err := s.page(ctx, f.config.Client, iterator)
		f.trouble.note(ctx, "read "+s.place.id, err)
		if err != nil {
			s.recover(err)
			iterator = nil
			pause(ctx, f.config.Every)
			continue
		}
		if !s.process(ctx, f, page.Records) {
			return
		}
		if iterator = page.NextShardIterator; iterator == nil {
			f.set(func() { s.state = finished })
			return
		}
		if len(page.Records) == 0 {
			f.set(func() { s.empty = began })
			f.rest(ctx, f.config.Every)
		}
	}
}

// leave lets a later Run go on at the position.
func (s *shard) leave() {
	if s.state == reading {
		s.state = unread
	}
}

// recover goes on with the oldest record that there is when the next one is gone.
func (s *shard) recover(err error) {
	var trimmed *types.TrimmedDataAccessException
	if errors.As(err, &trimmed) {
		s.position = ""
	}
}

// page returns what comes next. Without an iterator, which expires, it starts behind the position.
func (s *shard) page(ctx context.Context, client *dynamodbstreams.Client, iterator *string) (*dynamodbstreams.GetRecordsOutput, error) {
	if iterator == nil {
		in := &dynamodbstreams.GetShardIteratorInput{
			StreamArn: &s.place.stream, ShardId: &s.place.id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
		}
		if s.position != "" {
			in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, aws.String(s.position)
		}
		out, err := client.GetShardIterator(ctx, in)
		if err != nil {
			return nil, err
		}
		iterator = out.ShardIterator
	}
	return client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
}

// process delivers the records that pass the filter, a batch at a time, and moves the position. It
// says false when ctx ended before all of them were done with.
func (s *shard) process(ctx context.Context, f *follower, records []types.Record) bool {
	var batch []events.DynamoDBEventRecord
	for i, r := range records {
		if e := event(s.place.stream, r); f.consumer.Filter(e) {
			batch = append(batch, e)
		}
		if len(batch) < f.consumer.BatchSize && i < len(records)-1 {
			continue
		}
		if !f.deliver(ctx, batch) {
			return false
		}
		s.position, batch = aws.ToString(r.Dynamodb.SequenceNumber), nil
	}
	return true
}

func everything(events.DynamoDBEventRecord) bool { return true }

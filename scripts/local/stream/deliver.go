package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// The pauses between tries of one batch.
const (
	firstPause = 200 * time.Millisecond
	lastPause  = 3 * time.Second
)

// deliver hands batch to the consumer until all of it is processed or given up. It says false when
// ctx ended first. A function error halves the batch, so that one bad record ends up alone.
func (f *follower) deliver(ctx context.Context, batch []events.DynamoDBEventRecord) bool {
	for wait := firstPause; len(batch) > 0; wait = min(2*wait, lastPause) {
		left, err := f.try(ctx, batch)
		if ctx.Err() != nil {
			return false
		}
		if batch = f.giveUp(left); len(batch) == 0 {
			return true
		}
		if !pause(ctx, wait) {
			return false
		}
		if half := len(batch) / 2; err != nil && half > 0 {
			return f.deliver(ctx, batch[:half]) && f.deliver(ctx, batch[half:])
		}
	}
	return true
}

// try invokes the function once and returns what it left: nothing, everything from the first
// record that it reports as failed, or all of it together with the function's error.
func (f *follower) try(ctx context.Context, batch []events.DynamoDBEventRecord) ([]events.DynamoDBEventRecord, error) {
	answer, err := f.consumer.Invoke(ctx, encode(batch))
	if err != nil {
		f.trouble.say(fmt.Sprintf("batch of %d failed: %v", len(batch), err))
		return batch, err
	}
	failed, err := failures(answer)
	if err != nil {
		f.trouble.say(fmt.Sprintf("batch of %d: answer not understood: %v", len(batch), err))
		return batch, err
	}
	left := after(batch, failed)
	if len(left) > 0 {
		f.trouble.say(fmt.Sprintf("batch of %d: %d failed", len(batch), len(failed)))
	}
	return left, nil
}

// failures reads which records a function reports as failed. No answer at all reports none.
func failures(answer []byte) ([]string, error) {
	if len(bytes.TrimSpace(answer)) == 0 {
		return nil, nil
	}
	var response events.DynamoDBEventResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		return nil, err
	}
	var ids []string
	for _, f := range response.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids, nil
}

// after returns batch from the first failed record on. A failure that names no record of the batch
// means all of it, as Lambda has it.
func after(batch []events.DynamoDBEventRecord, failed []string) []events.DynamoDBEventRecord {
	first := len(batch)
	for _, id := range failed {
		at := slices.IndexFunc(batch, func(r events.DynamoDBEventRecord) bool { return r.Change.SequenceNumber == id })
		first = min(first, max(at, 0))
	}
	return batch[first:]
}

// giveUp sends the records of left that are too old to the failure destination and returns the
// others. The oldest come first in a shard.
func (f *follower) giveUp(left []events.DynamoDBEventRecord) []events.DynamoDBEventRecord {
	young := slices.IndexFunc(left, func(r events.DynamoDBEventRecord) bool {
		return time.Since(r.Change.ApproximateCreationDateTime.Time) < f.consumer.MaxAge
	})
	if young < 0 {
		young = len(left)
	}
	if young > 0 {
		f.trouble.say(fmt.Sprintf("gave up %d records", young))
		if f.consumer.Failed != nil {
			f.consumer.Failed(encode(left[:young]))
		}
	}
	return left[young:]
}

// encode returns the event of a batch. Its values come from a decoder, so they can be encoded.
func encode(batch []events.DynamoDBEventRecord) []byte {
	payload, err := json.Marshal(events.DynamoDBEvent{Records: batch})
	if err != nil {
		panic(fmt.Sprintf("stream: encode a batch: %v", err))
	}
	return payload
}

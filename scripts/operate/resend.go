package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	// most is how many are sent again at once; the next run goes on.
	most = 1000
	// patience is how many may fail before a run ends: what ails one ails all.
	patience = 5
	// hidden is how long a message that was looked at is nobody else's, in seconds: longer than any
	// function takes.
	hidden = 120
)

// An errand sends again what was given up. Whatever a function takes is deleted; what fails stays, and
// may be sent as often as it likes: the functions look into the table first.
type errand struct {
	*estate
	dry            bool
	sent, failures int
}

// resend sends the records of the bucket and the events of the queue to their functions. dry only says
// what it would send.
func (e *estate) resend(ctx context.Context, dry bool) error {
	at, err := e.places(ctx)
	if err != nil {
		return err
	}
	if !dry {
		if err := e.ask("Send the failed records and events of stage %s again?", e.stage); err != nil {
			return err
		}
	}
	r := &errand{estate: e, dry: dry}
	err = r.fromBucket(ctx, at.bucket)
	if err == nil && !r.over() {
		err = r.fromQueue(ctx, at.queue)
	}
	fmt.Fprintf(e.out, "%d %s, %d failed\n", r.sent, map[bool]string{false: "sent again", true: "would be sent again"}[dry], r.failures)
	switch {
	case err != nil:
		return err
	case r.failures >= patience:
		return fmt.Errorf("ended after %d failures; what failed is still there", r.failures)
	case r.failures > 0:
		return errors.New("what failed is still there")
	case r.sent >= most:
		return fmt.Errorf("ended after %d: run it again for more", most)
	}
	return nil
}

func (r *errand) over() bool { return r.failures >= patience || r.sent >= most }

func (r *errand) fromBucket(ctx context.Context, bucket string) error {
	return r.each(ctx, bucket, func(key string, _ time.Time) error {
		g, err := r.read(ctx, bucket, key)
		if err == nil && g.Records == "" {
			err = errors.New("it holds no records")
		}
		r.one(key, err, g.Context.Function, func(function string) error {
			if err := r.invoke(ctx, function, []byte(g.Records)); err != nil {
				return err
			}
			_, err := r.records.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
			return notDeleted(err)
		})
		if r.over() {
			return errEnough
		}
		return ctx.Err()
	})
}

// fromQueue receives until a look at all of the queue finds nothing more. What failed is hidden until
// long after that.
func (r *errand) fromQueue(ctx context.Context, queue string) error {
	for seen := map[string]bool{}; !r.over(); {
		got, err := r.events.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &queue, MaxNumberOfMessages: 1, WaitTimeSeconds: 2, VisibilityTimeout: hidden, MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			return err
		}
		if len(got.Messages) == 0 || seen[aws.ToString(got.Messages[0].MessageId)] {
			return nil
		}
		m := got.Messages[0]
		seen[aws.ToString(m.MessageId)] = true
		function, event, err := opened(m)
		r.one("message "+aws.ToString(m.MessageId), err, function, func(function string) error {
			if err := r.invoke(ctx, function, event); err != nil {
				return err
			}
			_, err := r.events.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle})
			return notDeleted(err)
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// opened returns the event of a message and the function that it was for. EventBridge's are the event,
// with the target beside it; Lambda's hold the event.
func opened(m types.Message) (function string, event []byte, err error) {
	body := []byte(aws.ToString(m.Body))
	if target, ok := m.MessageAttributes["TARGET_ARN"]; ok {
		return aws.ToString(target.StringValue), body, nil
	}
	var g given
	if err := json.Unmarshal(body, &g); err != nil || len(g.Event) == 0 {
		return "", nil, errors.New("it is neither EventBridge's nor Lambda's")
	}
	return g.Context.Function, g.Event, nil
}

// one does one of them and says what became of it where that is not good.
func (r *errand) one(what string, err error, arn string, send func(function string) error) {
	var function string
	if err == nil {
		function, err = r.function(arn)
	}
	if err == nil && r.dry {
		fmt.Fprintf(r.out, "%s to %s\n", what, r.short(arn))
	}
	if err == nil && !r.dry {
		err = send(function)
	}
	if err != nil {
		r.failures++
		fmt.Fprintf(r.out, "%s: %v\n", what, err)
		return
	}
	r.sent++
}

// invoke has the function process an event, and returns why it did not, wholly or in part.
func (r *errand) invoke(ctx context.Context, function string, event []byte) error {
	got, err := r.functions.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: event})
	if err != nil {
		return err
	}
	var answer struct {
		Message string `json:"errorMessage"`
		Failed  []any  `json:"batchItemFailures"`
	}
	// An answer that is no object says nothing of failures.
	unread := json.Unmarshal(got.Payload, &answer)
	switch {
	case got.FunctionError != nil:
		return fmt.Errorf("%s failed: %.200s", function, answer.Message)
	case unread != nil && string(got.Payload) != "null":
		return fmt.Errorf("%s answered what is no JSON object", function)
	case len(answer.Failed) > 0:
		return fmt.Errorf("%s failed on %d of the records", function, len(answer.Failed))
	}
	return nil
}

func notDeleted(err error) error {
	if err != nil {
		return fmt.Errorf("it was processed, and not deleted: %w", err)
	}
	return nil
}

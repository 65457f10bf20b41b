package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// root is below what Lambda keeps the records that it gave up, each as
// <mapping>/<shard>/<year>/<month>/<day>/<time>-<random>.
const root = "aws/lambda/"

// A given is what Lambda says of what it gave up, in the bucket and in the queue.
type given struct {
	Context struct {
		Function  string `json:"functionArn"`
		Condition string `json:"condition"`
	} `json:"requestContext"`
	Records string          `json:"payload"`        // of a stream: the whole event, as text
	Event   json.RawMessage `json:"requestPayload"` // of an invocation
}

// A heap is what was given up of one mapping of the stream to a function.
type heap struct {
	first          string // the key of one of them
	objects        int
	oldest, newest time.Time
}

// failed prints what could not be processed: of the stream by function, of events how many.
func (e *estate) failed(ctx context.Context) error {
	at, err := e.places(ctx)
	if err != nil {
		return err
	}
	heaps := map[string]*heap{}
	err = e.each(ctx, at.bucket, func(key string, when time.Time) error {
		mapping, _, _ := strings.Cut(strings.TrimPrefix(key, root), "/")
		h := heaps[mapping]
		if h == nil {
			h = &heap{first: key, oldest: when, newest: when}
			heaps[mapping] = h
		}
		h.objects++
		if when.Before(h.oldest) {
			h.oldest = when
		}
		if when.After(h.newest) {
			h.newest = when
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, mapping := range slices.Sorted(maps.Keys(heaps)) {
		h := heaps[mapping]
		g, err := e.read(ctx, at.bucket, h.first)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s: %d batches of records, given up from %s to %s\n", e.short(g.Context.Function), h.objects,
			h.oldest.UTC().Format(time.RFC3339), h.newest.UTC().Format(time.RFC3339))
	}
	if len(heaps) == 0 {
		fmt.Fprintln(e.out, "no records of the stream")
	}
	return e.count(ctx, at.queue)
}

// count prints how many events lie in the queue.
func (e *estate) count(ctx context.Context, queue string) error {
	got, err := e.events.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &queue, AttributeNames: []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "about %s events, and %s that somebody looks at\n",
		got.Attributes["ApproximateNumberOfMessages"], got.Attributes["ApproximateNumberOfMessagesNotVisible"])
	return nil
}

// places is where lies what could not be processed.
type places struct{ bucket, queue string }

func (e *estate) places(ctx context.Context) (p places, err error) {
	outputs, err := e.deployed(ctx)
	if err != nil {
		return p, err
	}
	var missing [2]error
	p.bucket, missing[0] = output(outputs, "FailedRecordsBucket")
	p.queue, missing[1] = output(outputs, "FailedEventsURL")
	return p, errors.Join(missing[:]...)
}

// errEnough ends a walk through the bucket.
var errEnough = errors.New("enough")

// each walks through the bucket, shard by shard in the order of time. errEnough of f ends it well.
func (e *estate) each(ctx context.Context, bucket string, f func(key string, when time.Time) error) error {
	pages := s3.NewListObjectsV2Paginator(e.records, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: aws.String(root)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("bucket %s: %w", bucket, err)
		}
		for _, o := range page.Contents {
			err := f(aws.ToString(o.Key), aws.ToTime(o.LastModified))
			if errors.Is(err, errEnough) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *estate) read(ctx context.Context, bucket, key string) (g given, err error) {
	got, err := e.records.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return g, fmt.Errorf("%s: %w", key, err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		return g, fmt.Errorf("%s: %w", key, err)
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return g, fmt.Errorf("%s is no record of Lambda's: %w", key, err)
	}
	return g, nil
}

// short is the name of a function of this stage, without what all of them have; the whole text for
// anything else.
func (e *estate) short(arn string) string {
	name, err := e.function(arn)
	if err != nil {
		return arn
	}
	return strings.TrimPrefix(name, e.stack()+"-")
}

// function returns the name in an ARN, which must be a function's of this stage: what lies in a bucket
// does not choose what an operator invokes.
func (e *estate) function(arn string) (string, error) {
	parts := strings.Split(arn, ":") // arn:aws:lambda:<region>:<account>:function:<name>, and perhaps a version
	if len(parts) < 7 || parts[2] != "lambda" || !strings.HasPrefix(parts[6], e.stack()+"-") {
		return "", fmt.Errorf("%q is no function of %s", arn, e.stack())
	}
	return parts[6], nil
}

// Package stream is the event source mapping between a DynamoDB stream and functions: it reads the
// stream's shards, filters their records and hands them to each consumer in batches, in order per
// shard and at least once. What fails is tried again, in halves and from the record that failed,
// and after a time goes to the failure destination.
package stream

import (
	"cmp"
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

const (
	defaultEvery     = 100 * time.Millisecond
	defaultBatchSize = 10
	defaultMaxAge    = time.Hour

	looks = 10 // pauses between looks for shards, which come and go much less than records
)

// Config says which stream is read and who reads it.
type Config struct {
	Client    *dynamodbstreams.Client
	Stream    func(context.Context) (arn string, err error) // asked again and again: a new table has a new stream
	Consumers []Consumer
	Log       io.Writer     // takes a line per failure; nothing when nil
	Every     time.Duration // pause between reads that find nothing, 100 ms when zero; ten times that between looks for shards
}

// A Consumer is one function on the stream. Consumers do not wait for each other.
type Consumer struct {
	Name      string
	Filter    func(events.DynamoDBEventRecord) bool                     // of the records that it gets; all when nil
	Invoke    func(ctx context.Context, payload []byte) ([]byte, error) // gets a DynamoDBEvent, may answer with batch item failures
	BatchSize int                                                       // 10 when zero
	MaxAge    time.Duration                                             // of a record that keeps failing; an hour when zero
	Failed    func(batch []byte)                                        // the failure destination: gets the event that was given up; may be nil
}

// A Mapping feeds the consumers of one stream while Run runs.
type Mapping struct {
	config    Config
	followers []*follower
	fault     atomic.Pointer[Fault]
}

// A Fault stands between a stream and its consumers. It gets a batch for the consumer of that name as
// what hands it on, which it may call late, or more than once: the stream promises no more than that.
type Fault func(consumer string, hand func() ([]byte, error)) ([]byte, error)

// SetFault makes batches meet a fault from now on; nil ends it.
func (m *Mapping) SetFault(f Fault) {
	if f == nil {
		m.fault.Store(nil)
		return
	}
	m.fault.Store(&f)
}

// faulty is a consumer whose batches meet the mapping's fault.
func (m *Mapping) faulty(c Consumer) Consumer {
	invoke := c.Invoke
	c.Invoke = func(ctx context.Context, payload []byte) ([]byte, error) {
		hand := func() ([]byte, error) { return invoke(ctx, payload) }
		if f := m.fault.Load(); f != nil {
			return (*f)(c.Name, hand)
		}
		return hand()
	}
	return c
}

// New returns a mapping that has read nothing yet.
func New(c Config) *Mapping {
	c.Every = cmp.Or(c.Every, defaultEvery)
	if c.Log == nil {
		c.Log = io.Discard
	}
	m := &Mapping{config: c}
	for _, consumer := range c.Consumers {
		m.followers = append(m.followers, newFollower(c, m.faulty(consumer)))
	}
	return m
}

// Run reads from the oldest record that the stream still has, until ctx ends; then it returns when
// the last invocation is over. Where it had got to is kept, so that it may be run again.
func (m *Mapping) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, f := range m.followers {
		all.Go(func() { f.run(ctx) })
	}
	all.Wait()
}

// Settled waits until every consumer has processed, or given up, everything that was in the stream
// when it was called. What consumers write meanwhile may be processed or not. The error is ctx's.
func (m *Mapping) Settled(ctx context.Context) error {
	since := time.Now()
	for _, f := range m.followers {
		next := time.Duration(0) // less and less often, for what takes its time anyway
		for !f.settled(since) {
			if waited := time.Since(since); waited >= next {
				f.hurry()
				next = 2*waited + time.Millisecond
			}
			if !pause(ctx, time.Millisecond) {
				return ctx.Err()
			}
		}
	}
	return nil
}

// pause waits; it says false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

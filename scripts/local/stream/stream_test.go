package stream_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/engine"
	"roster/scripts/local/engine/enginetest"
	"roster/scripts/local/stream"
)

// A function is a consumer that keeps the sort keys of what it gets and answers as a test says.
type function struct {
	mu      sync.Mutex
	batches [][]string
	given   [][]string // to the failure destination
	// answer says what it makes of a batch; nil means success. It gets the records' sort keys and
	// sequence numbers, in order.
	answer func(keys, numbers []string) (string, error)
}

func (f *function) invoke(_ context.Context, payload []byte) ([]byte, error) {
	keys, numbers := read(payload)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.batches = append(f.batches, keys)
	if f.answer == nil {
		return nil, nil
	}
	answer, err := f.answer(keys, numbers)
	return []byte(answer), err
}

func (f *function) failed(batch []byte) {
	keys, _ := read(batch)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.given = append(f.given, keys)
}

// seen returns every key that it got, in order, repeats included.
func (f *function) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Concat(f.batches...)
}

func read(payload []byte) (keys, numbers []string) {
	var e events.DynamoDBEvent
	if err := json.Unmarshal(payload, &e); err != nil {
		panic(err)
	}
	for _, r := range e.Records {
		keys = append(keys, r.Change.Keys["SK"].String())
		numbers = append(numbers, r.Change.SequenceNumber)
	}
	return keys, numbers
}

func (f *function) consumer(c stream.Consumer) stream.Consumer {
	c.Name, c.Invoke, c.Failed = "function", f.invoke, f.failed
	return c
}

// run runs a mapping of table to consumers until the test ends or stop is called.
func run(t *testing.T, e *engine.Engine, table string, consumers ...stream.Consumer) (m *stream.Mapping, stop func()) {
	t.Helper()
	m = stream.New(stream.Config{
		Client: e.Streams(), Stream: stream.Of(e.Client(), table), Consumers: consumers, Every: 5 * time.Millisecond,
	})
	return m, start(t, m)
}

func start(t *testing.T, m *stream.Mapping) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

func settle(t *testing.T, m *stream.Mapping) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := m.Settled(ctx); err != nil {
		t.Fatalf("the stream does not settle: %v", err)
	}
}

func put(t *testing.T, e *engine.Engine, table string, keys ...string) {
	t.Helper()
	for _, key := range keys {
		item := map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "P"}, "SK": &types.AttributeValueMemberS{Value: key},
		}
		if _, err := e.Client().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestRecordsArriveInOrderFromTheOldestOn(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1", "2")
	f := &function{}
	m, _ := run(t, e, table, f.consumer(stream.Consumer{}))
	settle(t, m)
	put(t, e, table, "3")
	settle(t, m)
	equal(t, "records", f.seen(), []string{"1", "2", "3"})
}

func TestBatchesAreNoLargerThanAsked(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1", "2", "3", "4", "5")
	f := &function{}
	m, _ := run(t, e, table, f.consumer(stream.Consumer{BatchSize: 2}))
	settle(t, m)
	equal(t, "batches", f.batches, [][]string{{"1", "2"}, {"3", "4"}, {"5"}})
}

func TestOnlyWhatPassesTheFilterArrives(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "a1", "b1", "a2", "b2")
	prefixed := func(prefix byte) func(events.DynamoDBEventRecord) bool {
		return func(r events.DynamoDBEventRecord) bool { return r.Change.NewImage["SK"].String()[0] == prefix }
	}
	a, b := &function{}, &function{}
	m, _ := run(t, e, table, a.consumer(stream.Consumer{Filter: prefixed('a')}), b.consumer(stream.Consumer{Filter: prefixed('b')}))
	settle(t, m)
	equal(t, "first function", a.seen(), []string{"a1", "a2"})
	equal(t, "second function", b.seen(), []string{"b1", "b2"})
}

func TestAFailingFunctionDoesNotHoldUpAnother(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1", "2")
	bad := &function{answer: func([]string, []string) (string, error) { return "", errors.New("no") }}
	arrived := make(chan string, 2)
	good := stream.Consumer{Name: "good", BatchSize: 1, Invoke: func(_ context.Context, payload []byte) ([]byte, error) {
		keys, _ := read(payload)
		arrived <- keys[0]
		return nil, nil
	}}
	run(t, e, table, bad.consumer(stream.Consumer{}), good)
	for _, want := range []string{"1", "2"} {
		if got := <-arrived; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestRunAgainGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1", "2")
	f := &function{}
	m, stop := run(t, e, table, f.consumer(stream.Consumer{}))
	settle(t, m)
	stop()
	put(t, e, table, "3")
	start(t, m)
	settle(t, m)
	equal(t, "records", f.seen(), []string{"1", "2", "3"})
}

func TestSettledEndsWithItsContext(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	m, stop := run(t, e, table, (&function{}).consumer(stream.Consumer{}))
	settle(t, m)
	stop()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := m.Settled(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a mapping that does not run settles: %v", err)
	}
}

// A fault may hand a batch on twice, and answers for it.
func TestAFaultStandsBetweenStreamAndFunctions(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1")
	f := &function{}
	m := stream.New(stream.Config{
		Client: e.Streams(), Stream: stream.Of(e.Client(), table), Every: 5 * time.Millisecond,
		Consumers: []stream.Consumer{f.consumer(stream.Consumer{})},
	})
	m.SetFault(func(consumer string, hand func() ([]byte, error)) ([]byte, error) {
		if consumer != "function" {
			t.Errorf("a batch for %s", consumer)
		}
		hand()
		return hand()
	})
	start(t, m)
	settle(t, m)
	m.SetFault(nil)
	put(t, e, table, "2")
	settle(t, m)
	equal(t, "records", f.seen(), []string{"1", "1", "2"})
}

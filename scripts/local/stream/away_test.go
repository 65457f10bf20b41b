package stream_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"roster/scripts/local/engine"
	"roster/scripts/local/engine/enginetest"
	"roster/scripts/local/stream"
)

// log is a writer that may be read meanwhile.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), part)
}

func TestAStreamMayAppearLater(t *testing.T) {
	t.Parallel()
	e, _ := enginetest.New(t)
	table := "later-" + time.Now().Format("150405.000000000")
	f, log := &function{}, &log{}
	m := stream.New(stream.Config{
		Client: e.Streams(), Stream: stream.Of(e.Client(), table), Log: log, Every: time.Millisecond,
		Consumers: []stream.Consumer{f.consumer(stream.Consumer{})},
	})
	start(t, m)
	for log.count("look for shards") == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := e.CreateTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	put(t, e, table, "1")
	settle(t, m)
	equal(t, "records", f.seen(), []string{"1"})
	if got := log.count("look for shards"); got != 2 { // it failed, it works again
		t.Errorf("%d lines about the missing table: %s", got, log.text.String())
	}
}

func TestAnEngineMayGoAndAnotherTakeItsPlace(t *testing.T) {
	t.Parallel()
	const table = "roster"
	first, second := begin(t, table), begin(t, table)
	door := &door{}
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	options := aws.Config{
		Region: engine.Region, Credentials: first.Streams().Options().Credentials,
		BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
	}
	f, log := &function{}, &log{}
	m := stream.New(stream.Config{
		Client: dynamodbstreams.NewFromConfig(options), Stream: stream.Of(dynamodb.NewFromConfig(options), table),
		Every: time.Millisecond, Consumers: []stream.Consumer{f.consumer(stream.Consumer{})}, Log: log,
	})
	door.leadsTo(first)
	put(t, first, table, "1")
	start(t, m)
	settle(t, m)
	door.leadsTo(nil)
	for log.count("read ") == 0 {
		time.Sleep(time.Millisecond)
	}
	door.leadsTo(first) // it was only slow to answer
	put(t, first, table, "2")
	settle(t, m)
	equal(t, "records of the first engine", f.seen(), []string{"1", "2"})
	put(t, second, table, "3")
	door.leadsTo(second)
	settle(t, m)
	put(t, second, table, "4", "5") // at a place where the first engine's shard had been left
	settle(t, m)
	equal(t, "records of both engines", f.seen(), []string{"1", "2", "3", "4", "5"})
}

// A door passes requests on to one engine, or refuses them.
type door struct {
	to atomic.Pointer[httputil.ReverseProxy]
}

func (d *door) leadsTo(e *engine.Engine) {
	if e == nil {
		d.to.Store(nil)
		return
	}
	target, err := url.Parse(e.Endpoint)
	if err != nil {
		panic(err)
	}
	d.to.Store(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if to := d.to.Load(); to != nil {
		to.ServeHTTP(w, r)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
}

func begin(t *testing.T, table string) *engine.Engine {
	t.Helper()
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	if err := e.CreateTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	return e
}

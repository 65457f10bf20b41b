// Package storetest gives tests a world of Roster's: a table of their own on a real engine, a store
// over it whose clock they move, people and organizations to begin with, faults under the SDK, and a
// checker of what must hold in every table. The items are spelled here a second time, from DESIGN.md
// and not by store's own code, so that a change of either shows. Only tests import it.
package storetest

import (
	"context"
	"net/http"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/engine"
	"roster/scripts/local/engine/enginetest"
	"roster/shared/awsconfig"
	"roster/shared/store"
)

// Start is what the clock of a new world shows, to the microsecond. It lies ahead of every machine's clock, so that the
// engine's own expiry never takes an item away.
var Start = time.Date(2099, time.July, 1, 10, 0, 0, 123456000, time.UTC)

// World is a table and what a test needs around it. Its methods end the test when the engine fails
// them; they pass by the faults, which meet the store only.
type World struct {
	DB     *store.Store
	Client *dynamodb.Client // the store's, faults included
	Table  string
	Clock  *Clock
	Faults *Faults

	raw    *dynamodb.Client
	t      testing.TB
	people []Person
	orgs   []string
}

// New returns a world with an empty table, which ends with t.
func New(t testing.TB) *World {
	t.Helper()
	e, table := quiet(t)
	return newWorld(t, e, table, connections)
}

// quiet is a fresh table without a stream, which no test of a store reads: the engine's writes slow
// down with every record that any stream holds.
func quiet(t testing.TB) (*engine.Engine, string) {
	t.Helper()
	e, table := enginetest.New(t)
	_, err := e.Client().UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
		TableName: &table, StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(false)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, table
}

// Timeless runs f with a new world in a synctest bubble: every wait, a retry's for one, takes no time
// at all, and time that does pass was waited for.
func Timeless(t *testing.T, f func(t *testing.T, w *World)) {
	t.Helper()
	e, table := quiet(t)
	synctest.Test(t, func(t *testing.T) {
		// An idle connection would be read from, which keeps a bubble's clock from moving.
		f(t, newWorld(t, e, table, &http.Transport{DisableKeepAlives: true}))
	})
}

// connections are shared by all worlds outside bubbles.
var connections = &http.Transport{MaxIdleConnsPerHost: 32}

// environment is what a function's clients read of Lambda's.
var environment = sync.OnceFunc(func() {
	os.Setenv("AWS_REGION", engine.Region)
	os.Setenv("AWS_ACCESS_KEY_ID", engine.AccessKey)
	os.Setenv("AWS_SECRET_ACCESS_KEY", engine.SecretKey)
})

func newWorld(t testing.TB, e *engine.Engine, table string, next http.RoundTripper) *World {
	environment()
	w := &World{Table: table, Clock: &Clock{now: Start.Add(789 * time.Nanosecond)}, Faults: &Faults{next: next}, t: t}
	w.raw = client(e, next)
	w.Client = client(e, w.Faults)
	w.DB = store.New(w.Client, table, w.Clock.Now)
	return w
}

// client is made as a function makes it, time-outs and retries included.
func client(e *engine.Engine, transport http.RoundTripper) *dynamodb.Client {
	cfg := awsconfig.New("DYNAMODB")
	cfg.BaseEndpoint = aws.String(e.Endpoint)
	if c, ok := cfg.HTTPClient.(*http.Client); ok {
		cfg.HTTPClient = &http.Client{Timeout: c.Timeout, Transport: transport}
	}
	return dynamodb.NewFromConfig(cfg)
}

func (w *World) ctx() context.Context { return w.t.Context() }

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// In returns the same world for a part of the test that has a t of its own: an input of a fuzz target.
func (w *World) In(t testing.TB) *World {
	part := *w
	part.t = t
	return &part
}

// Clock is a clock that moves only when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move sets the clock on, or back.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Reset makes the world a new one, on the same table.
func (w *World) Reset() {
	w.t.Helper()
	w.Faults.Clear()
	w.dropAll(w.Dump())
	w.Clock.Move(Start.Sub(w.Clock.Now().Truncate(time.Microsecond)))
	w.people, w.orgs = nil, nil
}

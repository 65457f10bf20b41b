package cloudtest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/engine"
	"roster/shared/store/storetest"
)

// A Proxy stands between a cloud's functions and DynamoDB. It makes requests meet faults, those of
// one function or of all, and notes what each invocation of a function asked for.
type Proxy struct {
	All *storetest.Faults // what a function's own faults let pass meets these
	// Watch is told of each request that went on to DynamoDB, behind all faults; by any goroutine.
	Watch func(Exchange)
	// Meter has every answer of DynamoDB's tell what it consumed, for Consumed.
	Meter bool

	mu        sync.Mutex
	functions map[string]*storetest.Faults
	spans     []Span
	asking    map[string]int // requests under way, by function
}

// A Span is one request that a function made, from its arrival to its answer.
type Span struct {
	Function   string
	Invocation string // the same for all requests of one invocation
	Action     string // "TransactWriteItems"
	Begin, End time.Time
	Capacity   Capacity // where the proxy is a meter
}

// An Exchange is one request that went on to DynamoDB, and what became of it there.
type Exchange struct {
	Span
	Body   []byte
	Status int // 0 where nobody knows, because the function was killed meanwhile
}

// Behind returns a cloud of its own whose functions reach DynamoDB through a proxy. The cloud itself,
// which reads the stream, and tests, which look into the table, do not.
func Behind(t testing.TB, o cloud.Options) (*Cloud, *Proxy) {
	t.Helper()
	e, table := newEngine(t)
	target, err := url.Parse(e.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{functions: map[string]*storetest.Faults{}, asking: map[string]int{}}
	p.All = storetest.Over(door{p, &http.Transport{MaxIdleConnsPerHost: 64}})
	server := httptest.NewServer(p.noting(&httputil.ReverseProxy{
		Transport: p,
		Rewrite: func(r *httputil.ProxyRequest) {
			name, rest := cut(r.In)
			r.Out.URL.Path, r.Out.URL.RawPath = "/"+rest, ""
			r.SetURL(target)
			r.Out.Header.Set(functionHeader, name)
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // cuts the connection
	}))
	t.Cleanup(server.Close)
	o.DynamoDB, o.Table, o.FunctionsDynamoDB = e.Endpoint, table, server.URL+"/{function}"
	return Start(t, o), p
}

// newEngine returns an engine that nobody else writes to: the local one's stream takes a record the
// slower, the more it holds of all tables.
func newEngine(t testing.TB) (e *engine.Engine, table string) {
	t.Helper()
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	table = "test-" + uuid.NewString()
	if err := e.CreateTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	return e, table
}

const functionHeader = "Roster-Test-Function"

// RoundTrip hands a request on through the faults that are set for it.
func (p *Proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	if actionOf(r) == "" {
		return http.DefaultTransport.RoundTrip(r) // a connection that is warmed up
	}
	return p.Of(r.Header.Get(functionHeader)).RoundTrip(r)
}

// actionOf is what a request asks of DynamoDB; "" for one that warms a connection up.
func actionOf(r *http.Request) string {
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return action
}

// noting hands requests on and notes them, also those whose connection is cut.
func (p *Proxy) noting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _ := cut(r)
		s := Span{Function: name, Invocation: r.Header.Get("X-Amzn-Trace-Id"), Action: actionOf(r), Begin: time.Now()}
		p.ask(name, 1)
		defer func() {
			p.ask(name, -1)
			s.End = time.Now()
			p.mu.Lock()
			defer p.mu.Unlock()
			if s.Action != "" {
				p.spans = append(p.spans, s)
			}
		}()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), spanOf{}, &s)))
	})
}

func (p *Proxy) ask(function string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking[function] += n; p.asking[function] == 0 {
		delete(p.asking, function)
	}
}

// Asking lists the functions that wait for an answer of DynamoDB's at this moment, sorted.
func (p *Proxy) Asking() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.asking))
}

// spanOf is where a request's context keeps its span.
type spanOf struct{}

// cut takes a request's path apart: the function whose endpoint it came to, and what it asked for there.
func cut(r *http.Request) (function, path string) {
	function, path, _ = strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return function, path
}

// A door is what lies behind all faults.
type door struct {
	p    *Proxy
	next http.RoundTripper
}

// RoundTrip hands a request on and tells who watches.
func (d door) RoundTrip(r *http.Request) (*http.Response, error) {
	next := d.next
	if s, ok := r.Context().Value(spanOf{}).(*Span); ok && d.p.Meter {
		next = meter{next, &s.Capacity}
	}
	if d.p.Watch == nil {
		return next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	e := Exchange{Span: Span{Function: r.Header.Get(functionHeader), Action: actionOf(r), Begin: time.Now()}, Body: body}
	answer, err := next.RoundTrip(r)
	e.End = time.Now()
	if err == nil {
		e.Status = answer.StatusCode
	}
	d.p.Watch(e)
	return answer, err
}

// Of returns the faults that the requests of one function meet.
func (p *Proxy) Of(function string) *storetest.Faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.functions[function] == nil {
		p.functions[function] = storetest.Over(p.All)
	}
	return p.functions[function]
}

// Clear ends all faults.
func (p *Proxy) Clear() {
	p.All.Clear()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.functions {
		f.Clear()
	}
}

// Calls returns what each invocation of a function asked for since Forget, in order of their first
// requests.
func (p *Proxy) Calls(function string) [][]Span {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all [][]Span
	at := map[string]int{}
	for _, s := range p.spans {
		if s.Function != function {
			continue
		}
		i, known := at[s.Invocation]
		if !known {
			i = len(all)
			at[s.Invocation] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], s)
	}
	return all
}

// Forget forgets what was asked for until now.
func (p *Proxy) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spans = nil
}

// Trips is how many round trips in a row the spans are: the most of them that follow each other
// without overlapping. What overlaps was waited for once.
func Trips(spans []Span) int {
	byEnd := slices.Clone(spans)
	slices.SortFunc(byEnd, func(a, b Span) int { return a.End.Compare(b.End) })
	trips, free := 0, time.Time{}
	for _, s := range byEnd {
		if s.Begin.After(free) {
			trips, free = trips+1, s.End
		}
	}
	return trips
}

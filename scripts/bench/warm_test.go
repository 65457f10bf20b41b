package bench

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// A request is what one operation is measured by. It must be answered 200 every time.
type request struct {
	operation    string
	method, path string
	body         any
}

// requests are the six operations that pages call most, on an organization that exists; the last one
// changes a name back and forth.
func requests(org string) []request {
	return []request{
		{"org-search", "POST", "/v1/orgs:search", nil},
		{"org-get", "GET", "/v1/orgs/" + org, nil},
		{"member-search", "POST", "/v1/orgs/" + org + "/members:search", nil},
		{"invitation-search", "POST", "/v1/invitations:search", nil},
		{"profile-get", "POST", "/v1/auth/GetProfile", nil},
		{"org-rename", "PUT", "/v1/orgs/" + org, nil},
	}
}

// with returns the body of the nth request of the same kind.
func (r request) with(n int) any {
	if r.operation != "org-rename" {
		return r.body
	}
	return map[string]any{"name": []string{"Acme", "Emca"}[n%2]}
}

// A lines keeps what functions wrote last.
type lines struct {
	mu   sync.Mutex
	last []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = slices.Clone(p)
	return len(p), nil
}

// took is the time that the function of that operation says that its last request took; zero when the
// last line is another function's.
func (l *lines) took(operation string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, text, _ := bytes.Cut(l.last, []byte(": "))
	var line struct {
		Operation string
		Duration  float64
	}
	if json.Unmarshal(text, &line) != nil || line.Operation != operation {
		return 0
	}
	return time.Duration(line.Duration * float64(time.Millisecond))
}

// BenchmarkWarm sends one request after the other, and takes from what the function says that its work
// took the time in which a request of its own was with DynamoDB. What the SDK and the loopback do is
// the function's.
func BenchmarkWarm(b *testing.B) {
	log := &lines{}
	c, p := cloudtest.Behind(b, cloud.Options{Log: log})
	ann := c.Person(b, "ann")
	for _, r := range requests(ann.Org(b, "Acme")) {
		b.Run(r.operation, func(b *testing.B) {
			for n := range 20 {
				ann.Do(b, r.method, r.path, r.with(n)).Want(b, 200)
			}
			var besides, whole samples
			for n := range b.N {
				p.Forget()
				ann.Do(b, r.method, r.path, r.with(n)).Want(b, 200)
				took := log.took(r.operation)
				if calls := p.Calls(r.operation); took > 0 && len(calls) == 1 {
					whole, besides = append(whole, took), append(besides, took-waited(calls[0]))
				}
			}
			if len(whole) < b.N/2 {
				b.Fatalf("%d of %d requests were told of", len(whole), b.N)
			}
			warm.add(r.operation, besides.in(time.Microsecond, 50, 90), whole.in(time.Microsecond, 50, 90))
			b.ReportMetric(float64(besides.at(50))/1e3, "besides-µs")
		})
	}
}

// waited is how long at least one of the requests was under way.
func waited(spans []cloudtest.Span) (sum time.Duration) {
	slices.SortFunc(spans, func(a, b cloudtest.Span) int { return a.Begin.Compare(b.Begin) })
	var until time.Time
	for _, s := range spans {
		if s.Begin.After(until) {
			until = s.Begin
		}
		if s.End.After(until) {
			sum, until = sum+s.End.Sub(until), s.End
		}
	}
	return sum
}

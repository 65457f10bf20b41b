package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// A told is what the line that ends a request says of its time, in milliseconds: of the work, and of
// the part of it in which a call to AWS was under way.
type told struct{ Duration, Waited float64 }

// lines are those that end requests, by the function that wrote them.
type lines struct {
	mu  sync.Mutex
	all map[string]chan told
}

// of returns the lines of a function from now on. Nobody may leave more than a few unread.
func (l *lines) of(function string) <-chan told {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[string]chan told{}
	}
	l.all[function] = make(chan told, 8)
	return l.all[function]
}

// Write takes a line: the function's name, a colon, what it wrote.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	function, text, _ := bytes.Cut(p, []byte(": "))
	if to := l.all[string(function)]; to != nil && bytes.Contains(text, []byte(`"Duration"`)) {
		var line told
		if err := json.Unmarshal(text, &line); err != nil {
			return 0, err
		}
		to <- line
	}
	return len(p), nil
}

// BenchmarkWarm sends one request after the other and waits for the line of each before the next, so
// that a line is the one request's. Besides DynamoDB is what a line says that the work took, less what
// it says that AWS took. That begins with the decoded event and ends with the answer, before it is
// encoded and the line is written; what the function's process does altogether is its CPU time.
func BenchmarkWarm(b *testing.B) {
	log := &lines{}
	c := cloudtest.Start(b, cloud.Options{Log: log})
	ann := c.Person(b, "ann")
	for _, r := range requests(ann.Org(b, "Acme")) {
		b.Run(r.operation, func(b *testing.B) {
			lines := log.of(r.operation)
			one := func(n int) (besides, whole time.Duration) {
				ann.Do(b, r.method, r.path, r.with(n)).Want(b, 200)
				select {
				case line := <-lines:
					return millis(line.Duration - line.Waited), millis(line.Duration)
				case <-time.After(10 * time.Second):
					b.Fatal("the function wrote no line")
				}
				return 0, 0
			}
			for n := range 100 {
				one(n)
			}
			var besides, whole samples
			before := cpu(b, c.Function(r.operation).Config().Binary)
			for n := range b.N {
				less, all := one(n)
				besides, whole = append(besides, less), append(whole, all)
			}
			used := float64(cpu(b, c.Function(r.operation).Config().Binary)-before) / float64(b.N) / float64(time.Microsecond)
			warm.add("`"+r.operation+"`", besides.in(time.Microsecond, 50, 90), whole.in(time.Microsecond, 50, 90), fmt.Sprintf("%.0f", used))
			b.ReportMetric(float64(besides.at(50))/1e3, "besides-µs")
			b.ReportMetric(used, "cpu-µs")
		})
	}
}

func millis(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// cpu is how long the processes of a binary were on a core so far, all their threads together.
func cpu(b testing.TB, binary string) (sum time.Duration) {
	b.Helper()
	for _, process := range processes(b, binary) {
		threads, _ := filepath.Glob(filepath.Join(process, "task/*/schedstat"))
		for _, thread := range threads {
			var ns int64
			if raw, err := os.ReadFile(thread); err == nil { // or it has ended
				fmt.Sscan(string(raw), &ns)
			}
			sum += time.Duration(ns)
		}
	}
	return sum
}

// processes are the folders in /proc of those that run a binary.
func processes(b testing.TB, binary string) (folders []string) {
	b.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		b.Fatal(err)
	}
	for _, exe := range all {
		if at, err := os.Readlink(exe); err == nil && at == binary {
			folders = append(folders, filepath.Dir(exe))
		}
	}
	return folders
}

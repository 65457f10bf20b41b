package storm

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// crowd is how many requests of a race are sent at the same instant; half of them in a storm, where most
// of their processes are killed and started again.
const crowd = 64

// A race is requests that collide: who sends what, and what must be so when all are answered.
type race struct {
	name string
	// set makes new people and an organization, and returns who races.
	set func(s *scene) []racer
	// over looks at what each racer was answered. Under faults an answer may be missing.
	over func(s *scene, got []tally)
}

// A racer sends one kind of request, many times at once.
type racer struct {
	as     *cloudtest.Person // nobody in particular when nil
	client string            // a program's credentials, for Basic authentication
	secret string
	method string
	path   string
	body   any
	each   func(i int) any // the body of the i-th request, where they differ
	// allows are the answers that API.md has for it in this race: "200", "403/7" …
	allows string
}

// A tally counts a racer's answers: "200" or "<status>/<code>".
type tally map[string]int

// wins is how many requests took effect, or found that they had.
func (t tally) wins() int { return t["200"] }

func (t tally) String() string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(t)) {
		all = append(all, fmt.Sprintf("%d × %s", t[k], k))
	}
	return strings.Join(all, ", ")
}

// trouble is what a request may be told when it met a fault: busy, down, or killed on the way.
const trouble = " 409/10 503/14 500/13 504/4"

// run sends everybody's requests at once and returns the tallies.
func (s *scene) run(racers []racer) []tally {
	s.t.Helper()
	got := make([]tally, len(racers))
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	size := crowd
	if s.noisy {
		size /= 2
	}
	for i := range size {
		n := i % len(racers)
		all.Go(func() {
			<-start
			a, err := racers[n].send(s.c, i/len(racers))
			mu.Lock()
			defer mu.Unlock()
			if got[n] == nil {
				got[n] = tally{}
			}
			got[n][s.kind(a, err)]++
			s.answers = append(s.answers, a)
		})
	}
	close(start)
	all.Wait()
	return got
}

func (r racer) send(c *cloudtest.Cloud, i int) (cloudtest.Answer, error) {
	token, body := "", r.body
	if r.as != nil {
		token = r.as.Token
	}
	if r.each != nil {
		body = r.each(i)
	}
	if r.client == "" {
		return c.Send(r.method, r.path, token, body)
	}
	request, err := http.NewRequest(r.method, c.URL+r.path, nil)
	if err != nil {
		return cloudtest.Answer{}, err
	}
	request.SetBasicAuth(r.client, r.secret)
	return c.RoundTrip(request)
}

// kind names an answer. One that has not the shape of API.md §1 fails the test.
func (s *scene) kind(a cloudtest.Answer, err error) string {
	switch {
	case err != nil || a.Body == nil:
		s.t.Errorf("no answer in JSON: %d %q, error %v", a.Status, a.Raw, err)
		return "none"
	case a.Status == 200:
		return "200"
	}
	code, _ := a.Body["code"].(float64)
	message, _ := a.Body["message"].(string)
	_, details := a.Body["details"].([]any)
	if code == 0 || message == "" || !details || len(a.Body) != 3 {
		s.t.Errorf("an error without its shape: %d %s", a.Status, a.Raw)
	}
	return fmt.Sprintf("%d/%v", a.Status, code)
}

// judge fails the test for every answer that the race does not allow.
func (s *scene) judge(racers []racer, got []tally) {
	s.t.Helper()
	for i, r := range racers {
		allowed := strings.Fields(r.allows)
		if s.noisy {
			allowed = append(allowed, strings.Fields(trouble)...)
		}
		for kind := range got[i] {
			if !slices.Contains(allowed, kind) {
				s.t.Errorf("%s %s was answered %v; want only %s", r.method, r.path, got[i], r.allows)
			}
		}
	}
}

// hold runs one race from the beginning to the end; noise makes faults happen while it is on.
func (r race) hold(t testing.TB, c *cloudtest.Cloud, noise func() (quiet func())) {
	s := &scene{t: t, c: c, noisy: noise != nil}
	racers := r.set(s)
	quiet := func() {}
	if s.noisy {
		quiet = noise()
	}
	got := s.run(racers)
	quiet()
	t.Logf("%v", got)
	s.judge(racers, got)
	s.settle()
	if r.over != nil {
		r.over(s, got)
	}
	s.examine()
}

// one fails the test unless exactly one of the racers won. Under faults the winner may not know.
func (s *scene) one(got ...tally) {
	s.t.Helper()
	winners := 0
	for _, g := range got {
		if g.wins() > 0 {
			winners++
		}
	}
	if winners > 1 || winners == 0 && !s.noisy {
		s.t.Errorf("%d racers won of %v; want one", winners, got)
	}
}

// once fails the test unless exactly one request of all won, as of changes that cannot be repeated.
func (s *scene) once(got ...tally) {
	s.t.Helper()
	wins := 0
	for _, g := range got {
		wins += g.wins()
	}
	if wins > 1 || wins == 0 && !s.noisy {
		s.t.Errorf("%d requests won of %v; want one", wins, got)
	}
}

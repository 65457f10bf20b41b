package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// TestBadInputIsRefusedAndChangesNothing sends every route everything that its description makes
// one think of. It has its cloud alone, so that after refusals the whole table must be what it was.
func TestBadInputIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t, cloudtest.Start(t, cloud.Options{}))
	for _, r := range requests(t) {
		t.Run(r.name, func(t *testing.T) {
			if r.grant {
				s.runGrants(t, r)
				return
			}
			t.Run("bodies that are no object", func(t *testing.T) { s.run(t, r, bodies(t, s, r)) })
			t.Run("identifiers", func(t *testing.T) { s.run(t, r, identifiers(t, s, r)) })
			t.Run("verbs", func(t *testing.T) { s.run(t, r, verbs(t, s, r)) })
			for _, f := range r.fields {
				t.Run(f.name()+" of another type", func(t *testing.T) { s.run(t, r, mistyped(t, s, r, f)) })
				t.Run(f.name()+" hostile", func(t *testing.T) { s.run(t, r, hostile(t, s, r, f)) })
			}
		})
	}
}

// A try is a request with a description, and with what is wrong about an answer to it.
type try struct {
	name, path, body string
	wrong            func(cloudtest.Answer) string // "" when nothing is
}

// run makes the tries side by side. None is answered 5xx, and those that are refused change nothing:
// where others were not refused, they are made again after those.
func (s *scene) run(t *testing.T, r request, tries []try) {
	t.Helper()
	tokens := s.tokens(t, r, len(tries))
	s.fresh(t)
	fine, again := false, map[int]try{}
	for i, a := range s.all(t, r, tokens, numbered(tries)) {
		for _, complaint := range []string{sound(a), tries[i].wrong(a)} {
			if complaint != "" {
				t.Errorf("%s: answer %d %s: %s", tries[i].name, a.Status, clip(a.Raw), complaint)
			}
		}
		if a.Status == 200 {
			fine = true
		} else if a.At("code") != aborted {
			again[i] = tries[i]
		}
	}
	if fine {
		s.stale = true
		s.fresh(t)
		s.all(t, r, tokens, again)
	}
	s.unchanged(t)
}

// aborted is the code of what may succeed when it is repeated.
const aborted = 10.0

func numbered(tries []try) map[int]try { return maps.Collect(slices.All(tries)) }

// all makes tries side by side and returns their answers.
func (s *scene) all(t *testing.T, r request, tokens []string, tries map[int]try) map[int]cloudtest.Answer {
	t.Helper()
	var mu sync.Mutex
	var running errgroup.Group
	running.SetLimit(4) // more would start more processes
	answers := map[int]cloudtest.Answer{}
	for i, try := range tries {
		running.Go(func() error {
			a, err := s.cloud.Send(r.method, try.path, tokens[i], try.body)
			if err != nil {
				t.Errorf("%s: %v", try.name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			answers[i] = a
			return nil
		})
	}
	_ = running.Wait() // none returns an error
	return answers
}

// tokens are of somebody whose good request would be answered 200. Whoever has no organization is
// somebody new each time, because one request that is fine gives them one.
func (s *scene) tokens(t *testing.T, r request, n int) []string {
	t.Helper()
	all := make([]string, n)
	for i := range all {
		switch {
		case r.access == anybody:
			all[i] = r.bearer
		case r.caller == "no organization":
			all[i] = s.person(t, r.caller).Token
			s.stale = true
		case r.caller != "":
			all[i] = s.who[r.caller].Token
		default:
			all[i] = s.admin.Token
		}
	}
	return all
}

// sound says what is wrong with an answer that may be a refusal, whatever it refuses.
func sound(a cloudtest.Answer) string {
	code, ok := a.At("code").(float64)
	_, list := a.At("details").([]any)
	switch {
	case a.Body == nil:
		return "it is no JSON object"
	case a.Status == 200:
		return ""
	case a.Status < 400 || a.Status > 499:
		return "neither 200 nor 4xx"
	case !ok || code == 0 || a.Text("message") == "" || !list:
		return "no code, message and details"
	}
	return ""
}

// names returns a check for a 400/3 whose message names the field.
func names(field string) func(cloudtest.Answer) string {
	return func(a cloudtest.Answer) string {
		if a.Status == 400 && fmt.Sprint(a.At("code")) == "3" && strings.Contains(a.Text("message"), " "+field) {
			return ""
		}
		return "want 400/3 naming " + field
	}
}

// exactly returns a check for one refusal.
func exactly(r refusal) func(cloudtest.Answer) string {
	return func(a cloudtest.Answer) string {
		if a.Status == r.status && fmt.Sprint(a.At("code")) == fmt.Sprint(r.code) && a.Text("message") == r.message {
			return ""
		}
		return "want " + r.message
	}
}

// bodies are bodies that are no JSON object, or too much of one.
func bodies(t *testing.T, s *scene, r request) []try {
	good := encode(t, r.body(s))
	all := map[string]string{
		"a list": "[]", "a text": `"x"`, "a number": "5", "true": "true", "a brace": "{", "no value": `{"name":}`,
		"a list with an object": "[" + good + "]", "cut off": good[:len(good)-1], "garbage behind": good + "x",
		"two objects": good + good, "a comma behind": good[:len(good)-1] + ",}", "single quotes": "{'name':'x'}",
		"not UTF-8 in a key": `{"` + "\xff" + `":1}`, "not UTF-8 behind": good + "\xff", "a NUL": "\x00",
		"a byte order mark": "\ufeff" + good, "deep": strings.Repeat("[", 60_000), "XML": "<x/>",
		"a form": "name=x&role=Admin", "a byte over 64 KB": padded(t, object{}, 64<<10+1), "65 KB": padded(t, r.body(s), 65<<10),
	}
	var tries []try
	for _, name := range slices.Sorted(maps.Keys(all)) {
		tries = append(tries, try{name, s.path(r.path, s.org), all[name], names("Body")})
	}
	if r.lax || len(r.fields) == 0 {
		return tries
	}
	for name, body := range map[string]string{
		"nothing": "", "null": "null", "no fields": "{}", "space": " \r\n\t", "unknown fields": `{"a":{"b":[1]}}`, "64 KB": padded(t, object{}, 64<<10),
	} {
		tries = append(tries, try{name, s.path(r.path, s.org), body, r.asksFor})
	}
	return tries
}

// asksFor says what is wrong with an answer to a body that has none of the fields.
func (r request) asksFor(a cloudtest.Answer) string {
	for _, f := range r.fields {
		if names(f.name())(a) == "" {
			return ""
		}
	}
	return "want 400/3 naming a field"
}

// padded returns a body of that many bytes, with an unknown field that makes it so long.
func padded(t *testing.T, body object, size int) string {
	t.Helper()
	body = maps.Clone(body)
	body["padding"] = ""
	body["padding"] = strings.Repeat("x", size-len(encode(t, body)))
	return encode(t, body)
}

func encode(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func clip(s string) string { return s[:min(len(s), 300)] }

package contract

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/operation"
)

var update = flag.Bool("update", false, "write what the routes answer to testdata")

// A golden collects the answers of one operation and compares them, byte by byte but for what is
// different each time, with testdata/<operation>.json: an object of sentences, and for each of them
// the status and the body as it was sent.
type golden struct {
	operation string
	lines     []string
}

func newGolden(t *testing.T, operation string) *golden {
	t.Helper()
	g := &golden{operation: operation}
	t.Cleanup(func() {
		if !t.Failed() {
			g.compare(t)
		}
	})
	return g
}

// keep notes an answer under a sentence, and returns it.
func (g *golden) keep(sentence string, a cloudtest.Answer) cloudtest.Answer {
	g.lines = append(g.lines, fmt.Sprintf("%q: [%d, %s]", sentence, a.Status, steady(a.Raw)))
	return a
}

func (g *golden) compare(t *testing.T) {
	t.Helper()
	got := "{\n" + strings.Join(g.lines, ",\n") + "\n}\n"
	if !json.Valid([]byte(got)) {
		t.Errorf("an answer is no JSON:\n%s", got)
	}
	path := filepath.Join("testdata", g.operation+".json")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// What is different each time, and what stands for it. Whatever is not written exactly as it should
// be, a time with fewer digits say, is not found here and shows.
var variable = []struct {
	pattern *regexp.Regexp
	stands  string
}{
	{regexp.MustCompile(`"(access|id)_token":"eyJ[\w-]+\.[\w-]+\.[\w-]+"`), `"${1}_token":"<jwt>"`},
	{regexp.MustCompile(`"pmm_managed_client_secret":"[\w-]{43}"`), `"pmm_managed_client_secret":"<token>"`},
	{regexp.MustCompile(`"access_token":"[\w-]{64}"`), `"access_token":"<token>"`},
	{regexp.MustCompile(`"pmm_managed_client_id":"[0-9a-f-]{36}\.pmm-[0-9a-f-]{36}"`), `"pmm_managed_client_id":"<uuid>.pmm-1"`},
	{regexp.MustCompile(`"pmm_server_id":"pmm-[0-9a-f-]{36}"`), `"pmm_server_id":"pmm-1"`},
	{regexp.MustCompile(`"issuer_url":"http://127\.0\.0\.1:\d+/`), `"issuer_url":"https://api.example/`},
	{regexp.MustCompile(`"(refresh|state|next_page)_token":"[\w.-]+"`), `"${1}_token":"<token>"`},
	{regexp.MustCompile(`"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{6}Z"`), `"<time>"`},
	{regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"`), `"<uuid>"`},
	{regexp.MustCompile(`\.[0-9a-f]{12}@example\.com`), `@example.com`},
}

func steady(raw string) string {
	for _, v := range variable {
		raw = v.pattern.ReplaceAllString(raw, v.stands)
	}
	return raw
}

func TestEveryOperationHasItsAnswersOnRecord(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"gateway": true}
	for _, o := range operation.All() {
		if len(o.Routes) > 0 && !o.Page && o.Name != "openapi" { // its answer is functions/openapi/openapi.json
			want[o.Name] = true
		}
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, f := range files {
		got[strings.TrimSuffix(filepath.Base(f), ".json")] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files in testdata (-want +got):\n%s", diff)
	}
}

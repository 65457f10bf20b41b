package ses_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/ses"
)

func ask(t *testing.T, inbox *ses.Inbox, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	inbox.Local().ServeHTTP(w, httptest.NewRequest(method, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s %s: %d", method, path, w.Code)
	}
	return w
}

// subjects returns those of the mails that the inbox lists, in its order.
func subjects(t *testing.T, inbox *ses.Inbox, query string) []string {
	t.Helper()
	var body struct{ Mails []ses.Mail }
	if err := json.Unmarshal(ask(t, inbox, http.MethodGet, "/_local/mail"+query).Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, m := range body.Mails {
		names = append(names, m.Subject)
	}
	return names
}

func TestMailsAreListedNewestFirstAndByAnySpellingOfTheAddress(t *testing.T) {
	inbox := &ses.Inbox{}
	inbox.Deliver("a@example.com", "Ann@Example.com", "first", "", "")
	inbox.Deliver("a@example.com", "bob@bücher.example", "second", "", "")
	inbox.Deliver("a@example.com", "ann@example.com", "third", "", "")
	tests := map[string]struct {
		query string
		want  []string
	}{
		"everybody's":               {"", []string{"third", "second", "first"}},
		"by another letter case":    {"?to=ANN@example.COM", []string{"third", "first"}},
		"with blanks around":        {"?to=%20ann@example.com%20", []string{"third", "first"}},
		"by the domain's IDNA form": {"?to=bob@xn--bcher-kva.example", []string{"second"}},
		"of nobody":                 {"?to=eve@example.com", []string{}},
		"only the newest":           {"?limit=1", []string{"third"}},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, subjects(t, inbox, c.query)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAMailLooksOnTheWireAsTestsExpectIt(t *testing.T) {
	inbox := &ses.Inbox{}
	inbox.Deliver("a@example.com", "b@example.com", "s", "t", `<a href="/x">y</a>`)
	got := ask(t, inbox, http.MethodGet, "/_local/mail").Body.String()
	got = regexp.MustCompile(`"id":"[0-9a-f-]{36}"`).ReplaceAllString(got, `"id":"ID"`)
	got = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`).ReplaceAllString(got, "TIME")
	want := `{"mails":[{"id":"ID","from":"a@example.com","to":"b@example.com","subject":"s",` +
		`"html":"\u003ca href=\"/x\"\u003ey\u003c/a\u003e","text":"t","links":[{"href":"/x","text":"y"}],"sent_at":"TIME"}]}` + "\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptiedInboxListsNothingAsAList(t *testing.T) {
	inbox := &ses.Inbox{}
	inbox.Deliver("a@example.com", "b@example.com", "s", "", "")
	if got := ask(t, inbox, http.MethodDelete, "/_local/mail").Body.String(); got != "{}\n" {
		t.Errorf("DELETE answers %q", got)
	}
	if got := ask(t, inbox, http.MethodGet, "/_local/mail").Body.String(); got != `{"mails":[]}`+"\n" {
		t.Errorf("GET answers %q", got)
	}
}

func TestTheInboxForgetsTheOldestMailsFirst(t *testing.T) {
	inbox := &ses.Inbox{}
	for n := range 10_002 {
		inbox.Deliver("a@example.com", "b@example.com", fmt.Sprint(n), "", "")
	}
	names := subjects(t, inbox, "")
	if len(names) != 10_000 || names[0] != "10001" || names[9_999] != "2" {
		t.Fatalf("%d mails from %s to %s", len(names), names[0], names[len(names)-1])
	}
}

func TestLinksAreWhatAReaderSees(t *testing.T) {
	tests := map[string]struct {
		html string
		want []ses.Link
	}{
		"entities are decoded": {
			`<p><a href="https://x/?a=1&amp;b=2">Activate &amp; <b>join</b>&#33;</a></p>`,
			[]ses.Link{{Href: "https://x/?a=1&b=2", Text: "Activate & join!"}},
		},
		"white space is collapsed": {"<a href='/x'>\n  Open\n\t<i>Acme</i> </a>", []ses.Link{{Href: "/x", Text: "Open Acme"}}},
		"in order":                 {`<a href="/1">a</a><a href="/2">b</a>`, []ses.Link{{Href: "/1", Text: "a"}, {Href: "/2", Text: "b"}}},
		"not a name":               {`<a name="top">Top</a>`, []ses.Link{}},
		"not one in a comment":     {`<!-- <a href="/x">x</a> -->`, []ses.Link{}},
		"a style is not text":      {`<a href="/x"><style>b{}</style>Open</a>`, []ses.Link{{Href: "/x", Text: "Open"}}},
		"not a hidden one":         {`<div hidden><a href="/x">x</a></div>`, []ses.Link{}},
		"none in plain text":       {"hello", []ses.Link{}},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			inbox := &ses.Inbox{}
			inbox.Deliver("a@example.com", "b@example.com", "s", "", c.html)
			if diff := cmp.Diff(c.want, inbox.Mails("")[0].Links); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThePageRunsNoScriptButItsOwn(t *testing.T) {
	inbox := &ses.Inbox{}
	inbox.Deliver("<script>x</script>", "b@example.com", "<script>alert(1)</script>", "", "<script>alert(2)</script>")
	first, second := ask(t, inbox, http.MethodGet, "/_local/inbox"), ask(t, inbox, http.MethodGet, "/_local/inbox")
	policy := first.Header().Get("Content-Security-Policy")
	nonce := regexp.MustCompile(`script-src 'nonce-([A-Z2-7]{26})';`).FindStringSubmatch(policy)
	if nonce == nil || !strings.HasPrefix(policy, "default-src 'none';") {
		t.Fatalf("policy %q", policy)
	}
	body := first.Body.String()
	if n := strings.Count(body, "<script"); n != 1 || !strings.Contains(body, `<script nonce="`+nonce[1]+`">`) {
		t.Errorf("%d scripts, want the one with the nonce", n)
	}
	if policy == second.Header().Get("Content-Security-Policy") {
		t.Error("two answers share a nonce")
	}
	if strings.Contains(body, "innerHTML") || strings.Contains(body, "alert(") {
		t.Error("the page holds a mail, or a way to put one in as markup")
	}
}

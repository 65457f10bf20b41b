package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
)

// walkerIn is a walk through a cloud by two new people, and what it prints.
func walkerIn(t *testing.T, c *cloudtest.Cloud) (*walker, *cloudtest.Person, *strings.Builder) {
	t.Helper()
	ann, bob := c.Person(t, "ann"), c.SignedUp(t, cloudtest.Address("bob"), "bob", "Test")
	out := &strings.Builder{}
	return &walker{
		api:     stage{url: c.URL + "/", client: http.DefaultClient},
		founder: login{ann.Email, cloudtest.Password}, other: login{bob.Email, cloudtest.Password},
		patience: 20 * time.Second, out: out,
	}, ann, out
}

func TestTheWalkGoesThroughTheLocalCloud(t *testing.T) {
	t.Parallel()
	w, _, out := walkerIn(t, cloudtest.Shared(t))
	for range 2 { // the second time is no different
		out.Reset()
		if err := w.walk(t.Context()); err != nil {
			t.Fatalf("%v, after\n%s", err, out)
		}
	}
	if n := strings.Count(out.String(), "ok "); n != 21 {
		t.Errorf("%d steps:\n%s", n, out)
	}
}

func TestTheWalkLeavesAnOrganizationThatItDidNotMakeAlone(t *testing.T) {
	t.Parallel()
	w, ann, _ := walkerIn(t, cloudtest.Shared(t))
	id := ann.Org(t, "Acme")
	if err := w.walk(t.Context()); err == nil || !strings.Contains(err.Error(), "search: in no organization: the account is in organization "+id) {
		t.Error(err)
	}
	ann.Do(t, "GET", "/v1/orgs/"+id, nil).Want(t, 200)
}

func TestTheWalkRefusesAWrongPassword(t *testing.T) {
	t.Parallel()
	w, _, out := walkerIn(t, cloudtest.Shared(t))
	w.other.password = "Wrong-password-1"
	if err := w.walk(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "sign in as the other one: POST /v1/auth/SignIn answered") {
		t.Error(err)
	}
	if strings.Contains(out.String(), "create") {
		t.Errorf("it went on:\n%s", out)
	}
}

// A stage that goes wrong half-way is left without the organization of the walk.
func TestTheWalkCleansUpBehindAWrongAnswer(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for path, says := range map[string]string{
		"/members:search":   "list: invited, and the mail is sent: ",
		":reactivate":       "send the invitation again, or be asked to wait: ",
		"/v1/sso/token":     "it proves itself: ",
		":disconnect":       "disconnect it: ",
		"/v1/events:search": "the log tells all of it: ",
	} {
		w, ann, _ := walkerIn(t, c)
		w.api.client = &http.Client{Transport: broken(path)}
		if err := w.walk(t.Context()); err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("%s: %v", path, err)
		}
		if a := ann.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200); len(a.At("orgs").([]any)) != 0 {
			t.Errorf("%s: left: %s", path, a.Raw)
		}
	}
}

func TestTheWalkSendsCredentialsToTheStageOnly(t *testing.T) {
	t.Parallel()
	s := stage{url: "https://api.roster.test/", client: &http.Client{Transport: broken("")}}
	if _, err := s.prove(t.Context(), sso{Issuer: "https://elsewhere.test/v1/sso"}); err == nil || !strings.Contains(err.Error(), "issuer_url") {
		t.Error(err)
	}
}

// broken answers paths with that end as a stage whose function cannot start does.
type broken string

func (b broken) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, string(b)) {
		return http.DefaultTransport.RoundTrip(r)
	}
	w := httptest.NewRecorder()
	w.WriteHeader(http.StatusBadGateway)
	w.WriteString(`{"code":13,"message":"internal","details":[]}`)
	return w.Result(), nil
}

func TestWhatIsNoStageIsToldByItsAnswer(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	w := &walker{api: stage{url: s.URL, client: http.DefaultClient}, out: &strings.Builder{}}
	if err := w.walk(t.Context()); err == nil || !strings.Contains(err.Error(), "GET / answered 404") {
		t.Error(err)
	}
}

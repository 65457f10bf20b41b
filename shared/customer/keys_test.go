package customer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"roster/scripts/local/crm"
)

// checkCounts holds what the instance was asked, and how often the secret was read, to what they
// should be.
func (s *scene) checkCounts(reads, tokens, contacts int) {
	s.Helper()
	n := s.crm.Requests()
	if s.reads != reads || n["token"] != tokens || n["customer_contact"] != contacts {
		s.Errorf("secret read %d times, want %d; %d tokens, want %d; %d contacts, want %d", s.reads, reads, n["token"], tokens, n["customer_contact"], contacts)
	}
}

func TestTheSecretAndTheTokenAreFetchedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		s.contact(string(hank))
	}
	s.checkCounts(1, 1, 3)
}

func TestBasicAuthenticationNeedsNoToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.secret = crm.Credential{Username: "roster", Password: "pass:w0rd"}
	s.crm.SetCredential(s.secret)
	if !s.contact(string(hank)).Exists() {
		t.Error("not found")
	}
	s.checkCounts(1, 0, 1)
}

func TestRotatedCredentialsAreNoticed(t *testing.T) {
	t.Parallel()
	basic := func(p string) crm.Credential { return crm.Credential{Username: "roster", Password: p} }
	for name, c := range map[string]struct {
		before, after           crm.Credential
		reads, tokens, contacts int
	}{
		"an OAuth client's secret": {oauth, crm.Credential{ClientID: "roster", ClientSecret: "n3w"}, 2, 2, 3},
		"a password":               {basic("old"), basic("new"), 2, 0, 3},
		"from a password to OAuth": {basic("old"), oauth, 2, 1, 3},
		"from OAuth to a password": {oauth, basic("new"), 2, 1, 3},
		"a token that was revoked": {oauth, oauth, 2, 2, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.secret = c.before
			s.crm.SetCredential(c.before)
			s.contact(string(hank))
			s.secret = c.after
			s.crm.SetCredential(c.after)
			if !s.contact(string(hank)).Exists() {
				t.Error("not found")
			}
			s.checkCounts(c.reads, c.tokens, c.contacts)
		})
	}
}

func TestARotatedClientIsNoticedWhenTheTokenEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.contact(string(hank))
	s.secret.ClientSecret = "n3w"
	s.crm.SetCredential(s.secret)
	s.keys.now = func() time.Time { return time.Now().Add(29*time.Minute + 30*time.Second) } // shortly before the end of the token
	s.contact(string(hank))
	s.checkCounts(2, 3, 2)
}

func TestCredentialsThatStayWrongAreNotTriedTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secret                  crm.Credential
		reads, tokens, contacts int
	}{
		"an OAuth client's secret": {crm.Credential{ClientID: "roster", ClientSecret: "s3cret wrong"}, 1, 1, 0},
		"a password":               {crm.Credential{Username: "roster", Password: "pass-w0rd"}, 2, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.secret = c.secret
			_, err := s.Contact(asking(t), hank)
			checkUnavailable(t, "Contact", err)
			if !errors.Is(err, errRefused) {
				t.Errorf("%v, want errRefused", err)
			}
			s.checkCounts(c.reads, c.tokens, c.contacts)
		})
	}
}

func TestASecretThatWasRefusedIsNotShownAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.contact(string(hank))
	s.crm.SetCredential(crm.Credential{ClientID: "roster", ClientSecret: "n3w"}) // and the secret stays
	s.keys.now = func() time.Time { return time.Now().Add(time.Hour) }
	_, err := s.Contact(asking(t), hank)
	checkUnavailable(t, "Contact", err)
	s.checkCounts(2, 2, 1)
}

func TestATokenIsNotUsedUpToItsEnd(t *testing.T) {
	t.Parallel()
	for expires, c := range map[string]struct {
		after time.Duration
		valid bool
	}{
		`1800`:   {28 * time.Minute, true},
		`"1800"`: {28 * time.Minute, true},
		`1799`:   {29 * time.Minute, false},
		`60`:     {20 * time.Second, true},
		`61`:     {40 * time.Second, false},
		`0`:      {0, false},
		`-5`:     {0, false},
		`null`:   {0, false},
	} {
		t.Run(fmt.Sprint(expires, " after ", c.after), func(t *testing.T) {
			t.Parallel()
			client := at(t, answering(200, "application/json", `{"access_token":"t","token_type":"Bearer","expires_in":`+expires+`}`))
			g, err := client.fetchToken(t.Context(), credential{ClientID: "a", ClientSecret: "b"})
			if err != nil || g.header != "Bearer t" || g.valid(time.Now().Add(c.after)) != c.valid {
				t.Errorf("%+v, %v", g, err)
			}
		})
	}
}

func TestATokenThatEndsAtOnceIsUsedOnce(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int32
	c := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/oauth_token.do" {
			answering(200, "application/json", page(cells()))(w, r)
			return
		}
		tokens.Add(1)
		answering(200, "application/json", `{"access_token":"t","expires_in":0}`)(w, r)
	}))
	c.keys.read = func(context.Context) (string, error) { return `{"client_id":"a","client_secret":"b"}`, nil }
	for range 2 {
		if got, err := c.Contact(asking(t), hank); err != nil || !got.Exists() {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if n := tokens.Load(); n != 2 {
		t.Errorf("%d tokens", n)
	}
}

func TestWhatGoesWrongWithTokensAndSecretsTellsNothing(t *testing.T) {
	t.Parallel()
	const client = `{"client_id":"roster:","client_secret":"s3cret"}`
	ok := func(text string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return text, nil }
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		read   func(context.Context) (string, error)
	}{
		"the client is refused":              {answering(401, "application/json", `{"error":"private"}`), ok(client)},
		"the grant is refused":               {answering(400, "application/json", `{"error":"private"}`), ok(client)},
		"the token endpoint fails":           {answering(500, "text/html", "private"), ok(client)},
		"it sends the client elsewhere":      {elsewhere, ok(client)},
		"it hibernates":                      {answering(200, "text/html", "<html>private"), ok(client)},
		"it answers without a token":         {answering(200, "application/json", `{"private":1}`), ok(client)},
		"it answers a token of another kind": {answering(200, "application/json", `{"access_token":7}`), ok(client)},
		"the token is no header":             {answering(200, "application/json", `{"access_token":"private\r\nX-Evil: 1","expires_in":1800}`), ok(client)},
		"the same token is given again":      {sameToken, ok(client)},
		"the secret cannot be read":          {answering(200, "", ""), func(context.Context) (string, error) { return "", errors.New("no access") }},
		"the secret is empty":                {answering(200, "", ""), ok("")},
		"the secret is no JSON":              {answering(200, "", ""), ok("s3cret")},
		"the secret is a list":               {answering(200, "", ""), ok(`["s3cret"]`)},
		"the secret is of another kind":      {answering(200, "", ""), ok(`{"client_id":7}`)},
		"the secret holds half a client":     {answering(200, "", ""), ok(`{"client_id":"private","password":"s3cret"}`)},
		"the secret holds half a user":       {answering(200, "", ""), ok(`{"username":"private"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := at(t, c.answer)
			s.keys.read = c.read
			for what, call := range every(s) {
				began := time.Now()
				checkUnavailable(t, what, call(asking(t)))
				if took := time.Since(began); took > patience {
					t.Errorf("%s took %v", what, took)
				}
			}
		})
	}
}

// sameToken is an instance that refuses the token that it keeps giving.
func sameToken(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/oauth_token.do" {
		answering(200, "application/json", `{"access_token":"private","expires_in":1800}`)(w, r)
		return
	}
	answering(401, "application/json", `{}`)(w, r)
}

func TestCallersAtTheSameTimeShareOneToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	var reads atomic.Int32
	read, gate := s.keys.read, make(chan struct{})
	s.keys.read = func(ctx context.Context) (string, error) {
		reads.Add(1)
		<-gate
		return read(ctx)
	}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { s.contact(string(hank)) })
	}
	time.Sleep(50 * time.Millisecond) // all of them wait by then, most likely
	close(gate)
	all.Wait()
	if n := s.crm.Requests(); reads.Load() != 1 || n["token"] != 1 || n["customer_contact"] != 16 {
		t.Errorf("%d reads, %v", reads.Load(), n)
	}
}

func TestWhoWaitsForATokenTakesOverFromWhoGaveUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	read, reading := s.keys.read, make(chan struct{}, 2)
	var first atomic.Bool
	s.keys.read = func(ctx context.Context) (string, error) {
		if first.CompareAndSwap(false, true) {
			reading <- struct{}{}
			<-ctx.Done()
			return "", ctx.Err()
		}
		return read(ctx)
	}
	impatient, cancel := context.WithCancel(asking(t))
	gone := make(chan error)
	go func() { _, err := s.Contact(impatient, hank); gone <- err }()
	<-reading
	found := make(chan Contact)
	go func() { c, _ := s.Contact(asking(t), hank); found <- c }()
	time.Sleep(20 * time.Millisecond) // it waits by then, most likely
	cancel()
	checkUnavailable(t, "who gave up", <-gone)
	if c := <-found; !c.Exists() {
		t.Error("who waited was not answered")
	}
}

func TestARequestIsRepeatedOnceAtMost(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int32{401: 1, 403: 1, 429: 1, 500: 1, 503: 1, 302: 1} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			c := at(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(status)
			}))
			for what, call := range every(c) {
				asked.Store(0)
				checkUnavailable(t, what, call(asking(t)))
				if n := asked.Load(); n != want {
					t.Errorf("%s asked %d times, want %d", what, n, want)
				}
			}
		})
	}
}

func TestNothingIsSentToWhereARedirectPoints(t *testing.T) {
	t.Parallel()
	var seen atomic.Bool
	thief := at(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Store(true) }))
	c := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.base+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	for what, call := range every(c) {
		checkUnavailable(t, what, call(asking(t)))
	}
	if seen.Load() {
		t.Error("it was followed")
	}
}

func TestTheWayToTheNextPageIsNotTheCRMsToChoose(t *testing.T) {
	t.Parallel()
	var seen atomic.Bool
	thief := at(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Store(true) }))
	c := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "sysparm_offset=0") {
			w.Header().Set("Link", "<"+thief.base+`/>;rel="next"`)
		}
		answering(200, "application/json", page(cells("sys_id", strconv.Quote(r.URL.Query().Get("sysparm_offset")))))(w, r)
	}))
	if all, err := c.Tickets(asking(t), globex); err != nil || len(all) != 2 || seen.Load() {
		t.Errorf("%d tickets, %v; followed: %v", len(all), err, seen.Load())
	}
}

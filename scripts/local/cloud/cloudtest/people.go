package cloudtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// Password is everybody's in tests.
const Password = "Walrus-77-tusk"

// A Person has an account, and a session where Token is set.
type Person struct {
	Email string
	ID    string // the account's
	Token string
	Cloud *Cloud
}

// An Answer is what a request got.
type Answer struct {
	Status int
	Header http.Header
	Raw    string
	Body   map[string]any
}

// Address returns an e-mail address that nobody else in any test has.
func Address(name string) string {
	return name + "." + strings.ReplaceAll(uuid.NewString(), "-", "")[:12] + "@example.com"
}

// Person returns somebody new of that first name, signed in.
func (c *Cloud) Person(t testing.TB, name string) *Person {
	t.Helper()
	p := c.SignedUp(t, Address(name), name, "Test")
	p.SignIn(t)
	return p
}

// SignedUp returns somebody with a verified account, not signed in.
func (c *Cloud) SignedUp(t testing.TB, email, first, last string) *Person {
	t.Helper()
	a := c.Do(t, "POST", "/_local/accounts", "", map[string]any{
		"email": email, "first_name": first, "last_name": last, "password": Password,
	})
	a.Want(t, 200)
	return &Person{Email: email, ID: a.Text("id"), Cloud: c}
}

// SignIn gives the person a fresh session.
func (p *Person) SignIn(t testing.TB) {
	t.Helper()
	a := p.Cloud.Do(t, "POST", "/v1/auth/SignIn", "", map[string]any{"email": p.Email, "password": Password})
	a.Want(t, 200)
	p.Token = a.Text("access_token")
}

// Do sends a request as the person. body may be nil, a string or []byte sent as it is, or a value
// sent as JSON.
func (p *Person) Do(t testing.TB, method, path string, body any) Answer {
	t.Helper()
	return p.Cloud.Do(t, method, path, p.Token, body)
}

// Org makes an organization of that name for the person and returns its id.
func (p *Person) Org(t testing.TB, name string) string {
	t.Helper()
	a := p.Do(t, "POST", "/v1/orgs", map[string]any{"name": name})
	a.Want(t, 200)
	return a.Text("org.id")
}

// Invite has the person invite an address, and returns the new row's id.
func (p *Person) Invite(t testing.TB, org, email, role string) string {
	t.Helper()
	p.Do(t, "POST", "/v1/orgs/"+org+"/members", map[string]any{"username": email, "role": role}).Want(t, 200)
	return p.MemberID(t, org, email)
}

// MemberID returns the row id of an address in the organization.
func (p *Person) MemberID(t testing.TB, org, email string) string {
	t.Helper()
	a := p.Do(t, "POST", "/v1/orgs/"+org+"/members:search", map[string]any{"user": map[string]any{"username": email}})
	a.Want(t, 200)
	return a.Text("members.0.member_id")
}

// Join has the person invite somebody new, who accepts, and returns them.
func (p *Person) Join(t testing.TB, org, name, role string) *Person {
	t.Helper()
	other := p.Cloud.Person(t, name)
	p.Invite(t, org, other.Email, role)
	other.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	return other
}

// Link waits for the latest mail to an address and returns the token in its link. seen is how many
// mails to it arrived before.
func (c *Cloud) Link(t testing.TB, email string, seen int) string {
	t.Helper()
	href := c.Mails(t, email, seen+1)[0].(map[string]any)["links"].([]any)[0].(map[string]any)["href"].(string)
	_, token, _ := strings.Cut(href, "token=")
	return token
}

// Mails waits until at least n mails to an address arrived and returns them, newest first.
func (c *Cloud) Mails(t testing.TB, email string, n int) []any {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		a := c.Do(t, "GET", "/_local/mail?to="+url.QueryEscape(email), "", nil)
		mails := a.At("mails").([]any)
		if len(mails) >= n {
			return mails
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d mails to %s; want %d", len(mails), email, n)
		}
	}
}

// Do sends a request with a bearer token, or without one where it is "".
func (c *Cloud) Do(t testing.TB, method, path, token string, body any) Answer {
	t.Helper()
	a, err := c.Send(method, path, token, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// Send is Do for goroutines that are not the test's own.
func (c *Cloud) Send(method, path, token string, body any) (Answer, error) {
	req, err := http.NewRequest(method, c.URL+path, reader(body))
	if err != nil {
		return Answer{}, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return c.RoundTrip(req)
}

// RoundTrip sends a request as it is, for tests that have headers of their own. An answer that the
// OpenAPI document does not have is an error.
func (c *Cloud) RoundTrip(req *http.Request) (Answer, error) {
	got, err := http.DefaultClient.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	a := Answer{Status: got.StatusCode, Header: got.Header, Raw: string(raw)}
	json.Unmarshal(raw, &a.Body) // what is no object leaves Body nil, which Want reports
	if c.Hear != nil {
		c.Hear(req, a)
	}
	if path := req.URL.EscapedPath(); err == nil && !strings.HasPrefix(path, "/_local/") {
		err = c.document.Answer(req.Method, path, a.Status, a.Header, raw)
	}
	return a, err
}

func reader(body any) io.Reader {
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(b)
	case []byte:
		return bytes.NewReader(b)
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(text)
}

// Want fails the test unless the answer is a JSON object with that status.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.Status != status || a.Body == nil {
		t.Fatalf("answer %d %s; want %d", a.Status, a.Raw, status)
	}
	return a
}

// WantError fails the test unless the answer is that error, exactly.
func (a Answer) WantError(t testing.TB, status, code int, message string) Answer {
	t.Helper()
	a.Want(t, status)
	if got := fmt.Sprint(a.Body["code"]); got != fmt.Sprint(code) || a.Body["message"] != message {
		t.Fatalf("error %s; want %d %q", a.Raw, code, message)
	}
	if _, ok := a.Body["details"].([]any); !ok || len(a.Body) != 3 {
		t.Fatalf("error %s; want code, message and details", a.Raw)
	}
	return a
}

// At returns the value at a dotted path, such as members.0.role; nil when there is none.
func (a Answer) At(path string) any {
	var v any = a.Body
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// Text returns the text at a dotted path, "" when there is none.
func (a Answer) Text(path string) string {
	s, _ := a.At(path).(string)
	return s
}

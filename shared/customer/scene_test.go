package customer

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/crm"
	"roster/shared/account"
	"roster/shared/fault"
)

const (
	globex AccountID = "1a2b3c4d5e6f47081920304050607081"
	hank             = account.Address("hank.scorpio@globex.example")
)

// A scene is an instance with the two companies of the seed, and a client of it.
type scene struct {
	*testing.T
	*Client
	crm    *crm.Server
	secret crm.Credential // what reading the secret returns
	reads  int
}

// oauth is what the client's secret holds at first.
var oauth = crm.Credential{ClientID: "roster", ClientSecret: "s3cret"}

func open(t *testing.T) *scene {
	t.Helper()
	s := &scene{T: t, crm: crm.New(), secret: oauth}
	s.crm.SetCredential(oauth)
	companies, err := crm.Seed()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range companies {
		s.add(c)
	}
	s.Client = at(t, s.crm)
	s.keys.read = func(context.Context) (string, error) {
		s.reads++
		text, err := json.Marshal(s.secret)
		return string(text), err
	}
	return s
}

func (s *scene) add(c crm.Company) {
	s.Helper()
	if err := s.crm.Add(c); err != nil {
		s.Fatal(err)
	}
}

// asking is the context of a request.
func asking(t testing.TB) context.Context { return WithBudget(t.Context()) }

// company adds a company with those contacts.
func (s *scene) company(id string, contacts ...crm.Contact) {
	s.Helper()
	s.add(crm.Company{Account: crm.Account{ID: id, Name: "Company " + id}, Contacts: contacts})
}

// contact asks for a contact, and must be answered.
func (s *scene) contact(address string) Contact {
	s.Helper()
	c, err := s.Contact(asking(s.T), account.Address(address))
	if err != nil {
		s.Fatalf("Contact(%q): %v", address, err)
	}
	return c
}

// at returns a client of whatever answers like handler, with a basic credential.
func at(t *testing.T, handler http.Handler) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(server.URL, standard(), func(context.Context) (string, error) {
		return `{"username":"roster","password":"pass-w0rd"}`, nil
	})
}

// answering is an instance that answers everything alike.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// every calls each thing that the CRM is asked for, by its name.
func every(c *Client) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Contact": func(ctx context.Context) error { _, err := c.Contact(ctx, hank); return err },
		"Account": func(ctx context.Context) error { _, err := c.Account(ctx, globex); return err },
		"Entitlements": func(ctx context.Context) error {
			_, err := c.Entitlements(ctx, globex)
			return err
		},
		"Tickets": func(ctx context.Context) error { _, err := c.Tickets(ctx, globex); return err },
		"Raise": func(ctx context.Context) error {
			_, err := c.Raise(ctx, Contact{ID: "c", Account: globex}, Problem{ShortDescription: "private words"})
			return err
		},
	}
}

// private is what no error may tell.
var private = []string{"hank", "globex", "pass-w0rd", "s3cret", "Bearer", "Basic ", "private", "roster:"}

// checkUnavailable holds an error to being the one that callers are told of, and to telling nothing.
func checkUnavailable(t *testing.T, what string, err error) {
	t.Helper()
	var f *fault.Error
	if !errors.Is(err, ErrUnavailable) || !errors.As(err, &f) || f.Kind != fault.Unavailable {
		t.Errorf("%s: %v, want ErrUnavailable", what, err)
		return
	}
	if err.Error() == ErrUnavailable.Error() {
		t.Errorf("%s: the cause is lost", what)
	}
	for _, p := range private {
		if strings.Contains(err.Error(), p) {
			t.Errorf("%s: %q tells %q", what, err, p)
		}
	}
}

// hurried makes the CRM's time short.
func hurried(c *Client) *Client {
	c.patience = 80 * time.Millisecond
	return c
}

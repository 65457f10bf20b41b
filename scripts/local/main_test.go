package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/crm"
	"roster/scripts/local/engine"
)

const builtHere = "../../.build/functions"

// A buffer may be read while it is written.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

var address = regexp.MustCompile(`Roster is ready at (\S+)`)

// start runs the program and returns what it printed once it is ready, its address, and what stops
// it and returns its error.
func start(t *testing.T, c config) (said, url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, done := &buffer{}, make(chan error, 1)
	go func() { done <- run(ctx, c, out, t.Output()) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { stop() })
	for !strings.Contains(out.String(), "Ctrl-C") {
		select {
		case err := <-done:
			t.Fatalf("it ended: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return out.String(), address.FindStringSubmatch(out.String())[1], stop
}

func TestItStartsWithTwoAccountsAndStops(t *testing.T) {
	said, url, stop := start(t, config{port: "0", functions: builtHere})
	for _, part := range []string{url + "/_local/inbox", "DynamoDB   http://127.0.0.1:", ann.Email, carol.Email, ann.Password, "Acme", "Globex Corporation: hank.scorpio@globex.example, ", "Initech: ", crm.Onboarding} {
		if !strings.Contains(said, part) {
			t.Errorf("it does not say %q:\n%s", part, said)
		}
	}
	for person, want := range map[person]int{ann: 1, carol: 0} {
		if got := organizations(t, url, person); got != want {
			t.Errorf("%s has %d organizations, want %d", person.Email, got, want)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
		connection.Close()
		t.Error("it still listens")
	}
}

func organizations(t *testing.T, url string, p person) int {
	t.Helper()
	c := client{url: url}
	var found struct{ Orgs []any }
	if err := c.signIn(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := c.post(t.Context(), "/v1/orgs:search", nil, &found); err != nil {
		t.Fatal(err)
	}
	return len(found.Orgs)
}

func TestItStartsAgainOnAnEngineThatKeptEverything(t *testing.T) {
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	t.Setenv(engine.EndpointVariable, e.Endpoint)
	for range 2 {
		said, url, stop := start(t, config{port: "0", functions: builtHere})
		if !strings.Contains(said, e.Endpoint) {
			t.Errorf("it does not use %s:\n%s", e.Endpoint, said)
		}
		if got := organizations(t, url, ann); got != 1 {
			t.Errorf("%d organizations, want 1", got)
		}
		if err := seed(t.Context(), url); err != nil {
			t.Errorf("seeding again: %v", err)
		}
		if err := stop(); err != nil {
			t.Errorf("it ended with %v", err)
		}
	}
}

func TestABusyPortIsAClearError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	err = run(t.Context(), config{port: port, functions: builtHere}, &buffer{}, t.Output())
	if want := "port " + port + " is in use; choose another, such as PORT=8081"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestSettingsAreTheVariablesOfRoster(t *testing.T) {
	got := settings([]string{"HOME=/", "ROSTER_RESEND_AFTER=5", "ROSTER_EMPTY=", "PORT=1"})
	if diff := cmp.Diff(map[string]string{"ROSTER_RESEND_AFTER": "5", "ROSTER_EMPTY": ""}, got); diff != "" {
		t.Error(diff)
	}
}

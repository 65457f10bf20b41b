package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"roster/shared/setting"
)

// simulator is SES's address that takes every mail: it costs nothing and harms no reputation.
const simulator = "success@simulator.amazonses.com"

// A walker walks through the API of a stage as two people who have accounts there and are in no
// organization: one who founds an organization, another who must not see it.
type walker struct {
	api            stage
	founder, other login
	patience       time.Duration // for the mail to be sent
	out            io.Writer
}

type login struct{ email, password string }

func smoke(ctx context.Context, url string, out io.Writer) error {
	w := walker{
		api:      stage{url: url, client: &http.Client{Timeout: 15 * time.Second}},
		founder:  login{setting.Text("ROSTER_SMOKE_EMAIL"), setting.Text("ROSTER_SMOKE_PASSWORD")},
		other:    login{setting.Text("ROSTER_SMOKE_OTHER_EMAIL"), setting.Text("ROSTER_SMOKE_OTHER_PASSWORD")},
		patience: time.Minute, out: out,
	}
	return w.walk(ctx)
}

// A round is one walk and what it met on the way.
type round struct {
	*walker
	token, otherToken string
	org               string // "" before it is made
	invited           string // the member id of the row
	server            string // id of the PMM server
	sso               sso
}

// A step of a walk says what it is about, and does it.
type step struct {
	says string
	do   func(context.Context) error
}

// walk ends at the first wrong answer. The organization that it made is deleted whatever happens, and all
// else that it made is in there: it may be repeated at any time, and leaves nothing.
func (w *walker) walk(ctx context.Context) (err error) {
	r := &round{walker: w, server: "roster-smoke-" + rand.Text()}
	defer func() {
		if err != nil && r.org != "" {
			r.want(context.WithoutCancel(ctx), "DELETE", "", nil) // as well as it goes
		}
	}()
	for _, s := range slices.Concat(r.entering(), r.inviting(), r.connecting(), r.ending()) {
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.says, err)
		}
		fmt.Fprintln(w.out, "ok ", s.says)
	}
	return nil
}

func (r *round) entering() []step {
	return []step{
		{"the portal is there", func(ctx context.Context) error { return r.api.page(ctx, "/") }},
		{"the API describes itself", r.described},
		{"without a token nobody gets in", func(ctx context.Context) error {
			_, err := r.api.call(ctx, request{"POST", "/v1/orgs:search", "", nil, 401})
			return err
		}},
		{"sign in", func(ctx context.Context) (err error) { r.token, err = r.signIn(ctx, r.founder); return err }},
		{"sign in as the other one", func(ctx context.Context) (err error) { r.otherToken, err = r.signIn(ctx, r.other); return err }},
		{"search: in no organization", r.free},
		{"create an organization", r.create},
		{"the other one does not see it", func(ctx context.Context) error {
			_, err := r.api.call(ctx, request{"GET", "/v1/orgs/" + r.org, r.otherToken, nil, 403})
			return err
		}},
	}
}

func (r *round) ending() []step {
	return []step{
		{"the log tells all of it", r.logged},
		{"delete the organization", func(ctx context.Context) error { return r.want(ctx, "DELETE", "", nil) }},
		{"search: in no organization again", r.free},
	}
}

// want sends a request about the organization and holds the answer to success only.
func (r *round) want(ctx context.Context, method, path string, body any) error {
	_, err := r.about(ctx, method, path, body)
	return err
}

// about sends a request of the founder about the organization.
func (r *round) about(ctx context.Context, method, path string, body any) (answer, error) {
	return r.api.call(ctx, request{method, "/v1/orgs/" + r.org + path, r.token, body, 200})
}

func (r *round) described(ctx context.Context) error {
	a, err := r.api.call(ctx, request{"GET", "/v1/openapi.json", "", nil, 200})
	if err == nil && !strings.HasPrefix(a.OpenAPI, "3.1") {
		err = fmt.Errorf("it is OpenAPI %q", a.OpenAPI)
	}
	return err
}

func (w *walker) signIn(ctx context.Context, l login) (token string, err error) {
	a, err := w.api.call(ctx, request{"POST", "/v1/auth/SignIn", "", map[string]any{"email": l.email, "password": l.password}, 200})
	if err == nil && a.Token == "" {
		err = fmt.Errorf("the answer has no access_token")
	}
	return a.Token, err
}

// free holds the founder to being in no organization, so that the walk touches nobody's.
func (r *round) free(ctx context.Context) error {
	a, err := r.api.call(ctx, request{"POST", "/v1/orgs:search", r.token, nil, 200})
	if err == nil && len(a.Orgs) > 0 {
		err = fmt.Errorf("the account is in organization %s; the walk needs one that is in none", a.Orgs[0].ID)
	}
	return err
}

func (r *round) create(ctx context.Context) error {
	a, err := r.api.call(ctx, request{"POST", "/v1/orgs", r.token, map[string]any{"name": "Roster smoke test"}, 200})
	if r.org = a.Org.ID; err == nil && r.org == "" {
		err = errors.New("the answer has no org.id")
	}
	return err
}

// logged holds the newest events to what the walk did last.
func (r *round) logged(ctx context.Context) error {
	page := map[string]any{"fsp": map[string]any{"page_params": map[string]any{"page_size": 3, "index": 0}}}
	a, err := r.api.call(ctx, request{"POST", "/v1/events:search", r.token, page, 200})
	if err != nil {
		return err
	}
	var got []string
	for _, e := range a.Events {
		for _, o := range e.Objects {
			got = append(got, e.Action+" "+o.Type)
		}
	}
	if want := []string{"DELETE inventory", "CREATE inventory", "DELETE organization_member"}; !slices.Equal(got, want) {
		return fmt.Errorf("the newest are %q, want %q", got, want)
	}
	return nil
}

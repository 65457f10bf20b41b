package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
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

// walk ends at the first wrong answer. The organization that it made is deleted whatever happens.
func (w *walker) walk(ctx context.Context) (err error) {
	var founder, other, id string
	defer func() {
		if err != nil && id != "" {
			w.api.call(context.WithoutCancel(ctx), request{"DELETE", "/v1/orgs/" + id, founder, nil, 200}) // as well as it goes
		}
	}()
	for _, s := range []struct {
		says string
		do   func() error
	}{
		{"without a token nobody gets in", func() error { return w.want(ctx, request{"POST", "/v1/orgs:search", "", nil, 401}) }},
		{"sign in", func() (err error) { founder, err = w.signIn(ctx, w.founder); return err }},
		{"sign in as the other one", func() (err error) { other, err = w.signIn(ctx, w.other); return err }},
		{"search: in no organization", func() error { return w.free(ctx, founder) }},
		{"create an organization", func() (err error) { id, err = w.create(ctx, founder); return err }},
		{"the other one does not see it", func() error { return w.want(ctx, request{"GET", "/v1/orgs/" + id, other, nil, 403}) }},
		{"invite " + simulator, func() error {
			return w.want(ctx, request{"POST", "/v1/orgs/" + id + "/members", founder, map[string]any{"username": simulator, "role": "Technical"}, 200})
		}},
		{"list: invited, and the mail is sent", func() error { return w.sent(ctx, founder, id) }},
		{"delete the organization", func() error { return w.want(ctx, request{"DELETE", "/v1/orgs/" + id, founder, nil, 200}) }},
		{"search: in no organization again", func() error { return w.free(ctx, founder) }},
	} {
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.says, err)
		}
		fmt.Fprintln(w.out, "ok ", s.says)
	}
	return nil
}

// want holds an answer to its status only.
func (w *walker) want(ctx context.Context, r request) error {
	_, err := w.api.call(ctx, r)
	return err
}

func (w *walker) signIn(ctx context.Context, l login) (token string, err error) {
	a, err := w.api.call(ctx, request{"POST", "/v1/auth/SignIn", "", map[string]any{"email": l.email, "password": l.password}, 200})
	if err == nil && a.Token == "" {
		err = fmt.Errorf("the answer has no access_token")
	}
	return a.Token, err
}

// free holds an account to being in no organization, so that the walk touches nobody's.
func (w *walker) free(ctx context.Context, token string) error {
	a, err := w.api.call(ctx, request{"POST", "/v1/orgs:search", token, nil, 200})
	if err == nil && len(a.Orgs) > 0 {
		err = fmt.Errorf("the account is in organization %s; the walk needs one that is in none", a.Orgs[0].ID)
	}
	return err
}

func (w *walker) create(ctx context.Context, token string) (id string, err error) {
	a, err := w.api.call(ctx, request{"POST", "/v1/orgs", token, map[string]any{"name": "Roster smoke test"}, 200})
	if err == nil && a.Org.ID == "" {
		err = fmt.Errorf("the answer has no org.id")
	}
	return a.Org.ID, err
}

// sent waits until the list has the two rows, and what became of the mail is known.
func (w *walker) sent(ctx context.Context, token, id string) error {
	ctx, cancel := context.WithTimeout(ctx, w.patience)
	defer cancel()
	for last := "unknown"; ; {
		a, err := w.api.call(ctx, request{"POST", "/v1/orgs/" + id + "/members:search", token, nil, 200})
		if ctx.Err() != nil {
			return fmt.Errorf("the mail is still %s", last)
		}
		if err != nil {
			return err
		}
		if len(a.Members) != 2 {
			return fmt.Errorf("%d members; want the founder and the invitation", len(a.Members))
		}
		for _, m := range a.Members {
			if m.Username == simulator && m.Invitation != nil {
				last = m.Invitation.Delivery
			}
		}
		switch last {
		case "sent", "delivered":
			return nil
		case "queued", "unknown":
		default:
			return fmt.Errorf("the mail is %s", last)
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

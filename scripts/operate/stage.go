package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A stage is a deployed one, as its callers see it.
type stage struct {
	url    string // without /v1
	client *http.Client
}

type request struct {
	method, path, token string
	body                any // nil for none
	status              int // that the answer must have
}

// An answer is what the walk reads of all of them.
type answer struct {
	status     int
	retryAfter string

	Token   string                `json:"access_token"`
	Org     struct{ ID string }   `json:"org"`
	Orgs    []struct{ ID string } `json:"orgs"`
	Errors  []struct{ Username, Error string }
	Member  listed
	Members []listed
	SSO     sso `json:"sso_details"`
	Servers []struct {
		ID  string `json:"pmm_server_id"`
		URL string `json:"pmm_server_url"`
	} `json:"inventory"`
	Events []struct {
		Action  string `json:"action_type"`
		Objects []struct{ Type string }
	}
	OpenAPI string `json:"openapi"`
	Message string // of an error
}

// A listed is a row of the members.
type listed struct {
	ID         string `json:"member_id"`
	Username   string
	Role       string
	Invitation *struct{ Delivery string }
}

// An sso is what a PMM server proves itself with.
type sso struct {
	Client string `json:"pmm_managed_client_id"`
	Secret string `json:"pmm_managed_client_secret"`
	Issuer string `json:"issuer_url"`
	Scope  string
}

// call sends a request. An answer of another status, or that is no JSON object, is an error.
func (s stage) call(ctx context.Context, r request) (answer, error) {
	body, err := json.Marshal(r.body)
	if err != nil {
		return answer{}, err
	}
	if r.body == nil {
		body = nil
	}
	req, err := http.NewRequestWithContext(ctx, r.method, s.base()+r.path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	a, err := s.read(req)
	if err == nil && a.status != r.status {
		err = fmt.Errorf("%s %s answered %d %q, want %d", r.method, r.path, a.status, a.Message, r.status)
	}
	return a, err
}

// read sends a request whose answer is a JSON object, of whatever status.
func (s stage) read(req *http.Request) (answer, error) {
	got, raw, err := s.fetch(req)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: got.StatusCode, retryAfter: got.Header.Get("Retry-After")}
	if err := json.Unmarshal(raw, &a); err != nil {
		return a, fmt.Errorf("%s %s answered %d and no JSON: %w", req.Method, req.URL.Path, got.StatusCode, err)
	}
	return a, nil
}

func (s stage) fetch(req *http.Request) (*http.Response, []byte, error) {
	got, err := s.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	return got, raw, err
}

// page holds a path to being a page of HTML.
func (s stage) page(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base()+path, nil)
	if err != nil {
		return err
	}
	got, raw, err := s.fetch(req)
	if err != nil {
		return err
	}
	if kind := got.Header.Get("Content-Type"); got.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/html") || !bytes.Contains(raw, []byte("<script")) {
		return fmt.Errorf("GET %s answered %d, %d bytes of %q, and no page", path, got.StatusCode, len(raw), kind)
	}
	return nil
}

// prove asks for a token as a PMM server does, with its credentials, and returns the status.
func (s stage) prove(ctx context.Context, with sso) (status int, err error) {
	if want := s.base() + "/v1/sso"; with.Issuer != want { // credentials go nowhere else
		return 0, fmt.Errorf("issuer_url is %q, want %q", with.Issuer, want)
	}
	query := url.Values{"grant_type": {"client_credentials"}, "scope": {with.Scope}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, with.Issuer+"/token?"+query.Encode(), nil)
	if err != nil {
		return 0, err
	}
	req.SetBasicAuth(with.Client, with.Secret)
	a, err := s.read(req)
	if err == nil && a.status == http.StatusOK && a.Token == "" {
		err = fmt.Errorf("POST /v1/sso/token answered 200 and no token")
	}
	return a.status, err
}

func (s stage) base() string { return strings.TrimRight(s.url, "/") }

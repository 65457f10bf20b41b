package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// A person is an account for demonstration.
type person struct {
	Email    string `json:"email"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Password string `json:"password"`
}

var (
	ann   = person{"ann@example.com", "Ann", "Archer", "Roster-demo-1"}
	carol = person{"carol@example.com", "Carol", "Carter", "Roster-demo-1"}
)

// What Ann has.
const (
	organization = "Acme"
	invited      = "bob@example.com"
)

// seed makes the demo accounts at url through the API that everybody uses. What is there already,
// because the engine kept it, stays.
func seed(ctx context.Context, url string) error {
	c := client{url: url}
	for _, p := range []person{ann, carol} {
		if err := c.post(ctx, "/_local/accounts", p, nil, http.StatusConflict); err != nil {
			return err
		}
	}
	if err := c.signIn(ctx, ann); err != nil {
		return err
	}
	org, err := c.organization(ctx)
	if err != nil {
		return err
	}
	invitation := map[string]string{"username": invited, "role": "Technical"}
	return c.post(ctx, "/v1/orgs/"+org+"/members", invitation, nil, http.StatusConflict)
}

// organization returns the id of the caller's organization and makes one when there is none.
func (c *client) organization(ctx context.Context) (string, error) {
	var mine struct {
		Orgs []struct{ ID string } `json:"orgs"`
	}
	if err := c.post(ctx, "/v1/orgs:search", nil, &mine); err != nil {
		return "", err
	}
	if len(mine.Orgs) > 0 {
		return mine.Orgs[0].ID, nil
	}
	var made struct {
		Org struct{ ID string } `json:"org"`
	}
	err := c.post(ctx, "/v1/orgs", map[string]string{"name": organization}, &made)
	return made.Org.ID, err
}

// A client calls Roster as a page would.
type client struct {
	url   string
	token string // access token, "" before sign-in
}

func (c *client) signIn(ctx context.Context, p person) error {
	var session struct {
		Token string `json:"access_token"`
	}
	err := c.post(ctx, "/v1/auth/SignIn", p, &session)
	c.token = session.Token
	return err
}

// post sends in and reads the answer into out. Statuses that are fine besides 200 are given.
func (c *client) post(ctx context.Context, path string, in, out any, fine ...int) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return read(response, path, out, fine)
}

func read(response *http.Response, path string, out any, fine []int) error {
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		return err
	}
	if slices.Contains(fine, response.StatusCode) {
		return nil
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("POST %s: %s: %s", path, response.Status, text.String())
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text.Bytes(), out)
}

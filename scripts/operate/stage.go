package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
	Token   string                `json:"access_token"`
	Org     struct{ ID string }   `json:"org"`
	Orgs    []struct{ ID string } `json:"orgs"`
	Members []struct {
		Username   string                     `json:"username"`
		Invitation *struct{ Delivery string } `json:"invitation"`
	} `json:"members"`
	Message string `json:"message"` // of an error
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
	req, err := http.NewRequestWithContext(ctx, r.method, strings.TrimRight(s.url, "/")+r.path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	got, err := s.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	if err != nil {
		return answer{}, err
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return answer{}, fmt.Errorf("%s %s answered %d and no JSON: %w", r.method, r.path, got.StatusCode, err)
	}
	if got.StatusCode != r.status {
		return a, fmt.Errorf("%s %s answered %d %q, want %d", r.method, r.path, got.StatusCode, a.Message, r.status)
	}
	return a, nil
}

// Package gateway stands for the deployed API: API Gateway's REST API (regional, payload 1.0) with
// a Cognito authorizer. It finds the operation of a request, checks its token, wraps it into the
// event that functions get, and unwraps their answer; what it refuses, it refuses as the deployed
// one does. There is no CORS: page and API share one origin.
package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"roster/shared/operation"
	"roster/shared/refusal"
)

const (
	defaultTimeout = 29 * time.Second
	eventLimit     = 6 << 20 // of Lambda, which comes before API Gateway's 10 MB
	localPrefix    = "/_local/"
)

// Config says what stands behind the gateway.
type Config struct {
	Operations []operation.Operation
	// Invoke runs a function by its name. An error that is context.DeadlineExceeded is answered as
	// a time-out, any other as a failure.
	Invoke   func(ctx context.Context, name string, payload []byte) ([]byte, error)
	Keys     jwt.Keyfunc              // of the user pool
	Issuer   string                   // that tokens must name
	Scope    string                   // that tokens must have
	Timeout  time.Duration            // of a request; 29 s when zero
	Throttle func(*http.Request) bool // says which requests come too fast; none when nil
	Local    http.Handler             // gets /_local/, which no deployed gateway has; may be nil
}

type gateway struct {
	Config
	routes     *table
	authorizer authorizer
}

// New returns the gateway, or what API Gateway would not take about the list of operations.
func New(c Config) (http.Handler, error) {
	routes, err := newTable(c.Operations)
	if err != nil {
		return nil, err
	}
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	return &gateway{Config: c, routes: routes, authorizer: newAuthorizer(c)}, nil
}

// ServeHTTP answers with a function's answer or with a refusal. The order is the deployed one's:
// the route first, so that a path that does not exist tells nothing about tokens.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.Local != nil && strings.HasPrefix(r.URL.Path, localPrefix) {
		g.Local.ServeHTTP(w, r)
		return
	}
	answer, refused := g.answer(r)
	if refused != "" {
		Refuse(w, refused)
		return
	}
	answer.compress(r.Header.Get("Accept-Encoding"))
	answer.write(w)
}

func (g *gateway) answer(r *http.Request) (*answer, refusal.Type) {
	found, ok := g.routes.find(r.Method, r.URL.EscapedPath())
	if !ok {
		return nil, refusal.MissingAuthenticationToken
	}
	if g.Throttle != nil && g.Throttle(r) {
		return nil, refusal.Throttled
	}
	claims, refused := g.claims(r, found.operation)
	if refused != "" {
		return nil, refused
	}
	payload, refused := g.event(r, found, claims)
	if refused != "" {
		return nil, refused
	}
	return g.invoke(r.Context(), found.operation.Name, payload)
}

// claims returns what the token says; nil for an operation that asks for none.
func (g *gateway) claims(r *http.Request, o operation.Operation) (map[string]string, refusal.Type) {
	if o.Public {
		return nil, ""
	}
	return g.authorizer.check(r.Header.Get("Authorization"))
}

// event returns the proxy event as the function gets it.
func (g *gateway) event(r *http.Request, found match, claims map[string]string) ([]byte, refusal.Type) {
	body, ok := readBody(r)
	if !ok {
		return nil, refusal.Default4XX
	}
	payload, err := json.Marshal(newEvent(r, found, claims, body))
	if err != nil {
		return nil, refusal.Default5XX
	}
	if len(payload) > eventLimit {
		return nil, refusal.RequestTooLarge
	}
	return payload, ""
}

// invoke runs the function for as long as the gateway waits. A client that hangs up does not stop
// it, as on AWS.
func (g *gateway) invoke(ctx context.Context, name string, payload []byte) (*answer, refusal.Type) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.Timeout)
	defer cancel()
	raw, err := g.Invoke(ctx, name, payload)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, refusal.IntegrationTimeout
	}
	if err != nil {
		return nil, refusal.IntegrationFailure
	}
	return readAnswer(raw)
}

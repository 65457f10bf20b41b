// Package rights holds the rows of the operation list against what the functions do: a guard between
// them and AWS refuses, as IAM would, what a row does not grant, and tells which grants nothing used.
package rights

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine/enginetest"
	"roster/shared/operation"
)

// A guard is what every call of a cloud's functions to AWS comes by.
type guard struct {
	*cloudtest.Cloud
	rows  map[string]operation.Operation
	table http.Handler

	mu      sync.Mutex
	used    map[string]map[use]bool // by function
	refused []string
}

// newGuard returns a guard of those rows and the cloud behind it. What functions use is noted in used.
func newGuard(t testing.TB, rows []operation.Operation, used map[string]map[use]bool, settings map[string]string) *guard {
	t.Helper()
	e, table := enginetest.New(t)
	endpoint, err := url.Parse(e.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	g := &guard{
		rows: map[string]operation.Operation{}, table: httputil.NewSingleHostReverseProxy(endpoint),
		used: used,
	}
	for _, o := range rows {
		g.rows[o.Name] = o
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	at := func(service string) string { return server.URL + "/" + service + "/{function}" }
	g.Cloud = cloudtest.Start(t, cloud.Options{
		DynamoDB: e.Endpoint, Table: table, Settings: settings,
		FunctionsDynamoDB: at("dynamodb"), FunctionsCognito: at("cognito-idp"), FunctionsSES: at("ses"),
	})
	return g
}

// ServeHTTP hands a call on to its service, or refuses it.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
	service, function := parts[0], parts[1]
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body, r.URL.Path, r.URL.RawPath = io.NopCloser(bytes.NewReader(body)), "/"+strings.Join(parts[2:], "/"), ""
	for _, u := range uses(service, r, body) {
		if !g.allows(function, u) {
			deny(w, function, u)
			return
		}
	}
	switch service {
	case "dynamodb":
		g.table.ServeHTTP(w, r)
	case "cognito-idp":
		g.Pool.ServeHTTP(w, r)
	case "ses":
		g.SES.ServeHTTP(w, r)
	}
}

// allows reports whether the row of a function grants a use, and notes either.
func (g *guard) allows(function string, u use) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Contains(granted(g.rows[function]), u) {
		g.refused = append(g.refused, fmt.Sprintf("%s: %s", function, u))
		return false
	}
	if g.used[function] == nil {
		g.used[function] = map[use]bool{}
	}
	g.used[function][u] = true
	return true
}

// refusals lists what was refused until now.
func (g *guard) refusals() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.refused)
}

// deny answers as each service does for a call that the role's policy does not allow.
func deny(w http.ResponseWriter, function string, u use) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-ErrorType", "AccessDeniedException")
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"%s is not authorized to perform: %s"}`, function, u)
}

// client is what a page may ask of the pool too, without any right.
var client = []string{"InitiateAuth", "SignUp", "ConfirmSignUp", "ResendConfirmationCode", "ForgotPassword", "ConfirmForgotPassword"}

// granted lists what a row allows, each family of keys for itself.
func granted(o operation.Operation) (all []use) {
	for _, r := range o.Table.Rights() {
		for bit := operation.Keys(1); bit != 0; bit <<= 1 {
			if r.Keys&bit != 0 {
				all = append(all, use{"dynamodb", r.Action, r.Within, bit})
			}
		}
	}
	for _, action := range o.Users {
		all = append(all, use{Service: "cognito-idp", Action: action})
	}
	for _, action := range o.Mail {
		all = append(all, use{Service: "ses", Action: action})
	}
	if o.SignIn {
		for _, action := range client {
			all = append(all, use{Service: "cognito-idp", Action: action})
		}
	}
	return all
}

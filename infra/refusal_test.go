package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/gateway"
	"roster/shared/operation"
	"roster/shared/refusal"
)

// A response is what the gateway answers by itself.
type response struct {
	Status int
	Header map[string]string
	Body   string
}

func (t template) responses(tb testing.TB) map[string]response {
	all := map[string]response{}
	for _, r := range t.of("AWS::ApiGateway::GatewayResponse") {
		templates, _ := r.at("ResponseTemplates").(map[string]any)
		body, _ := templates["application/json"].(string)
		var status int
		if _, err := fmt.Sscan(r.text("StatusCode"), &status); err != nil || len(templates) != 1 {
			tb.Errorf("%v", r.Properties)
		}
		header := map[string]string{"Content-Type": "application/json"} // the template's
		parameters, _ := r.at("ResponseParameters").(map[string]any)
		for name, value := range parameters {
			literal, _ := value.(string)
			header[strings.TrimPrefix(name, "gatewayresponse.header.")] = strings.Trim(literal, "'")
			if !strings.HasPrefix(name, "gatewayresponse.header.") || !strings.HasPrefix(literal, "'") {
				tb.Errorf("%s is %v", name, value)
			}
		}
		all[r.text("ResponseType")] = response{status, header, body}
	}
	return all
}

// A written is an answer of the local gateway.
type written struct{ *httptest.ResponseRecorder }

func (w written) response() response {
	r := response{w.Code, map[string]string{}, w.Body.String()}
	for name, values := range w.Header() {
		r.Header[name] = strings.Join(values, ",")
	}
	return r
}

func TestBothGatewaysRefuseInTheShapeOfTheAPI(t *testing.T) {
	deployed := get(t, small).responses(t)
	for _, r := range refusal.All() {
		want := response{r.Status, map[string]string{"Content-Type": "application/json"}, r.Body()}
		if r.Code == 8 { // API.md, §1
			want.Header["Retry-After"] = "1"
		}
		local := written{httptest.NewRecorder()}
		gateway.Refuse(local, r.Type)
		for name, got := range map[string]response{"deployed": deployed[string(r.Type)], "local": local.response()} {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, the %s one (-want +got):\n%s", r.Type, name, diff)
			}
		}
		delete(deployed, string(r.Type))
	}
	if len(deployed) != 0 {
		t.Errorf("nobody asked for %v", deployed)
	}
}

func TestTheLocalGatewayRefusesWhatTheDeployedOneDoes(t *testing.T) {
	deployed := get(t, small).responses(t)
	failure := error(nil)
	local, err := gateway.New(gateway.Config{
		Operations: operation.All(), Issuer: "https://issuer.example", Scope: scope,
		Keys:     func(*jwt.Token) (any, error) { return nil, errors.New("no such key") },
		Invoke:   func(context.Context, string, []byte) ([]byte, error) { return []byte("{}"), failure },
		Throttle: func(r *http.Request) bool { return r.Header.Get("Throttle") != "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, method, path string
		header             http.Header
		body               string
		failure            error
		want               refusal.Type
	}{
		{"an unknown path", "GET", "/v1/nothing", nil, "", nil, refusal.MissingAuthenticationToken},
		{"an unknown method", "PATCH", "/v1/orgs", nil, "", nil, refusal.MissingAuthenticationToken},
		{"no token", "POST", "/v1/orgs", nil, "", nil, refusal.Unauthorized},
		{"a bad token", "POST", "/v1/orgs", http.Header{"Authorization": {"Bearer bad"}}, "", nil, refusal.AccessDenied},
		{"too many requests", "POST", "/v1/auth/SignIn", http.Header{"Throttle": {"1"}}, "", nil, refusal.Throttled},
		{"too large a request", "POST", "/v1/auth/SignIn", nil, strings.Repeat("x", 7<<20), nil, refusal.RequestTooLarge},
		{"a function that takes too long", "POST", "/v1/auth/SignIn", nil, "", context.DeadlineExceeded, refusal.IntegrationTimeout},
		{"a function that fails", "POST", "/v1/auth/SignIn", nil, "", errors.New("gone"), refusal.IntegrationFailure},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			failure = test.failure
			r := httptest.NewRequest(test.method, test.path, strings.NewReader(test.body))
			for name, values := range test.header {
				r.Header[name] = values
			}
			w := httptest.NewRecorder()
			local.ServeHTTP(w, r)
			if diff := cmp.Diff(deployed[string(test.want)], written{w}.response()); diff != "" {
				t.Errorf("(-deployed +local):\n%s", diff)
			}
		})
	}
}

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"roster/scripts/local/gateway"
	"roster/shared/operation"
	"roster/shared/refusal"
)

// pathOf returns the path of a resource of the API, put together from its parents.
func (t template) pathOf(tb testing.TB, id any) string {
	tb.Helper()
	ref, _ := id.(map[string]any)
	name, ok := ref["Ref"].(string)
	if !ok {
		return "" // the root
	}
	r := t.Resources[name]
	return t.pathOf(tb, r.at("ParentId")) + "/" + r.text("PathPart")
}

func TestLongAnswersArePackedAsLocally(t *testing.T) {
	if got := get(t, small).only(t, "AWS::ApiGateway::RestApi").at("MinimumCompressionSize"); fmt.Sprint(got) != fmt.Sprint(operation.CompressedFrom) {
		t.Errorf("from %v bytes on, want %d", got, operation.CompressedFrom)
	}
}

func TestEveryRouteHasAMethodAndEveryMethodItsGuard(t *testing.T) {
	written := get(t, small)
	rows := map[string]operation.Operation{}
	for _, o := range operation.All() {
		for _, route := range o.Routes {
			rows[route] = o
		}
	}
	for _, m := range written.of("AWS::ApiGateway::Method") {
		route := m.text("HttpMethod") + " " + cmp.Or(written.pathOf(t, m.at("ResourceId")), "/")
		o, ok := rows[route]
		if !ok {
			t.Errorf("%q is no route, or twice a method", route)
		}
		delete(rows, route)
		checkGuard(t, route, o, m)
		raw, _ := json.Marshal(m.at("Integration.Uri"))
		if function := written.idOf(t, "AWS::Lambda::Function", o.Name+"/"); !strings.Contains(string(raw), `"`+function+`"`) {
			t.Errorf("%q leads to %s, and not to %s", route, raw, function)
		}
	}
	for route := range rows {
		t.Errorf("%q has no method", route)
	}
}

// checkGuard holds a method to asking for a token with the scope, or for none where its row says so.
func checkGuard(t *testing.T, route string, o operation.Operation, m resource) {
	t.Helper()
	want := "COGNITO_USER_POOLS [roster/api] true"
	if o.Public {
		want = "NONE <nil> false"
	}
	if got := fmt.Sprint(m.at("AuthorizationType"), " ", m.at("AuthorizationScopes"), " ", m.at("AuthorizerId") != nil); got != want {
		t.Errorf("%q is guarded by %q, want %q", route, got, want)
	}
}

func TestTheGuardIsThePool(t *testing.T) {
	written := get(t, small)
	a := written.only(t, "AWS::ApiGateway::Authorizer")
	pools, _ := json.Marshal(a.at("ProviderARNs"))
	if want := "[" + written.attribute(t, "AWS::Cognito::UserPool", "Arn") + "]"; a.text("Type") != "COGNITO_USER_POOLS" ||
		string(pools) != want || a.text("IdentitySource") != "method.request.header.Authorization" {
		t.Errorf("%v, pools %s", a.Properties, pools)
	}
}

// part is what API Gateway takes between two slashes.
var part = regexp.MustCompile(`^(\{[A-Za-z0-9._-]+\}|[A-Za-z0-9.:_-]+)$`)

func TestPathsAreWhatAPIGatewayTakes(t *testing.T) {
	written := get(t, small)
	variables, literals := map[string]string{}, map[string]bool{}
	for _, r := range written.of("AWS::ApiGateway::Resource") {
		parent, p := written.pathOf(t, r.at("ParentId")), r.text("PathPart")
		if !part.MatchString(p) {
			t.Errorf("%q below %q", p, parent)
		}
		if other := variables[parent]; strings.HasPrefix(p, "{") && other != "" {
			t.Errorf("%s and %s stand at the same place below %q", p, other, parent)
		}
		if strings.HasPrefix(p, "{") {
			variables[parent] = p
		}
		if literals[parent+"/"+p] {
			t.Errorf("%q below %q twice", p, parent)
		}
		literals[parent+"/"+p] = true
	}
}

// A response is what the gateway answers by itself.
type response struct {
	status int
	body   string
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
		all[r.text("ResponseType")] = response{status, body}
	}
	return all
}

func TestTheGatewayRefusesInTheShapeOfTheAPI(t *testing.T) {
	got := get(t, small).responses(t)
	for _, r := range refusal.All() {
		if want := (response{r.Status, r.Body()}); got[string(r.Type)] != want {
			t.Errorf("%s: %v, want %v", r.Type, got[string(r.Type)], want)
		}
		delete(got, string(r.Type))
	}
	if len(got) != 0 {
		t.Errorf("nobody asked for %v", got)
	}
}

func TestTheLocalGatewayRefusesAsTheDeployedOne(t *testing.T) {
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
			if got, want := (response{w.Code, w.Body.String()}), deployed[string(test.want)]; got != want {
				t.Errorf("%v; the deployed one %v", got, want)
			}
		})
	}
}

func TestTheGatewayAsksNothingOfTestConsoles(t *testing.T) {
	for _, p := range get(t, small).of("AWS::Lambda::Permission") {
		raw, _ := json.Marshal(p.at("SourceArn"))
		if strings.Contains(string(raw), "test-invoke-stage") {
			t.Errorf("%s: %s", p.path(), raw)
		}
	}
}

func TestMethodsThatAnybodyMayCallAreThrottledOneByOne(t *testing.T) {
	written := get(t, small)
	s := written.only(t, "AWS::ApiGateway::Stage")
	var settings []struct {
		HttpMethod, ResourcePath string
		ThrottlingRateLimit      float64
		ThrottlingBurstLimit     float64
		DataTraceEnabled         bool
	}
	again(t, s.at("MethodSettings"), &settings)
	got := map[string]string{}
	for _, m := range settings {
		got[m.HttpMethod+" "+strings.ReplaceAll(strings.TrimPrefix(m.ResourcePath, "/"), "~1", "/")] = fmt.Sprint(m.ThrottlingRateLimit, m.ThrottlingBurstLimit)
		if m.DataTraceEnabled {
			t.Errorf("%s logs bodies", m.ResourcePath)
		}
	}
	want := map[string]string{"* *": "200 400"}
	for _, o := range operation.All() {
		for _, route := range o.Routes {
			if o.Public && !o.Page { // a page's files come all at once
				want[route] = "20 40"
			}
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}

func TestWithoutADomainTheStageIsInEveryPath(t *testing.T) {
	written := get(t, small)
	if s := written.only(t, "AWS::ApiGateway::Stage"); s.text("StageName") != "test" || s.at("TracingEnabled") != true {
		t.Errorf("%v", s.Properties)
	}
	if raw, _ := json.Marshal(written.Outputs["APIURL"].Value); !strings.Contains(string(raw), "/v1") && !strings.HasSuffix(string(raw), `,{"Ref":"`+written.idOf(t, "AWS::ApiGateway::Stage", "API")+`"},"/"]]}`) {
		t.Errorf("%s", raw)
	}
	whole := get(t, full)
	m := whole.only(t, "AWS::ApiGateway::BasePathMapping")
	if m.at("BasePath") != nil || whole.Outputs["APIURL"].Value != "https://api.roster.example/" ||
		whole.only(t, "AWS::ApiGateway::RestApi").at("DisableExecuteApiEndpoint") != true {
		t.Errorf("%v, %v", m.Properties, whole.Outputs["APIURL"])
	}
}

func TestAccessLogsTellNoSecrets(t *testing.T) {
	var format map[string]string
	s := get(t, small).only(t, "AWS::ApiGateway::Stage")
	if err := json.Unmarshal([]byte(s.text("AccessLogSetting.Format")), &format); err != nil {
		t.Fatal(err)
	}
	for name, value := range format {
		if !strings.HasPrefix(value, "$context.") || strings.Contains(value, "authorizer") || slices.Contains([]string{"$context.path"}, value) {
			t.Errorf("%s is %s", name, value)
		}
	}
}

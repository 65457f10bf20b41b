package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"roster/shared/operation"
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
	if m.at("BasePath") != nil || whole.Outputs["APIURL"].Value != "https://api.roster.test/" ||
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

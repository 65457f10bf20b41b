package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/account"
	"roster/shared/fault"
)

// Whatever a program says of itself, a grant is what it said in the Basic scheme, or nobody's, and only
// a body that is too large is refused outright.
func FuzzGrant(f *testing.F) {
	pair := base64.StdEncoding.EncodeToString([]byte("client:secret"))
	f.Add("Basic "+pair, "client_credentials", "pmm", "", false)
	f.Add("basic "+pair, "", "", "grant_type=client_credentials&scope=pmm%20more", false)
	f.Add("Basic "+pair+"=", "x", "", base64.StdEncoding.EncodeToString([]byte("scope=y")), true)
	f.Add("Bearer "+pair, "client_credentials", "", "%zz;=&&", false)
	f.Add("Basic Og==", "", "", "{}", true)
	f.Add("", "", "", strings.Repeat("scope=", maxBody), false)
	f.Fuzz(func(t *testing.T, authorization, kind, scope, body string, encoded bool) {
		e := events.APIGatewayProxyRequest{
			Headers: map[string]string{"AUTHORIZATION": authorization}, Body: body, IsBase64Encoded: encoded,
			QueryStringParameters: map[string]string{"grant_type": kind, "scope": scope},
		}
		var g, again Grant
		err := take(e, &g)
		if second := take(e, &again); (second == nil) != (err == nil) || g != again {
			t.Fatalf("%+v, %v; and again %+v, %v", g, err, again, second)
		}
		var refused *fault.Error
		if err != nil && (!errors.As(err, &refused) || refused.Kind != fault.Invalid || len(body) <= maxBody) {
			t.Fatalf("%v", err)
		}
		if g.Client == "" && g.Secret == "" {
			return
		}
		scheme, rest, _ := strings.Cut(authorization, " ")
		said, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		if client, secret, _ := strings.Cut(string(said), ":"); !strings.EqualFold(scheme, "Basic") || client != g.Client || secret != g.Secret {
			t.Fatalf("%q is %+v", authorization, g)
		}
	})
}

// Whatever stands in the headers, a credential is text that followed the scheme.
func FuzzBearer(f *testing.F) {
	f.Add("Authorization", "Bearer token")
	f.Add("authorization", "bearer  token ")
	f.Add("AUTHORIZATION", "Basic token")
	f.Add("X-Authorization", "Bearer token")
	f.Add("Authorization", "Bearer")
	f.Fuzz(func(t *testing.T, name, value string) {
		got := bearer(map[string]string{name: value})
		scheme, rest, _ := strings.Cut(value, " ")
		if got != "" && (got != strings.TrimSpace(rest) || !strings.EqualFold(scheme, "bearer") || !strings.EqualFold(name, "authorization")) {
			t.Fatalf("%q: %q has %q", name, value, got)
		}
	})
}

// Whatever path is called, the base is what stands before the route's own, and the address begins with
// the domain that the gateway found.
func FuzzAddress(f *testing.F) {
	f.Add("/prod/v1/orgs", "/v1/orgs", "api.example", "https")
	f.Add("/v1/orgs/", "/v1/orgs", "127.0.0.1:8080", "http")
	f.Add("/v1/orgs", "/v1/orgs/{org}", "", "HTTP")
	f.Add("//", "/", "api.example", "http,https")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, path, resource, domain, scheme string) {
		e := events.APIGatewayProxyRequest{Resource: resource, Headers: map[string]string{"x-forwarded-proto": scheme}}
		e.RequestContext.Path, e.RequestContext.DomainName = path, domain
		before := base(e)
		if rest, ok := strings.CutPrefix(path, before); !ok || before != "" && strings.Trim(rest, "/") != strings.Trim(resource, "/") {
			t.Fatalf("%q of %q has the base %q", resource, path, before)
		}
		if address := (Request[Empty]{base: before, origin: origin(e)}).Address(); address != "https://"+domain+before && address != "http://"+domain+before {
			t.Fatalf("address %q", address)
		}
	})
}

// Whatever segment is called, what comes out of it is what went in, cut at its last colon.
func FuzzVerb(f *testing.F) {
	for _, s := range []string{"pmm-1:disconnect", "pmm-1%3Adisconnect", "a:b:disconnect", ":disconnect", "disconnect", ":", "", "%zz:disconnect", "pmm-1:Disconnect"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, segment string) {
		path := unescaped(map[string]string{"server": segment})
		r := Request[Empty]{path: map[string]string{"server": path["server"]}}
		switch err := r.Only("server", "disconnect"); {
		case err == nil && r.Param("server")+":disconnect" != path["server"]:
			t.Fatalf("%q is %q", segment, r.Param("server"))
		case err != nil && (!errors.Is(err, fault.ErrNotFound) || strings.HasSuffix(path["server"], ":disconnect")):
			t.Fatalf("%q: %v", segment, err)
		}
	})
}

// Whatever claims a developer makes up, only those of an access token with a proven address are anybody's.
func FuzzSAM(f *testing.F) {
	for _, s := range []string{
		`{"sub":"7","token_use":"access","email":"dev@example.com","email_verified":"true"}`,
		`{"sub":7,"token_use":"access","email":["dev@example.com"],"email_verified":true}`,
		`{"sub":"7","token_use":"id"}`, `{"sub":"7","token_use":"access","email":"","email_verified":"true"}`, `{}`, `null`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var claims map[string]any
		if json.Unmarshal([]byte(text), &claims) != nil || text == "" {
			return // the function does not start
		}
		env := map[string]string{"AWS_SAM_LOCAL": "true", "ROSTER_SAM_CLAIMS": text}
		c, err := onSAM(identify, func(name string) string { return env[name] })(events.APIGatewayProxyRequest{})
		proven := claims["token_use"] == "access" && claims["email_verified"] == "true"
		if err == nil && (!proven || c.Account == "" || c.Address == "") {
			t.Fatalf("%s is %+v", text, c)
		}
		var known *fault.Error
		if err != nil && (!errors.As(err, &known) || c.Account != "" && !errors.Is(err, account.ErrRevoked)) {
			t.Fatalf("%s is %+v, %v", text, c, err)
		}
	})
}

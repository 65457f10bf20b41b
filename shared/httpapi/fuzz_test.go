package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/id"
)

// Whatever a request is made of, it is answered in the API's shape, and a handler sees only what it
// can rely on.
func FuzzRequest(f *testing.F) {
	const known = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
	f.Add(known+":leave", known, `{"name":"Acme"}`, "ann@example.com", "true", "1700000000000", "curl/8")
	f.Add(known+"%3Aleave", "x", "", "Ann <ann@example.com>", "false", "-1", "\xff")
	f.Add("%zz", "%", "null", "ann@example.com", "true", "9223372036854775808", string(make([]byte, 600)))
	f.Add(":", "::", "[]", "", "TRUE", "", "é")
	f.Add(known+":leave", known, "", "ann@example.com", "true", "0", strings.Repeat("a", maxAgent-1)+"é")
	handler := func(_ context.Context, r Request[sample]) (sample, error) {
		if err := r.Only("org", "leave"); err != nil {
			return sample{}, err
		}
		o, m, err := r.OrgMember()
		if err != nil {
			return sample{}, err
		}
		for _, s := range []string{string(o), string(m)} {
			if again, ok := id.Parse(s); !ok || again != s {
				panic("an id that is none: " + s)
			}
		}
		if r.Caller.Account == "" || r.Caller.Address == "" || !utf8.ValidString(r.Caller.UserAgent) {
			panic("a caller who is nobody")
		}
		return r.Body, nil
	}
	f.Fuzz(func(t *testing.T, org, member, body, email, verified, issued, agent string) {
		var e events.APIGatewayProxyRequest
		e.HTTPMethod, e.Resource, e.Body = "POST", "/v1/orgs/{org}", body
		e.PathParameters = map[string]string{"org": org, "member": member}
		e.RequestContext.Identity.UserAgent = agent
		e.RequestContext.Authorizer = map[string]any{"claims": map[string]any{
			"token_use": "access", "sub": "ann", "email": email, "email_verified": verified, "issued_ms": issued,
		}}
		a, err := adapt(handler, identify)(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		var answer map[string]any
		if err := json.Unmarshal([]byte(a.Body), &answer); err != nil || a.StatusCode != 200 && (a.StatusCode < 400 || a.StatusCode > 499) {
			t.Fatalf("%d %s, %v", a.StatusCode, a.Body, err)
		}
		if a.StatusCode != 200 && (len(answer) != 3 || answer["code"] == nil || answer["message"] == "" || answer["details"] == nil) {
			t.Fatalf("%d %s", a.StatusCode, a.Body)
		}
	})
}

package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/telemetry"
	"roster/shared/telemetry/telemetrytest"
)

// lineOf returns the one line that ends a request, and holds it to being a metric.
func lineOf(t *testing.T, p proxy, e events.APIGatewayProxyRequest) (line telemetrytest.Line, log string) {
	t.Helper()
	var b bytes.Buffer
	logTo(t, &b)
	send(t, p, e)
	for raw := range bytes.Lines(b.Bytes()) {
		var l telemetrytest.Line
		if err := json.Unmarshal(raw, &l); err != nil || l["_aws"] == nil {
			continue
		}
		if err := telemetrytest.CheckEMF(raw); err != nil || line != nil {
			t.Errorf("%v in\n%s", err, &b)
		}
		line = l
	}
	return line, b.String()
}

func TestARequestEndsWithALine(t *testing.T) {
	for name, c := range map[string]struct {
		request func(e *events.APIGatewayProxyRequest)
		err     error
		want    telemetrytest.Line // besides what all lines have; nil takes away
	}{
		"that went well":          {nil, nil, nil},
		"that was refused":        {nil, fault.ErrNotFound, telemetrytest.Line{"Outcome": "NOT_FOUND"}},
		"that broke":              {nil, errors.New("no table"), telemetrytest.Line{"Outcome": "INTERNAL"}},
		"that came at a bad time": {nil, fmt.Errorf("%w: cause", fault.ErrUnavailable), telemetrytest.Line{"Outcome": "UNAVAILABLE"}},
		"that cannot be read":     {func(e *events.APIGatewayProxyRequest) { e.Body = "{" }, nil, telemetrytest.Line{"Outcome": "INVALID_ARGUMENT"}},
		"of nobody":               {func(e *events.APIGatewayProxyRequest) { e.RequestContext.Authorizer = nil }, nil, telemetrytest.Line{"Outcome": "UNAUTHENTICATED", "caller": nil}},
		"with a verb":             {func(e *events.APIGatewayProxyRequest) { e.PathParameters["org"] = oid + ":leave" }, nil, nil},
		"with an escaped verb":    {func(e *events.APIGatewayProxyRequest) { e.PathParameters["org"] = oid + "%3Aleave" }, nil, nil},
		"to an invitation": {func(e *events.APIGatewayProxyRequest) {
			e.PathParameters = map[string]string{"invitation": oid + ":accept"}
		}, nil, nil},
		"to no organization":         {func(e *events.APIGatewayProxyRequest) { e.PathParameters = nil }, nil, telemetrytest.Line{"organization": nil}},
		"to what is no organization": {func(e *events.APIGatewayProxyRequest) { e.PathParameters["org"] = "ann" }, nil, telemetrytest.Line{"organization": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			e := request(`{}`)
			if c.request != nil {
				c.request(&e)
			}
			line, log := lineOf(t, adapt(func(context.Context, Request[Empty]) (Empty, error) { return Empty{}, c.err }, identify), e)
			want := telemetrytest.Line{
				"level": "INFO", "msg": "request", "route": "PUT /v1/orgs/{org}", "gatewayRequestId": "r-1", "organization": oid,
				"caller": telemetry.Hash(sub), "Operation": "httpapi.test", "Function": "httpapi.test", "Outcome": "OK", "Requests": 1.0,
			}
			for k, v := range c.want {
				if want[k] = v; v == nil {
					delete(want, k)
				}
			}
			for _, k := range []string{"time", "Duration", "_aws"} {
				if line[k] == nil {
					t.Errorf("no %s in\n%s", k, log)
				}
				delete(line, k)
			}
			if diff := cmp.Diff(want, line); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPanicEndsWithALineToo(t *testing.T) {
	line, _ := lineOf(t, adapt(func(context.Context, Request[Empty]) (Empty, error) { panic("nil map") }, identify), request(`{}`))
	if line["Outcome"] != "INTERNAL" {
		t.Error(line)
	}
}

// planted are things that no line may hold, each in all the places of a request where it can be.
var planted = map[string]string{
	"token":    "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9abcdefgh.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0x.c2lnbmF0dXJl",
	"link":     org.NewLink(oid, mid).Token(),
	"address":  "planted.person@example.com",
	"name":     "Wilhelmina Planted",
	"password": "Planted-walrus-77",
}

func TestNoLineHoldsWhatWasPlanted(t *testing.T) {
	secrets := func() string {
		var b strings.Builder
		for name, s := range planted {
			fmt.Fprintf(&b, "%q:%q,", name, s)
		}
		return strings.TrimSuffix(b.String(), ",")
	}()
	body := "{" + secrets + "}"
	type in struct {
		Token, Link, Address, Name, Password string
	}
	fails := func(err error) Handler[in, Empty] {
		return func(context.Context, Request[in]) (Empty, error) { return Empty{}, err }
	}
	long := regexp.MustCompile(`"name":"Wilhelmina Planted",?|"password":"Planted-walrus-77",?`).ReplaceAllString(secrets, "")
	for name, h := range map[string]Handler[in, Empty]{
		"it went well":       fails(nil),
		"the caller is told": fails(fault.Invalidf("invalid field X: %s", secrets)),
		"an error quotes what can be told from its looks": fails(errors.New("broken: " + long)),
		"somebody logs what can be told from its looks": func(ctx context.Context, r Request[in]) (Empty, error) {
			slog.InfoContext(ctx, "got "+r.Body.Address, "link", r.Body.Link, "claims", r.Caller.Address)
			return Empty{}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := request(body)
			e.Path = "/v1/orgs/" + planted["link"]
			e.Headers = map[string]string{"Authorization": "Bearer " + planted["token"], "User-Agent": planted["name"]}
			e.QueryStringParameters = map[string]string{"token": planted["link"]}
			e.PathParameters["member"] = planted["password"]
			e.RequestContext.Identity.UserAgent = planted["name"]
			e.RequestContext.Authorizer = map[string]any{"claims": claims(map[string]any{
				"email": planted["address"], "given_name": planted["name"], "family_name": planted["name"],
			})}
			_, log := lineOf(t, adapt(h, identify), e)
			for what, s := range planted {
				if strings.Contains(log, s) {
					t.Errorf("the log holds the %s:\n%s", what, log)
				}
			}
			if strings.Contains(log, sub) || log == "" {
				t.Errorf("the log holds the caller's id, or nothing:\n%s", log)
			}
		})
	}
}

func BenchmarkRequest(b *testing.B) {
	e := request(`{}`)
	p := adapt(nothing, identify)
	slog.SetDefault(slog.New(telemetry.Scrubbed(slog.NewJSONHandler(discard{}, nil))))
	for b.Loop() {
		if _, err := p(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

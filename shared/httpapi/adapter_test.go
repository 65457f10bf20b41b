package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/telemetry"
)

const (
	sub = "11111111-1111-4111-8111-111111111111"
	oid = "0f8fad5b-d9cb-469f-a165-70867728950e"
	mid = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
)

// claims are those of an access token of Roster's user pool, with what a case changes; nil takes a
// claim away.
func claims(changes map[string]any) map[string]any {
	all := map[string]any{
		"sub": sub, "token_use": "access", "email": "Ann@Example.com", "email_verified": "true",
		"given_name": "Ann", "family_name": "Lee", "issued_ms": "1767268800123", "client_id": "c",
	}
	for k, v := range changes {
		if all[k] = v; v == nil {
			delete(all, k)
		}
	}
	return all
}

// request is a call by Ann with that body.
func request(body string) events.APIGatewayProxyRequest {
	return events.APIGatewayProxyRequest{
		Resource: "/v1/orgs/{org}", HTTPMethod: "PUT", Body: body,
		PathParameters: map[string]string{"org": oid, "member": mid},
		RequestContext: events.APIGatewayProxyRequestContext{
			RequestID:  "r-1",
			Identity:   events.APIGatewayRequestIdentity{SourceIP: "192.0.2.1", UserAgent: "test/1"},
			Authorizer: map[string]any{"claims": claims(nil)},
		},
	}
}

// answer is what a caller gets to see.
type answer struct {
	Status  int
	Body    string
	Headers map[string]string
}

func ask[In, Out any](t *testing.T, e events.APIGatewayProxyRequest, h Handler[In, Out]) answer {
	t.Helper()
	return send(t, adapt(h, identify), e)
}

func send(t *testing.T, p proxy, e events.APIGatewayProxyRequest) answer {
	t.Helper()
	r, err := p(t.Context(), e)
	if err != nil {
		t.Fatalf("the function itself failed: %v", err)
	}
	if r.Headers["Content-Type"] != "application/json" || r.Headers["Cache-Control"] != "no-store" || r.IsBase64Encoded {
		t.Errorf("headers %v, base64 %v", r.Headers, r.IsBase64Encoded)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(r.Body), &object); err != nil || object == nil {
		t.Errorf("the body is no JSON object: %q, %v", r.Body, err)
	}
	return answer{r.StatusCode, r.Body, r.Headers}
}

func nothing(context.Context, Request[Empty]) (Empty, error) { return Empty{}, nil }

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	with := func(changes map[string]any) any { return map[string]any{"claims": claims(changes)} }
	const (
		noToken    = `{"code":16,"message":"Authentication fail.","details":[]}`
		bad        = `{"code":16,"message":"Invalid credentials.","details":[]}`
		unverified = `{"code":7,"message":"The e-mail address of the account is not verified.","details":[]}`
	)
	for name, c := range map[string]struct {
		authorizer any
		status     int
		body       string
	}{
		"an access token with a verified address": {with(nil), 200, `{}`},
		"without names":                               {with(map[string]any{"given_name": nil, "family_name": nil}), 200, `{}`},
		"without the instant of issue":                {with(map[string]any{"issued_ms": nil}), 200, `{}`},
		"no authorizer":                               {nil, 401, noToken},
		"an authorizer without claims":                {map[string]any{}, 401, noToken},
		"claims that are null":                        {map[string]any{"claims": nil}, 401, noToken},
		"claims that are text":                        {map[string]any{"claims": "sub"}, 401, noToken},
		"claims that are a list":                      {map[string]any{"claims": []any{"sub"}}, 401, noToken},
		"claims that are empty":                       {map[string]any{"claims": map[string]any{}}, 401, bad},
		"an id token":                                 {with(map[string]any{"token_use": "id"}), 401, bad},
		"a token that does not say what it is for":    {with(map[string]any{"token_use": nil}), 401, bad},
		"nobody's token":                              {with(map[string]any{"sub": nil}), 401, bad},
		"an empty sub":                                {with(map[string]any{"sub": ""}), 401, bad},
		"a sub that is no text":                       {with(map[string]any{"sub": 1.0}), 401, bad},
		"an unverified address":                       {with(map[string]any{"email_verified": "false"}), 403, unverified},
		"an address of which nothing is said":         {with(map[string]any{"email_verified": nil}), 403, unverified},
		"verified in another letter case":             {with(map[string]any{"email_verified": "True"}), 403, unverified},
		"verified by a boolean, which no gateway has": {with(map[string]any{"email_verified": true}), 403, unverified},
		"an id token with an unverified address":      {with(map[string]any{"token_use": "id", "email_verified": "false"}), 401, bad},
		"no address":                                  {with(map[string]any{"email": nil}), 401, bad},
		"an address that is none":                     {with(map[string]any{"email": "ann"}), 401, bad},
		"an address with a name":                      {with(map[string]any{"email": "Ann <ann@example.com>"}), 401, bad},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := request("{")
			if c.status == 200 {
				e.Body = ""
			}
			e.RequestContext.Authorizer, _ = c.authorizer.(map[string]any)
			got := ask(t, e, nothing)
			if got.Status != c.status || got.Body != c.body {
				t.Errorf("%d %s, want %d %s", got.Status, got.Body, c.status, c.body)
			}
		})
	}
}

func TestTheHandlerKnowsWhoCallsAndFromWhere(t *testing.T) {
	t.Parallel()
	var got account.Caller
	seen := func(_ context.Context, r Request[Empty]) (Empty, error) {
		got = r.Caller
		return Empty{}, nil
	}
	ask(t, request(""), seen)
	want := account.Caller{
		Account: sub, Address: "Ann@Example.com", First: "Ann", Last: "Lee",
		Issued: time.Date(2026, 1, 1, 12, 0, 0, int(123*time.Millisecond), time.UTC),
		IP:     "192.0.2.1", UserAgent: "test/1", RequestID: "r-1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("caller (-want +got):\n%s", diff)
	}
	for _, ms := range []any{nil, "", "soon", "1e12", 1767268800123.0} {
		e := request("")
		e.RequestContext.Authorizer = map[string]any{"claims": claims(map[string]any{"issued_ms": ms})}
		if ask(t, e, seen); !got.Issued.IsZero() {
			t.Errorf("issued_ms %v is %v; such a token must be older than every sign-out", ms, got.Issued)
		}
	}
}

func TestAPublicRouteKnowsWhereACallIsFromAndNobody(t *testing.T) {
	t.Parallel()
	e := request("")
	e.RequestContext.Identity.UserAgent = strings.Repeat("a", 600)
	var got account.Caller
	send(t, adapt(func(_ context.Context, r Request[Empty]) (Empty, error) {
		got = r.Caller
		return Empty{}, nil
	}, anybody), e)
	want := account.Caller{IP: "192.0.2.1", UserAgent: strings.Repeat("a", 512), RequestID: "r-1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("caller (-want +got):\n%s", diff)
	}
}

func TestEveryKindOfFailureHasItsStatusAndCode(t *testing.T) {
	logTo(t, io.Discard)
	for kind, want := range map[fault.Kind][2]int{
		fault.Invalid: {400, 3}, fault.Missing: {404, 5}, fault.Exists: {409, 6}, fault.Forbidden: {403, 7},
		fault.Exhausted: {429, 8}, fault.Precondition: {400, 9}, fault.Aborted: {409, 10}, fault.Internal: {500, 13},
		fault.Unavailable: {503, 14}, fault.Unauthenticated: {401, 16},
	} {
		for name, err := range map[string]error{
			"bare":    fault.New(kind, "Why."),
			"wrapped": fmt.Errorf("somewhere: %w: %w", fault.New(kind, "Why."), errors.New("secret")),
		} {
			got := ask(t, request(""), func(context.Context, Request[Empty]) (Empty, error) { return Empty{}, err })
			body := fmt.Sprintf(`{"code":%d,"message":"Why.","details":[]}`, want[1])
			if got.Status != want[0] || got.Body != body {
				t.Errorf("kind %d, %s: %d %s, want %d %s", kind, name, got.Status, got.Body, want[0], body)
			}
			if _, ok := got.Headers["Retry-After"]; ok {
				t.Errorf("kind %d: Retry-After %q, and nobody said when", kind, got.Headers["Retry-After"])
			}
		}
	}
}

func TestWhenARepeatMaySucceedIsToldInWholeSeconds(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{
		time.Nanosecond: "1", 999 * time.Millisecond: "1", time.Second: "1", time.Second + time.Millisecond: "2",
		59*time.Second + 500*time.Millisecond: "60", 12 * time.Hour: "43200",
	} {
		got := ask(t, request(""), func(context.Context, Request[Empty]) (Empty, error) {
			return Empty{}, fault.New(fault.Exhausted, "Later.").After(wait)
		})
		if got.Status != 429 || got.Headers["Retry-After"] != want {
			t.Errorf("%v: %d, Retry-After %q, want %q", wait, got.Status, got.Headers["Retry-After"], want)
		}
	}
}

// logTo sends the log to w until the test ends, which must not be parallel to others.
func logTo(t *testing.T, w io.Writer) {
	t.Helper()
	before := slog.Default()
	slog.SetDefault(slog.New(telemetry.Scrubbed(slog.NewJSONHandler(w, nil))))
	t.Cleanup(func() { slog.SetDefault(before) })
}

func TestWhatIsOurFaultIsLoggedOnceAndNeverShown(t *testing.T) {
	for name, c := range map[string]struct {
		handler Handler[Empty, any]
		status  int
		body    string
		logs    int
		secret  bool
	}{
		"an error nobody declared": {
			func(context.Context, Request[Empty]) (any, error) { return nil, errors.New("secret: table 7 is down") },
			500, `{"code":13,"message":"Internal server error.","details":[]}`, 1, true,
		},
		"a panic": {
			func(context.Context, Request[Empty]) (any, error) { panic("secret: nil map") },
			500, `{"code":13,"message":"Internal server error.","details":[]}`, 1, true,
		},
		"a panic with a failure of ours in it": {
			func(context.Context, Request[Empty]) (any, error) { panic(fault.ErrNotFound) },
			500, `{"code":13,"message":"Internal server error.","details":[]}`, 1, false,
		},
		"an answer that cannot be encoded": {
			func(context.Context, Request[Empty]) (any, error) { return map[string]any{"secret": func() {}}, nil },
			500, `{"code":13,"message":"Internal server error.","details":[]}`, 1, false,
		},
		"a dependency that is down, with its cause": {
			func(context.Context, Request[Empty]) (any, error) {
				return nil, fmt.Errorf("%w: %w", fault.ErrUnavailable, errors.New("secret: no route to host"))
			},
			503, `{"code":14,"message":"The service is temporarily unavailable. Please try again.","details":[]}`, 1, true,
		},
		"a race that was lost too often": {
			func(context.Context, Request[Empty]) (any, error) {
				return nil, fmt.Errorf("%w: %w", fault.ErrAborted, errors.New("secret: conflict"))
			},
			409, `{"code":10,"message":"The change met too many others at the same time. Please try again.","details":[]}`, 1, true,
		},
		"what the caller did wrong": {
			func(context.Context, Request[Empty]) (any, error) { return nil, fault.ErrNotFound },
			404, `{"code":5,"message":"Not Found","details":[]}`, 0, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			logTo(t, &log)
			got := ask(t, request(`{"name":"private"}`), c.handler)
			if got.Status != c.status || got.Body != c.body {
				t.Errorf("%d %s, want %d %s", got.Status, got.Body, c.status, c.body)
			}
			lines := strings.Count(log.String(), `"level":"ERROR"`)
			if lines != c.logs || strings.Contains(log.String(), "secret:") != c.secret {
				t.Errorf("%d errors in the log, want %d:\n%s", lines, c.logs, &log)
			}
			if c.logs > 0 && (!strings.Contains(log.String(), "PUT /v1/orgs/{org}") || !strings.Contains(log.String(), "r-1")) {
				t.Errorf("the log names neither route nor request:\n%s", &log)
			}
			if strings.Contains(log.String(), "private") || strings.Contains(strings.ToLower(log.String()), "ann@") {
				t.Errorf("the log holds a body or an address:\n%s", &log)
			}
		})
	}
}

func TestAHandlerWithNothingToSayAnswersAnEmptyObject(t *testing.T) {
	t.Parallel()
	if got := ask(t, request(""), nothing); got.Status != 200 || got.Body != "{}" {
		t.Errorf("%d %q", got.Status, got.Body)
	}
}

func TestNamesGoOutAsTheyAre(t *testing.T) {
	t.Parallel()
	const name = "O'Neil & <Co> \"中𝒜\" \\ \u2028"
	got := ask(t, request(""), func(context.Context, Request[Empty]) (OneOrg, error) { return OneOrg{Org{Name: name}}, nil })
	var back struct {
		Org struct {
			Name string `json:"name"`
		} `json:"org"`
	}
	if err := json.Unmarshal([]byte(got.Body), &back); err != nil || back.Org.Name != name {
		t.Errorf("%q, %v in %s", back.Org.Name, err, got.Body)
	}
	if strings.Contains(got.Body, `\u003c`) || strings.Contains(got.Body, `\u0026`) {
		t.Errorf("escaped for HTML, which this is not: %s", got.Body)
	}
}

func TestAHandlersTimeEndsBeforeTheFunctions(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	var left time.Duration
	h := func(ctx context.Context, _ Request[Empty]) (Empty, error) {
		ends, _ := ctx.Deadline()
		left = deadline.Sub(ends)
		return Empty{}, nil
	}
	if _, err := adapt(h, identify)(ctx, request("")); err != nil || left != grace {
		t.Errorf("%v is left to answer in, %v", left, err)
	}
}

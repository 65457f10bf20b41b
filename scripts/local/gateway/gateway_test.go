package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"roster/scripts/local/gateway"
	"roster/shared/operation"
)

var operations = []operation.Operation{
	{Name: "root", Routes: []string{"GET /"}, Public: true, Page: true},
	{Name: "create", Routes: []string{"POST /v1/orgs"}, Public: true},
	{Name: "search", Routes: []string{"POST /v1/orgs:search"}, Public: true},
	{Name: "get", Routes: []string{"GET /v1/orgs/{org}"}, Public: true},
	{Name: "leave", Routes: []string{"POST /v1/orgs/{org}"}, Public: true},
	{Name: "delete", Routes: []string{"DELETE /v1/orgs/{org}"}, Public: true},
	{Name: "inventory", Routes: []string{"GET /v1/orgs/inventory"}, Public: true},
	{Name: "member", Routes: []string{"PUT /v1/orgs/{org}/members/{member}"}, Public: true},
	{Name: "bulk", Routes: []string{"POST /v1/orgs/{org}/members:bulk"}, Public: true},
	{Name: "token", Routes: []string{"GET /v1/orgs/inventory/tokens"}, Public: true},
	{Name: "private", Routes: []string{"POST /v1/private"}},
	{Name: "mail-send", Event: operation.InvitationQueued},
}

// record is a function that answers 200 and keeps the last event that it got.
type record struct {
	name  string // of the function, "" when none was invoked
	event events.APIGatewayProxyRequest
}

func (r *record) invoke(_ context.Context, name string, payload []byte) ([]byte, error) {
	r.name, r.event = name, events.APIGatewayProxyRequest{}
	if err := json.Unmarshal(payload, &r.event); err != nil {
		return nil, err
	}
	return []byte(`{"statusCode":200,"body":"{}"}`), nil
}

// open returns the gateway with c's settings over the operations above.
func open(t *testing.T, c gateway.Config) http.Handler {
	t.Helper()
	c.Operations = operations
	c.Keys, c.Issuer, c.Scope = keys, issuer, scope
	g, err := gateway.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// send gives one request to g and returns status and body.
func send(g http.Handler, r *http.Request) (status int, body string) {
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

const (
	notFound = `{"code":5,"message":"Not Found","details":[]}`
	internal = `{"code":13,"message":"Internal server error.","details":[]}`
	tooLate  = `{"code":4,"message":"The request took too long.","details":[]}`
	tooLarge = `{"code":3,"message":"The request is too large.","details":[]}`
	tooMany  = `{"code":8,"message":"Too many requests.","details":[]}`
)

func TestAFailingFunctionIsAnsweredForIt(t *testing.T) {
	tests := []struct {
		name   string
		answer string
		err    error
		status int
		body   string
	}{
		{"a time-out of the function", "", context.DeadlineExceeded, 504, tooLate},
		{"a crash", "", errors.New("exit status 1"), 500, internal},
		{"an answer that is not JSON", `oops`, nil, 500, internal},
		{"an answer without a status", `{"body":"{}"}`, nil, 500, internal},
		{"an answer of a wrong type", `{"statusCode":"200"}`, nil, 500, internal},
		{"an answer whose body is an object", `{"statusCode":200,"body":{}}`, nil, 500, internal},
		{"an answer that is null", `null`, nil, 500, internal},
		{"an answer whose base64 is broken", `{"statusCode":200,"body":"*","isBase64Encoded":true}`, nil, 500, internal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := open(t, gateway.Config{Invoke: func(context.Context, string, []byte) ([]byte, error) {
				return []byte(test.answer), test.err
			}})
			w := httptest.NewRecorder()
			g.ServeHTTP(w, httptest.NewRequest("POST", "/v1/orgs", nil))
			if w.Code != test.status || w.Body.String() != test.body {
				t.Errorf("answer = %d %s, want %d %s", w.Code, w.Body, test.status, test.body)
			}
			if got := w.Header().Get("Content-Type"); got != "application/json" {
				t.Errorf("content type = %q", got)
			}
		})
	}
}

func TestTheGatewayGivesUpOnASlowFunction(t *testing.T) {
	g := open(t, gateway.Config{Timeout: time.Millisecond, Invoke: func(ctx context.Context, _ string, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	if status, body := send(g, httptest.NewRequest("POST", "/v1/orgs", nil)); status != 504 || body != tooLate {
		t.Errorf("answer = %d %s, want 504 %s", status, body, tooLate)
	}
}

func TestAClientThatHangsUpDoesNotStopTheFunction(t *testing.T) {
	var seen error
	g := open(t, gateway.Config{Invoke: func(ctx context.Context, _ string, _ []byte) ([]byte, error) {
		seen = ctx.Err()
		return []byte(`{"statusCode":200}`), nil
	}})
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	send(g, httptest.NewRequest("POST", "/v1/orgs", nil).WithContext(ctx))
	if seen != nil {
		t.Errorf("the function's context: %v", seen)
	}
}

func TestAFunctionsAnswerIsPassedOn(t *testing.T) {
	g := open(t, gateway.Config{Invoke: func(context.Context, string, []byte) ([]byte, error) {
		return []byte(`{"statusCode":429,"headers":{"Retry-After":"5","X-Two":"a","WWW-Authenticate":"Basic"},
			"multiValueHeaders":{"X-Two":["a","b"]},"body":"aMOk","isBase64Encoded":true}`), nil
	}})
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequest("POST", "/v1/orgs", nil))
	if w.Code != 429 || w.Body.String() != "hä" {
		t.Errorf("answer = %d %q", w.Code, w.Body)
	}
	want := map[string]string{
		"Retry-After": "5", "X-Two": "a,b", "Content-Type": "application/json", "X-Amzn-Remapped-Www-Authenticate": "Basic",
	}
	for name, value := range want {
		if got := strings.Join(w.Header().Values(name), ","); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if len(w.Header()) != len(want) {
		t.Errorf("headers = %v", w.Header())
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	tests := []struct {
		name   string
		size   int
		status int
	}{
		{"a body that an event can hold", 5 << 20, 200},
		{"a body that makes the event larger than Lambda takes", 6 << 20, 413},
		{"a body of more than 10 MB", 10<<20 + 1, 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got record
			g := open(t, gateway.Config{Invoke: got.invoke})
			body := strings.NewReader(strings.Repeat("x", test.size))
			status, text := send(g, httptest.NewRequest("POST", "/v1/orgs", body))
			if status != test.status || status == 413 && text != tooLarge {
				t.Errorf("answer = %d %s, want %d", status, text, test.status)
			}
			if (got.name == "") != (test.status == 413) {
				t.Errorf("invoked %q", got.name)
			}
		})
	}
}

func TestAThrottledRequestReachesNoFunction(t *testing.T) {
	var got record
	g := open(t, gateway.Config{Invoke: got.invoke, Throttle: func(r *http.Request) bool { return r.Method == "POST" }})
	if status, body := send(g, httptest.NewRequest("POST", "/v1/private", nil)); status != 429 || body != tooMany {
		t.Errorf("answer = %d %s, want 429 %s", status, body, tooMany)
	}
	if status, _ := send(g, httptest.NewRequest("GET", "/v1/orgs/1", nil)); status != 200 || got.name != "get" {
		t.Errorf("answer = %d of %q, want 200 of get", status, got.name)
	}
}

func TestWhatIsLocalReachesNoFunction(t *testing.T) {
	local := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "local "+r.URL.Path) })
	var got record
	g := open(t, gateway.Config{Invoke: got.invoke, Local: local})
	if status, body := send(g, httptest.NewRequest("GET", "/_local/mail", nil)); status != 200 || body != "local /_local/mail" {
		t.Errorf("answer = %d %s", status, body)
	}
	if status, body := send(g, httptest.NewRequest("GET", "/_locally", nil)); status != 404 || body != notFound {
		t.Errorf("answer = %d %s", status, body)
	}
	if got.name != "" {
		t.Errorf("invoked %s", got.name)
	}
}

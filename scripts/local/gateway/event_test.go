package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"roster/scripts/local/gateway"
)

func TestAFunctionGetsTheProxyEvent(t *testing.T) {
	var got record
	g := open(t, gateway.Config{Invoke: got.invoke})
	r := httptest.NewRequest("PUT", "http://roster.example:8080/v1/orgs/a%20b/members/2:x?q=1&q=2+3&e=", strings.NewReader(`{"role":"Admin"}`))
	r.Header = http.Header{
		"Content-Type":    {"application/json"},
		"User-Agent":      {"test/1"},
		"X-Two":           {"a", "b"},
		"X-Forwarded-For": {"203.0.113.7"},
	}
	send(g, r)
	headers := map[string][]string{
		"Content-Type": {"application/json"}, "User-Agent": {"test/1"}, "X-Two": {"a", "b"}, "Host": {"roster.example:8080"},
		"X-Forwarded-For": {"203.0.113.7, 192.0.2.1"}, "X-Forwarded-Proto": {"http"}, "X-Forwarded-Port": {"8080"},
	}
	want := events.APIGatewayProxyRequest{
		Resource:   "/v1/orgs/{org}/members/{member}",
		Path:       "/v1/orgs/a%20b/members/2:x",
		HTTPMethod: "PUT",
		Headers: map[string]string{
			"Content-Type": "application/json", "User-Agent": "test/1", "X-Two": "b", "Host": "roster.example:8080",
			"X-Forwarded-For": "203.0.113.7, 192.0.2.1", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "8080",
		},
		MultiValueHeaders:               headers,
		QueryStringParameters:           map[string]string{"q": "2 3", "e": ""},
		MultiValueQueryStringParameters: map[string][]string{"q": {"1", "2 3"}, "e": {""}},
		PathParameters:                  map[string]string{"org": "a%20b", "member": "2:x"},
		RequestContext: events.APIGatewayProxyRequestContext{
			AccountID: "000000000000", Stage: "local", APIID: "local", DomainPrefix: "local",
			DomainName: "roster.example:8080", Protocol: "HTTP/1.1",
			Identity:     events.APIGatewayRequestIdentity{SourceIP: "192.0.2.1", UserAgent: "test/1"},
			ResourcePath: "/v1/orgs/{org}/members/{member}", Path: "/v1/orgs/a%20b/members/2:x", HTTPMethod: "PUT",
		},
		Body: `{"role":"Admin"}`,
	}
	passing := cmpopts.IgnoreFields(events.APIGatewayProxyRequestContext{},
		"RequestID", "ExtendedRequestID", "ResourceID", "RequestTime", "RequestTimeEpoch")
	if diff := cmp.Diff(want, got.event, passing); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if c := got.event.RequestContext; c.RequestID == "" || c.ResourceID == "" || c.RequestTime == "" || c.RequestTimeEpoch == 0 {
		t.Errorf("request context = %+v", c)
	}
}

func TestWhatIsAbsentIsNull(t *testing.T) {
	var got record
	g := open(t, gateway.Config{Invoke: got.invoke})
	send(g, httptest.NewRequest("POST", "/v1/orgs", nil))
	e := got.event
	if e.QueryStringParameters != nil || e.MultiValueQueryStringParameters != nil || e.PathParameters != nil || e.StageVariables != nil {
		t.Errorf("event = %+v", e)
	}
	if e.Body != "" || e.IsBase64Encoded || e.RequestContext.Authorizer != nil {
		t.Errorf("event = %+v", e)
	}
}

func TestABodyIsTextOrBase64(t *testing.T) {
	tests := []struct {
		name, contentType, body string
		want                    string
		encoded                 bool
	}{
		{"JSON is text", "application/json; charset=utf-8", `{"ä":1}`, `{"ä":1}`, false},
		{"no content type is text", "", "a=b", "a=b", false},
		{"a form is text", "application/x-www-form-urlencoded", "a=b", "a=b", false},
		{"an unreadable content type is text", ";", "a=b", "a=b", false},
		{"bytes are base64 whatever they are called", "application/json", "\xff", "/w==", true},
		{"an octet stream is base64", "application/octet-stream", "{}", "e30=", true},
		{"an image is base64", "image/svg+xml", "<svg/>", "PHN2Zy8+", true},
		{"an empty octet stream is empty", "application/octet-stream", "", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got record
			g := open(t, gateway.Config{Invoke: got.invoke})
			r := httptest.NewRequest("POST", "/v1/orgs", strings.NewReader(test.body))
			if test.contentType != "" {
				r.Header.Set("Content-Type", test.contentType)
			}
			send(g, r)
			if got.event.Body != test.want || got.event.IsBase64Encoded != test.encoded {
				t.Errorf("body = %q, base64 %v; want %q, %v", got.event.Body, got.event.IsBase64Encoded, test.want, test.encoded)
			}
		})
	}
}

package httpapi

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestAGrantIsReadFromHeaderQueryAndForm(t *testing.T) {
	t.Parallel()
	basic := func(s string) map[string]string {
		return map[string]string{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(s))}
	}
	query := map[string]string{"grant_type": "client_credentials", "scope": "a b"}
	for name, c := range map[string]struct {
		event events.APIGatewayProxyRequest
		want  Grant
		fails bool
	}{
		"as PMM asks":     {event: events.APIGatewayProxyRequest{Headers: basic("id:secret"), QueryStringParameters: query}, want: Grant{"id", "secret", "client_credentials", "a b"}},
		"a form":          {event: events.APIGatewayProxyRequest{Headers: basic("id:secret"), Body: "grant_type=x&scope=a+b"}, want: Grant{"id", "secret", "x", "a b"}},
		"a form, encoded": {event: events.APIGatewayProxyRequest{IsBase64Encoded: true, Body: base64.StdEncoding.EncodeToString([]byte("scope=y"))}, want: Grant{Scope: "y"}},
		"the query first": {event: events.APIGatewayProxyRequest{QueryStringParameters: query, Body: "grant_type=x"}, want: Grant{Type: "client_credentials", Scope: "a b"}},
		"colons":          {event: events.APIGatewayProxyRequest{Headers: basic("id:a:b")}, want: Grant{Client: "id", Secret: "a:b"}},
		"another scheme":  {event: events.APIGatewayProxyRequest{Headers: map[string]string{"Authorization": "Bearer aWQ6c2VjcmV0"}}},
		"no base64":       {event: events.APIGatewayProxyRequest{Headers: map[string]string{"Authorization": "Basic %%"}}},
		"a broken form":   {event: events.APIGatewayProxyRequest{Headers: basic("id:secret"), QueryStringParameters: query, Body: "%zz"}, want: Grant{Client: "id", Secret: "secret"}},
		"broken base64":   {event: events.APIGatewayProxyRequest{Headers: basic("id:secret"), Body: "%", IsBase64Encoded: true}, want: Grant{Client: "id", Secret: "secret"}},
		"64 KB":           {event: events.APIGatewayProxyRequest{Body: "scope=" + strings.Repeat("s", maxBody-6)}, want: Grant{Scope: strings.Repeat("s", maxBody-6)}},
		"over 64 KB":      {event: events.APIGatewayProxyRequest{Body: "scope=" + strings.Repeat("s", maxBody-5)}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got Grant
			if err := take(c.event, &got); (err != nil) != c.fails || !c.fails && got != c.want {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestARefusedGrantIsInTheWordsOfItsRFC(t *testing.T) {
	t.Parallel()
	a := refuse(t.Context(), events.APIGatewayProxyRequest{}, ErrClient)
	if a.StatusCode != 401 || a.Body != `{"error":"invalid_client"}` || a.Headers["Cache-Control"] != "no-store" {
		t.Errorf("%+v", a)
	}
	if a := refuse(t.Context(), events.APIGatewayProxyRequest{}, ErrScope); a.StatusCode != 400 || a.Body != `{"error":"invalid_scope"}` {
		t.Errorf("%+v", a)
	}
}

func TestTheAddressIsTheOneThatWasCalled(t *testing.T) {
	t.Parallel()
	e := events.APIGatewayProxyRequest{Resource: "/v1/orgs/inventory", Headers: map[string]string{"X-Forwarded-Proto": "https", "Host": "evil.example"}}
	e.RequestContext.DomainName, e.RequestContext.Path = "abc.execute-api.eu-central-1.amazonaws.com", "/prod/v1/orgs/inventory"
	if got := (Request[Empty]{base: base(e), origin: origin(e)}).Address(); got != "https://abc.execute-api.eu-central-1.amazonaws.com/prod" {
		t.Error(got)
	}
	e.Headers["X-Forwarded-Proto"], e.RequestContext.DomainName, e.RequestContext.Path = "http", "127.0.0.1:8080", "/v1/orgs/inventory"
	if got := (Request[Empty]{base: base(e), origin: origin(e)}).Address(); got != "http://127.0.0.1:8080" {
		t.Error(got)
	}
}

package gateway_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/gateway"
	"roster/shared/operation"
)

func TestARequestReachesTheOperationOfItsRoute(t *testing.T) {
	tests := []struct {
		name       string
		request    string
		want       string // function; "" for an unknown route
		parameters map[string]string
	}{
		{"a literal path", "POST /v1/orgs", "create", nil},
		{"a verb within a literal", "POST /v1/orgs:search", "search", nil},
		{"the same, percent-encoded", "POST /v1/orgs%3Asearch", "search", nil},
		{"a variable", "GET /v1/orgs/1", "get", map[string]string{"org": "1"}},
		{"a verb behind a variable belongs to its value", "POST /v1/orgs/1:leave", "leave", map[string]string{"org": "1:leave"}},
		{"a value stays encoded", "GET /v1/orgs/a%2Fb", "get", map[string]string{"org": "a%2Fb"}},
		{"two variables", "PUT /v1/orgs/1/members/2", "member", map[string]string{"org": "1", "member": "2"}},
		{"a literal wins over a variable", "GET /v1/orgs/inventory", "inventory", nil},
		{"but only for its own method", "DELETE /v1/orgs/inventory", "delete", map[string]string{"org": "inventory"}},
		{"a literal deeper down", "POST /v1/orgs/1/members:bulk", "bulk", map[string]string{"org": "1"}},
		{"a literal that leads nowhere gives way", "PUT /v1/orgs/inventory/members/2", "member", map[string]string{"org": "inventory", "member": "2"}},
		{"one slash at the end does not count", "POST /v1/orgs/", "create", nil},
		{"two do", "POST /v1/orgs//", "", nil},
		{"a double slash leads nowhere", "POST /v1//orgs", "", nil},
		{"the root", "GET /", "root", nil},
		{"the root by another method", "POST /", "", nil},
		{"the root twice", "GET //", "", nil},
		{"a path that is longer", "GET /v1/orgs/1/2", "", nil},
		{"a path that is shorter", "GET /v1", "", nil},
		{"another method", "PATCH /v1/orgs", "", nil},
		{"another letter case", "POST /V1/orgs", "", nil},
		{"the preflight of a browser", "OPTIONS /v1/orgs", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got record
			g := open(t, gateway.Config{Invoke: got.invoke})
			method, path, _ := strings.Cut(test.request, " ")
			status, body := send(g, httptest.NewRequest(method, path, nil))
			if got.name != test.want {
				t.Errorf("function = %q, want %q", got.name, test.want)
			}
			if test.want == "" && (status != 404 || body != notFound) {
				t.Errorf("answer = %d %s, want 404 %s", status, body, notFound)
			}
			if diff := cmp.Diff(test.parameters, got.event.PathParameters); diff != "" {
				t.Errorf("path parameters (-want +got):\n%s", diff)
			}
			if want := test.request[len(method)+1:]; got.name != "" && got.event.Path != want {
				t.Errorf("path = %q, want %q as sent", got.event.Path, want)
			}
		})
	}
}

func TestAListThatAPIGatewayWouldNotTakeIsRefused(t *testing.T) {
	tests := []struct {
		name   string
		routes []string
	}{
		{"a variable with a verb", []string{"POST /v1/orgs/{org}:leave"}},
		{"a variable within a word", []string{"POST /v1/orgs/a{org}"}},
		{"a greedy variable", []string{"GET /v1/{proxy+}"}},
		{"an empty variable", []string{"GET /v1/{}"}},
		{"two names at one level", []string{"GET /v1/{org}", "POST /v1/{id}/members"}},
		{"a route twice", []string{"GET /v1/{org}", "GET /v1/{org}"}},
		{"an empty segment", []string{"GET /v1//orgs"}},
		{"a slash at the end", []string{"GET /v1/orgs/"}},
		{"a path that is not rooted", []string{"GET v1/orgs"}},
		{"a character that no path part has", []string{"GET /v1/o*s"}},
		{"no method", []string{"/v1/orgs"}},
		{"a method in small letters", []string{"get /v1/orgs"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := gateway.New(gateway.Config{Operations: []operation.Operation{{Name: "x", Routes: test.routes}}})
			if err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestTheListOfOperationsIsAccepted(t *testing.T) {
	if _, err := gateway.New(gateway.Config{Operations: operation.All()}); err != nil {
		t.Error(err)
	}
}

package httpapi

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestADocumentMayBeKeptAndErrorsMayNot(t *testing.T) {
	t.Parallel()
	serve := adapt(func(context.Context, Request[Empty]) (Document, error) {
		return Document{json.RawMessage(`{ "a": "<b>" }`)}, nil
	}, anybody)
	for body, want := range map[string]struct{ text, keep string }{
		"":  {`{"a":"<b>"}`, "public, max-age=3600"},
		"{": {`{"code":3,"message":"invalid field Body: value must be valid JSON","details":[]}`, "no-store"},
	} {
		a, err := serve(t.Context(), events.APIGatewayProxyRequest{Body: body})
		if err != nil || a.Body != want.text || a.Headers["Cache-Control"] != want.keep {
			t.Errorf("body %q: %s, Cache-Control %q, %v; want %s, %q", body, a.Body, a.Headers["Cache-Control"], err, want.text, want.keep)
		}
	}
}

func TestTheBaseIsWhatStandsBeforeTheRoute(t *testing.T) {
	t.Parallel()
	const route = "/v1/openapi.json"
	for path, want := range map[string]string{
		route: "", "/prod" + route: "/prod", "/prod" + route + "/": "/prod", "/a/b" + route: "/a/b", "/v1/openapi%2Ejson": "", "": "",
	} {
		e := events.APIGatewayProxyRequest{Resource: route, RequestContext: events.APIGatewayProxyRequestContext{Path: path}}
		got := "unset"
		_, err := adapt(func(_ context.Context, r Request[Empty]) (Empty, error) {
			got = r.Base()
			return Empty{}, nil
		}, anybody)(t.Context(), e)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", path, got, err, want)
		}
	}
}

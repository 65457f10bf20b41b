package httpapi

import (
	"context"
	"encoding/json"
	"maps"
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

func TestAFileIsSentAsItIs(t *testing.T) {
	t.Parallel()
	want := map[string]string{"Content-Type": "text/css"}
	serve := adapt(func(context.Context, Request[Empty]) (File, error) { return File{want, "a < b & c\n"}, nil }, anybody)
	a, err := serve(t.Context(), events.APIGatewayProxyRequest{})
	if err != nil || a.StatusCode != 200 || a.Body != "a < b & c\n" || !maps.Equal(a.Headers, want) || a.IsBase64Encoded {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestTheBaseIsWhatStandsBeforeTheRoute(t *testing.T) {
	t.Parallel()
	const route = "/v1/openapi.json"
	for called, want := range map[[2]string]string{
		{route, route}: "", {route, "/prod" + route}: "/prod", {route, "/prod" + route + "/"}: "/prod", {route, "/a/b" + route}: "/a/b",
		{route, "/v1/openapi%2Ejson"}: "", {route, ""}: "",
		{"/", "/"}: "", {"/", "/prod/"}: "/prod", {"/", "/prod"}: "/prod",
	} {
		resource, path := called[0], called[1]
		e := events.APIGatewayProxyRequest{Resource: resource, RequestContext: events.APIGatewayProxyRequestContext{Path: path}}
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

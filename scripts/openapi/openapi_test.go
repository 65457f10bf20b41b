package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"roster/scripts/openapi/openapitest"
	"roster/shared/operation"
)

// root is where the module begins, from this package's folder.
const root = "../.."

func parsed(t *testing.T) *openapitest.Document {
	t.Helper()
	d, err := openapitest.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func value(t *testing.T, raw string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

func TestTheDocumentIsWhatItIsMadeOf(t *testing.T) {
	t.Parallel()
	want, err := document()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(read(t, file)), "\n")); diff != "" {
		t.Errorf("%s is not up to date; write it with make openapi (-made, +there):\n%s", file, diff)
	}
}

func TestEveryRouteIsInTheDocument(t *testing.T) {
	t.Parallel()
	described, ids := map[string]bool{}, map[string]bool{}
	for _, r := range routes() {
		described[r.listed()] = true // that it is an operation's, document makes sure
	}
	for _, o := range operation.All() {
		for _, route := range o.Routes {
			if described[route] == o.Page { // a page is no part of the API
				t.Errorf("%s: the document has %s: %v", o.Name, route, o.Page)
			}
		}
	}
	d := parsed(t)
	for _, o := range d.Operations {
		if ids[o.ID] || o.ID == "" {
			t.Errorf("%s %s: the operationId %q is not its own", o.Method, o.Path, o.ID)
		}
		ids[o.ID] = true
	}
	if len(d.Operations) != len(routes()) {
		t.Errorf("%d operations of %d routes", len(d.Operations), len(routes()))
	}
}

func TestExamplesAreWhatTheirSchemasSay(t *testing.T) {
	t.Parallel()
	for _, o := range parsed(t).Operations {
		if o.Request != nil {
			checkExamples(t, o.ID+"'s request", o.Request.Examples, o.Request.Schema.Validate)
		}
		for status, b := range o.Answers {
			checkExamples(t, o.ID+"'s answer", b.Examples, func(v any) error { return o.Answered(status, v) })
		}
	}
}

func checkExamples(t *testing.T, what string, examples []any, check func(any) error) {
	t.Helper()
	if len(examples) == 0 {
		t.Errorf("%s has no example", what)
	}
	for _, x := range examples {
		if err := check(x); err != nil {
			t.Errorf("%s: example %v: %v", what, x, err)
		}
	}
}

func TestEverySampleEventIsARequestOfTheDocument(t *testing.T) {
	t.Parallel()
	d := parsed(t)
	for _, op := range operation.All() {
		if len(op.Routes) == 0 || op.Page {
			continue
		}
		var e events.APIGatewayProxyRequest
		if err := json.Unmarshal(read(t, "events/"+op.Name+".json"), &e); err != nil {
			t.Fatal(err)
		}
		o, ok := d.Find(e.HTTPMethod, e.Path)
		switch {
		case !ok || !strings.HasPrefix(o.ID, op.Name):
			t.Errorf("%s: %s %s is %q in the document", op.Name, e.HTTPMethod, e.Path, o.ID)
		case o.Public != op.Public:
			t.Errorf("%s: public is %v in the document", op.Name, o.Public)
		case e.Body != "" && o.Request == nil:
			t.Errorf("%s: the document has no body", op.Name)
		case e.Body != "":
			if err := o.Request.Schema.Validate(value(t, e.Body)); err != nil {
				t.Errorf("%s: %v", op.Name, err)
			}
		}
	}
}

// What stands in the golden files for what is different each time, and something of its kind.
var sample = strings.NewReplacer(
	"<uuid>", "0f8fad5b-d9cb-469f-a165-70867728950e", "<time>", "2026-01-01T12:00:00.123456Z",
	"<jwt>", "header.payload.signature", "<token>", "token",
)

func TestEveryGoldenAnswerIsAnAnswerOfTheDocument(t *testing.T) {
	t.Parallel()
	d := parsed(t)
	files, err := filepath.Glob(filepath.Join(root, "scripts/contract/testdata/*.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".json")
		for sentence, a := range value(t, sample.Replace(string(raw))).(map[string]any) {
			answer := a.([]any)
			status, _ := answer[0].(json.Number).Int64()
			if err := anyOf(d, name, int(status), answer[1]); err != nil {
				t.Errorf("%s: %s: %v", name, sentence, err)
			}
		}
	}
}

// anyOf returns nil for an answer of one of the document's operations of that name, or for the one to
// a verb that there is not. Files that are no operation's hold answers of many.
func anyOf(d *openapitest.Document, name string, status int, body any) (err error) {
	own := slices.ContainsFunc(operation.All(), func(o operation.Operation) bool { return o.Name == name })
	verbs := !own
	for _, o := range d.Operations {
		if own && !strings.HasPrefix(o.ID, name) {
			continue
		}
		if err = o.Answered(status, body); err == nil {
			return nil
		}
		verbs = verbs || strings.Contains(o.Path, "}:")
	}
	if verbs && status == 404 && body.(map[string]any)["message"] == "Not Found" {
		return nil
	}
	return err
}

func TestEveryGoldenPartIsAComponent(t *testing.T) {
	t.Parallel()
	d := parsed(t)
	files, err := filepath.Glob(filepath.Join(root, "shared/httpapi/testdata/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		kind, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".json"), "-")
		schema, err := d.Schema(strings.ToUpper(kind[:1]) + kind[1:])
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		part := value(t, string(raw))
		if whole, ok := part.(map[string]any)[kind]; ok {
			part = whole // {"org": …}
		}
		if err := schema.Validate(part); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// loose lists the objects of answers that may hold what the document does not name.
var loose = []string{"openapi"}

func TestAnswersHoldNothingThatIsNotDescribed(t *testing.T) {
	t.Parallel()
	for _, o := range parsed(t).Operations {
		for status, b := range o.Answers {
			if !slices.Contains(loose, o.ID) || status != 200 {
				checkStrict(t, o.ID, b.Schema, map[*jsonschema.Schema]bool{})
			}
		}
	}
}

func checkStrict(t *testing.T, at string, s *jsonschema.Schema, been map[*jsonschema.Schema]bool) {
	t.Helper()
	if s == nil || been[s] {
		return
	}
	been[s] = true
	if s.Types != nil && slices.Contains(s.Types.ToStrings(), "object") {
		if s.AdditionalProperties != false || len(s.Required) != len(s.Properties) {
			t.Errorf("%s: %s takes what it does not name, or does without what it names", at, s.Location)
		}
	}
	for _, p := range s.Properties {
		checkStrict(t, at, p, been)
	}
	for _, some := range [][]*jsonschema.Schema{s.AnyOf, s.AllOf, s.OneOf, {s.Ref, s.Items2020}} {
		for _, x := range some {
			checkStrict(t, at, x, been)
		}
	}
}

func TestRequestsMayHoldMore(t *testing.T) {
	t.Parallel()
	for _, o := range parsed(t).Operations {
		if o.Request == nil {
			continue
		}
		body := o.Request.Examples[0].(map[string]any)
		body["field_of_tomorrow"] = true
		if err := o.Request.Schema.Validate(body); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
	}
}

func TestFunctionsLinkNoValidator(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "./functions/...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil || !strings.Contains(string(out), "roster/shared/httpapi") {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "jsonschema") {
		t.Error("a function links the validator")
	}
}

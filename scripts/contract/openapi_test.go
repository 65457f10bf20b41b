package contract

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/openapi/openapitest"
)

func TestTheOpenAPIDocumentIsServedAsItStands(t *testing.T) {
	t.Parallel()
	a := cloudtest.Shared(t).Do(t, "GET", "/v1/openapi.json", "", nil).Want(t, 200)
	raw, err := os.ReadFile("../../functions/openapi/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, raw); err != nil {
		t.Fatal(err)
	}
	if a.Raw != want.String() {
		t.Error("it is not functions/openapi/openapi.json without its spaces")
	}
	if got := a.Header.Get("Cache-Control"); got != "public, max-age=3600" {
		t.Errorf("Cache-Control %q; it may be kept for an hour", got)
	}
}

// TestEveryVerbIsInTheOpenAPIDocument: the list of operations does not know the verbs behind
// parameters, the shapes of these tests do.
func TestEveryVerbIsInTheOpenAPIDocument(t *testing.T) {
	t.Parallel()
	d, err := openapitest.Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`\{\w+\}`)
	want, got := map[string]bool{}, map[string]bool{}
	for _, r := range requests(t) {
		want[r.method+" "+parameter.ReplaceAllString(r.path, "{}")] = r.access == anybody
	}
	for _, o := range d.Operations {
		got[o.Method+" "+parameter.ReplaceAllString(o.Path, "{}")] = o.Public
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes and whether they are public (-of these tests, +of the document):\n%s", diff)
	}
}

package openapitest_test

import (
	"net/http"
	"strings"
	"testing"

	"roster/scripts/openapi/openapitest"
)

func TestWhatIsNotDescribedIsWrong(t *testing.T) {
	t.Parallel()
	d, err := openapitest.Load("../../..")
	if err != nil {
		t.Fatal(err)
	}
	const (
		id   = "0f8fad5b-d9cb-469f-a165-70867728950e"
		when = `"2026-01-01T12:00:00.123456Z"`
		org  = `{"org":{"id":"` + id + `","name":"Acme","created_at":` + when + `,"updated_at":` + when + `,"tier":"PAID"}}`
	)
	refusal := func(code, message string) string {
		return `{"code":` + code + `,"message":"` + message + `","details":[]}`
	}
	for name, x := range map[string]struct {
		route  string
		status int
		body   string
		wrong  string
	}{
		"an organization":       {"POST /v1/orgs", 200, org, ""},
		"a slash at the end":    {"POST /v1/orgs/", 200, org, ""},
		"a verb":                {"POST /v1/orgs/" + id + ":leave", 200, "{}", ""},
		"an escaped verb":       {"POST /v1/orgs/" + id + "%3Aleave", 200, "{}", ""},
		"a literal wins":        {"POST /v1/orgs:search", 200, `{"orgs":[]}`, ""},
		"a refusal":             {"POST /v1/orgs", 403, refusal("7", "The e-mail address of the account is not verified."), ""},
		"a field":               {"POST /v1/orgs", 400, refusal("3", "invalid field Name: value must be a string"), ""},
		"a column":              {"POST /v1/events:search", 400, refusal("3", "sorting not allowed by this column: id"), ""},
		"no method HEAD":        {"HEAD /v1/openapi.json", 404, "", ""},
		"an unknown route":      {"POST /v1/nothing", 404, refusal("5", "Not Found"), ""},
		"another field":         {"POST /v1/orgs", 200, strings.Replace(org, `"tier"`, `"more":1,"tier"`, 1), "additional properties 'more'"},
		"a field less":          {"POST /v1/orgs", 200, strings.Replace(org, `,"tier":"PAID"`, "", 1), "missing property 'tier'"},
		"nanoseconds":           {"POST /v1/orgs", 200, strings.Replace(org, "123456Z", "123456789Z", 1), "does not match pattern"},
		"no month":              {"POST /v1/orgs", 200, strings.Replace(org, "2026-01", "2026-13", 1), "date-time"},
		"another tier":          {"POST /v1/orgs", 200, strings.Replace(org, "PAID", "paid", 1), "must be one of"},
		"null for a list":       {"POST /v1/orgs:search", 200, `{"orgs":null}`, "want array"},
		"another status":        {"POST /v1/orgs", 201, org, "no status 201"},
		"another sentence":      {"POST /v1/orgs", 403, refusal("7", "No."), "no error \"7 No.\""},
		"another code":          {"POST /v1/orgs", 400, refusal("9", "invalid field Name: value must be a string"), "no error"},
		"no details":            {"POST /v1/orgs", 403, `{"code":7,"message":"x"}`, "missing property 'details'"},
		"no JSON":               {"POST /v1/orgs", 200, "<html>", "invalid character"},
		"a route of nobody's":   {"POST /v1/nothing", 200, "{}", "no such route"},
		"a refusal of nobody's": {"POST /v1/nothing", 404, `{"message":"Not Found"}`, "missing properties 'code', 'details'"},
	} {
		method, path, _ := strings.Cut(x.route, " ")
		err := d.Answer(method, path, x.status, http.Header{"Content-Type": {"application/json"}}, []byte(x.body))
		if x.wrong == "" && err != nil || x.wrong != "" && (err == nil || !strings.Contains(err.Error(), x.wrong)) {
			t.Errorf("%s: %v; want %q", name, err, x.wrong)
		}
	}
	if err := d.Answer("POST", "/v1/orgs", 200, http.Header{"Content-Type": {"text/plain"}}, []byte(org)); err == nil {
		t.Error("an answer that is not called JSON is right")
	}
}

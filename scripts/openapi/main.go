// Command openapi writes the OpenAPI document of Roster to functions/openapi/openapi.json, which the
// function of that name serves. What callers need to know of a route stands here, once: its operation
// is the list's, the texts of its refusals are the code's own. Tests hold the document to the list of
// operations and every answer that any test gets to the document.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
)

func main() {
	text, err := document()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		log.Fatal(err)
	}
}

// file is where the document stands, from the module's root.
const file = "functions/openapi/openapi.json"

// document returns the document's text.
func document() ([]byte, error) {
	paths, err := paths(routes())
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err = enc.Encode(object{
		{"openapi", "3.1.1"},
		{"info", info},
		{"servers", []any{object{
			{"url", "/"},
			{"description", "Whoever gets this document from the API finds here what stands before every path, the stage say."},
		}}},
		{"security", []any{object{{"accessToken", []any{}}}}},
		{"tags", tags},
		{"paths", paths},
		{"components", object{
			{"securitySchemes", securitySchemes},
			{"parameters", parameterComponents()},
			{"headers", object{{"RetryAfter", retryAfter}}},
			{"schemas", schemas},
			{"responses", sharedResponses()},
			{"examples", refusalExamples()},
		}},
	})
	return text.Bytes(), err
}

// routes returns what is known of every route, in the order of the document.
func routes() []route {
	var all []route
	for _, some := range [][]route{orgRoutes, memberRoutes, invitationRoutes, customerRoutes, serverRoutes, accountRoutes, eventRoutes, aboutRoutes} {
		all = append(all, some...)
	}
	return all
}

// Command openapi serves the OpenAPI document of this API.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"

	"roster/shared/httpapi"
)

//go:embed openapi.json
var document []byte

func main() {
	httpapi.ServePublic(func(_ context.Context, r httpapi.Request[httpapi.Empty]) (httpapi.Document, error) {
		text, err := under(r.Base())
		return httpapi.Document{RawMessage: text}, err
	})
}

// under returns the document for those who reach the API below that path.
func under(base string) ([]byte, error) {
	if base == "" {
		return document, nil
	}
	url, err := json.Marshal(base)
	return bytes.Replace(document, []byte(`"url": "/"`), append([]byte(`"url": `), url...), 1), err
}

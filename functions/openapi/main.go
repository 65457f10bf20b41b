// Command openapi serves the OpenAPI document of this API.
package main

import (
	"context"
	_ "embed"

	"roster/shared/httpapi"
)

//go:embed openapi.json
var document []byte

func main() {
	httpapi.ServePublic(func(context.Context, httpapi.Request[httpapi.Empty]) (httpapi.Document, error) {
		return httpapi.Document{RawMessage: document}, nil
	})
}

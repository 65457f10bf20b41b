// Command portal serves the page on which people do what the API does: a shell that is never kept,
// and files that are kept for ever under the hash of all of them. The page calls the API as everybody
// does; this function touches nothing.
package main

import (
	"context"
	"embed"
	"os"

	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/setting"
)

// folder holds the page as browsers get it, but for its comments: nothing is built.
//
//go:embed site
var folder embed.FS

func main() {
	page, err := open(folder, terms())
	if err != nil {
		panic(err) // it cannot be: the files are in this binary
	}
	httpapi.ServePublic(func(_ context.Context, r httpapi.Request[httpapi.Empty]) (httpapi.File, error) {
		asked := r.Param("version")
		if asked == "" {
			return page.at(r.Base()), nil
		}
		if file, ok := page.file(r.Param("folder") + "/" + r.Param("file")); ok && asked == version {
			return file, nil
		}
		return httpapi.File{}, fault.ErrNotFound
	})
}

// terms returns where the deployment's terms of service are, "" for nowhere.
func terms() string {
	const name = "ROSTER_TERMS_URL"
	if os.Getenv(name) == "" {
		return ""
	}
	return setting.URL(name)
}

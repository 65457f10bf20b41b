// Command org-search lists the caller's organizations: one, or none.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/store"
)

type found struct {
	Orgs []httpapi.Org `json:"orgs"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (found, error) {
		seen, err := db.Mine(ctx, r.Caller)
		all := found{Orgs: []httpapi.Org{}}
		if seen.Org.Live() {
			all.Orgs = append(all.Orgs, httpapi.OrgOf(seen.Org))
		}
		return all, err
	})
}

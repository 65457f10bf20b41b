// Command org-leave takes the caller out of an organization: POST /v1/orgs/{org}:leave.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/store"
)

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (httpapi.Empty, error) {
		if err := r.Only("org", "leave"); err != nil {
			return httpapi.Empty{}, err
		}
		o, err := r.Org()
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, leave(ctx, db, r.Caller, o)
	})
}

func leave(ctx context.Context, db *store.Store, c account.Caller, o org.ID) error {
	return db.Settle(ctx, func() error {
		seen, err := db.Look(ctx, c, o)
		if err != nil {
			return err
		}
		if err := org.MayLeave(seen.Org, seen.Me); err != nil {
			return err
		}
		return db.Leave(ctx, seen)
	})
}

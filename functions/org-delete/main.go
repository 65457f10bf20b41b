// Command org-delete ends an organization; what it held is erased in the background.
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
		o, err := r.Org()
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, remove(ctx, db, r.Caller, o)
	})
}

func remove(ctx context.Context, db *store.Store, c account.Caller, o org.ID) error {
	return db.Settle(ctx, func() error {
		seen, err := db.Look(ctx, c, o)
		if err != nil {
			return err
		}
		if err := org.MayManage(seen.Me); err != nil {
			return err
		}
		return db.DeleteOrg(ctx, seen)
	})
}

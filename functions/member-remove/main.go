// Command member-remove takes one member out of an organization, or revokes an invitation.
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
		o, m, err := r.OrgMember()
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, remove(ctx, db, r.Caller, o, m)
	})
}

func remove(ctx context.Context, db *store.Store, c account.Caller, o org.ID, m org.MemberID) error {
	return db.Settle(ctx, func() error {
		seen, err := db.Look(ctx, c, o, m)
		if err != nil {
			return err
		}
		if err := org.MayRemove(seen.Me, seen.Row().Member); err != nil {
			return err
		}
		return db.Remove(ctx, seen, seen.Row())
	})
}

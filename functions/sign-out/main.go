// Command sign-out ends every session of the caller, everywhere and at once.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/store"
	"roster/shared/userpool"
)

func main() {
	db, users := store.Open(), userpool.OpenUsers()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (httpapi.Empty, error) {
		return httpapi.Empty{}, signOut(ctx, db, users, r.Caller)
	})
}

// signOut ends the sessions in Cognito first, so that no token is issued behind the mark that the
// table sets next.
func signOut(ctx context.Context, db *store.Store, users *userpool.Users, c account.Caller) error {
	ended := false
	return db.Settle(ctx, func() error {
		seen, err := db.Mine(ctx, c)
		if err != nil {
			return err
		}
		if !ended {
			if err := users.SignOut(ctx, c.Account); err != nil {
				return err
			}
			ended = true
		}
		return db.SignOut(ctx, seen)
	})
}

// Command server-disconnect takes a PMM server out of the caller's organization:
// POST /v1/orgs/inventory/{server}:disconnect.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/pmm"
	"roster/shared/store"
)

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (httpapi.Empty, error) {
		if err := r.Only("server", "disconnect"); err != nil {
			return httpapi.Empty{}, err
		}
		server, err := pmm.ParseServerID(r.Param("server"))
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, disconnect(ctx, db, r.Caller, server)
	})
}

func disconnect(ctx context.Context, db *store.Store, c account.Caller, server pmm.ServerID) error {
	return db.Settle(ctx, func() error {
		seen, err := db.LookServer(ctx, c, server)
		if err != nil {
			return err
		}
		if err := pmm.MayDisconnect(seen.Me, seen.Server); err != nil {
			return err
		}
		return db.Disconnect(ctx, seen)
	})
}

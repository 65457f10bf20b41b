// Command org-rename gives an organization another name.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/store"
)

type body struct {
	Name string `json:"name"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (httpapi.OneOrg, error) {
		o, err := r.Org()
		if err != nil {
			return httpapi.OneOrg{}, err
		}
		name, err := org.ParseName(r.Body.Name)
		if err != nil {
			return httpapi.OneOrg{}, err
		}
		renamed, err := rename(ctx, db, r.Caller, o, name)
		return httpapi.OneOrg{Org: httpapi.OrgOf(renamed)}, err
	})
}

func rename(ctx context.Context, db *store.Store, c account.Caller, o org.ID, name string) (org.Org, error) {
	var renamed org.Org
	err := db.Settle(ctx, func() error {
		seen, err := db.Look(ctx, c, o)
		if err != nil {
			return err
		}
		if err := org.MayRename(seen.Me, seen.Org); err != nil {
			return err
		}
		if renamed = seen.Org; renamed.Name == name {
			return nil
		}
		renamed, err = db.Rename(ctx, seen, name)
		return err
	})
	return renamed, err
}

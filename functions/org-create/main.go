// Command org-create makes an organization with the caller as its Admin.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store"
)

type body struct {
	Name string `json:"name"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (httpapi.OneOrg, error) {
		name, err := org.ParseName(r.Body.Name)
		if err != nil {
			return httpapi.OneOrg{}, err
		}
		made, err := create(ctx, db, r.Caller, name)
		return httpapi.OneOrg{Org: httpapi.OrgOf(made)}, err
	})
}

func create(ctx context.Context, db *store.Store, c account.Caller, name string) (org.Org, error) {
	made := org.Org{ID: org.ID(id.New()), Name: name}
	err := db.Settle(ctx, func() error {
		a, err := db.Account(ctx, c)
		if err != nil {
			return err
		}
		elsewhere, err := db.Holder(ctx, a, made.ID)
		if err != nil {
			return err
		}
		if err := org.MayCreate(elsewhere); err != nil {
			return err
		}
		made, err = db.CreateOrg(ctx, c, a, made)
		return err
	})
	return made, err
}

// Command link-accept accepts an invitation for a signed-in caller who followed its link.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/store"
)

type body struct {
	Token string `json:"activation_token"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (httpapi.OneOrg, error) {
		if err := httpapi.Required("ActivationToken", r.Body.Token); err != nil {
			return httpapi.OneOrg{}, err
		}
		o, err := invite.AcceptLink(ctx, db, r.Caller, r.Body.Token)
		return httpapi.OneOrg{Org: httpapi.OrgOf(o)}, err
	})
}

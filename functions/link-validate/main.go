// Command link-validate tells whoever holds an activation link what it is for, without consuming it.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store"
)

type body struct {
	Token string `json:"activation_token"`
}

type answer struct {
	State      string   `json:"state_token"`
	Email      string   `json:"email"`
	OrgName    string   `json:"org_name"`
	Role       org.Role `json:"role"`
	HasAccount bool     `json:"account_exists"`
}

func main() {
	db := store.Open()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		if err := httpapi.Required("ActivationToken", r.Body.Token); err != nil {
			return answer{}, err
		}
		g, err := invite.Validate(ctx, db, r.Body.Token)
		return answer{g.State, string(g.Address), g.Org, g.Role, g.HasAccount}, err
	})
}

// Command member-invite invites one person to an organization.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/store"
)

type body struct {
	Username string `json:"username"`
	Role     string `json:"role"`
}

func main() {
	db, policy := store.Open(), invite.Settings()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		o, err := r.Org()
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, invite.One(ctx, db, policy, r.Caller, o, invite.Ask(r.Body))
	})
}

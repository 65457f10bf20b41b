// Command member-reactivate sends an invitation again: POST …/members/{member}:reactivate.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/store"
)

func main() {
	db, policy := store.Open(), invite.Settings()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (httpapi.Empty, error) {
		if err := r.Only("member", "reactivate"); err != nil {
			return httpapi.Empty{}, err
		}
		o, m, err := r.OrgMember()
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, invite.Again(ctx, db, policy, r.Caller, o, m)
	})
}

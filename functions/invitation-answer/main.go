// Command invitation-answer accepts or declines an invitation that is addressed to the caller:
// POST /v1/invitations/{invitation}:accept and :decline. Its id is the organization's.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store"
)

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (any, error) {
		verb, err := r.Verb("invitation", "accept", "decline")
		if err != nil {
			return nil, err
		}
		o, err := org.ParseID(r.Param("invitation"))
		if err != nil {
			return nil, err
		}
		return answer(ctx, db, r.Caller, o, verb == "accept")
	})
}

func answer(ctx context.Context, db *store.Store, c account.Caller, o org.ID, yes bool) (any, error) {
	if !yes {
		return httpapi.Empty{}, invite.Decline(ctx, db, c, o)
	}
	joined, err := invite.Accept(ctx, db, c, o)
	return httpapi.OneOrg{Org: httpapi.OrgOf(joined)}, err
}

// Command invitation-search lists the open invitations that are addressed to the caller.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/org"
	"roster/shared/store"
)

type answer struct {
	Invitations []invitation `json:"invitations"`
}

type invitation struct {
	ID        org.ID        `json:"id"`
	Org       org.ID        `json:"org_id"`
	OrgName   string        `json:"org_name"`
	Role      org.Role      `json:"role"`
	InvitedBy string        `json:"invited_by"`
	SentAt    *httpapi.Time `json:"sent_at"`
	ExpiresAt httpapi.Time  `json:"expires_at"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		open, err := invite.Open(ctx, db, r.Caller)
		a := answer{Invitations: []invitation{}}
		for _, seen := range open {
			a.Invitations = append(a.Invitations, show(seen))
		}
		return a, err
	})
}

func show(seen store.Seen) invitation {
	o, row := seen.Org, seen.Row()
	return invitation{
		ID: o.ID, Org: o.ID, OrgName: o.Name, Role: row.Member.Role, InvitedBy: row.Invitation.InvitedBy,
		SentAt: httpapi.TimeOf(row.Invitation.Sent), ExpiresAt: httpapi.Time(row.Invitation.Expires),
	}
}

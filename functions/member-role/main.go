// Command member-role gives a member, or somebody invited, another role.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/store"
)

type body struct {
	Role string `json:"role"`
}

type answer struct {
	Member httpapi.Member `json:"member"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		o, m, err := r.OrgMember()
		if err != nil {
			return answer{}, err
		}
		role, err := r.Body.parse()
		if err != nil {
			return answer{}, err
		}
		row, err := change(ctx, db, r.Caller, o, m, role)
		return answer{httpapi.MemberOf(row.Member, row.Invitation, db.Now())}, err
	})
}

func (b body) parse() (org.Role, error) {
	if b.Role == "" {
		return "", fault.Empty("Role", "")
	}
	return org.ParseRole(b.Role)
}

func change(ctx context.Context, db *store.Store, c account.Caller, o org.ID, m org.MemberID, to org.Role) (store.Row, error) {
	var row store.Row
	err := db.Settle(ctx, func() error {
		seen, err := db.Look(ctx, c, o, m)
		if err != nil {
			return err
		}
		row = seen.Row()
		if err := org.MayChangeRole(seen.Me, row.Member); err != nil {
			return err
		}
		if row.Member.Role == to {
			return nil
		}
		row, err = db.ChangeRole(ctx, seen, row, to)
		return err
	})
	return row, err
}

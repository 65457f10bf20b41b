package invite

import (
	"context"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
)

// Accept makes the caller a member of an organization that invited their address. Accepting again
// what this account accepted is the same organization.
func Accept(ctx context.Context, db *store.Store, c account.Caller, o org.ID) (org.Org, error) {
	return accept(ctx, db, c, o, func(seen store.Seen) error {
		if entered(seen) {
			return nil
		}
		row := seen.Row()
		return org.MayAccept(seen.Org, row.Member, row.Invitation, seen.Elsewhere, seen.At)
	})
}

// AcceptLink is Accept for a caller who followed the mail's link, which must be addressed to them.
func AcceptLink(ctx context.Context, db *store.Store, c account.Caller, token string) (org.Org, error) {
	link, err := org.ParseLink(token)
	if err != nil {
		return org.Org{}, err
	}
	return accept(ctx, db, c, link.Org, func(seen store.Seen) error {
		if org.MemberOf(link.Org, c.Address) != link.Member {
			return org.ErrNotAddressee
		}
		if entered(seen) {
			return nil
		}
		row := seen.Row()
		return org.MayFollow(seen.Org, row.Member, row.Invitation, seen.Elsewhere, link.Secret, seen.At)
	})
}

func accept(ctx context.Context, db *store.Store, c account.Caller, o org.ID, may func(store.Seen) error) (org.Org, error) {
	var joined org.Org
	err := db.Settle(ctx, func() error {
		seen, err := db.LookInvitation(ctx, c, o)
		if err != nil {
			return err
		}
		joined = seen.Org
		if err := may(seen); err != nil || entered(seen) {
			return err
		}
		return db.Accept(ctx, seen)
	})
	return joined, err
}

// entered reports whether the caller is a member already.
func entered(seen store.Seen) bool {
	return org.MayEnter(seen.Org, seen.Row().Member, seen.Caller.Account) == nil
}

// Decline removes the caller's invitation to the organization.
func Decline(ctx context.Context, db *store.Store, c account.Caller, o org.ID) error {
	return db.Settle(ctx, func() error {
		seen, err := db.LookInvitation(ctx, c, o)
		if err != nil {
			return err
		}
		if err := org.MayDecline(seen.Org, seen.Row().Member); err != nil {
			return err
		}
		return db.Decline(ctx, seen)
	})
}

// Open returns what was seen of the invitations that the caller can accept, at most one of an
// organization.
func Open(ctx context.Context, db *store.Store, c account.Caller) ([]store.Seen, error) {
	all, err := db.Invitations(ctx, c)
	if err != nil {
		return nil, err
	}
	open := []store.Seen{}
	for _, seen := range all {
		row := seen.Row()
		if org.MayAccept(seen.Org, row.Member, row.Invitation, org.Org{}, seen.At) == nil {
			open = append(open, seen)
		}
	}
	return open, nil
}

package company

import (
	"context"
	"log/slog"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store"
)

// portal is who invites where the CRM does.
const portal = "the Customer Portal"

// Word is what the CRM says of one contact.
type Word struct {
	Address  account.Address
	Role     org.Role
	Active   bool   // false: they are no contact (any more)
	Customer string // the customer account
	Company  string // its name
}

// Onboard invites the contact to their company's organization, which is made where there is none, or takes
// them out of it, and returns it; "" when there is none to take anybody out of. The last word that arrives
// counts, and names the organization. Who is a member, or has an open invitation, stays as they are. Who was
// removed, left or declined stays out while there is an Admin to invite them; being taken out here is no such
// mark.
func Onboard(ctx context.Context, db *store.Store, c account.Caller, w Word) (org.ID, error) {
	fresh := org.Org{ID: org.ID(id.New()), Name: org.NameOf(w.Company)}
	var o org.ID
	err := db.Settle(ctx, func() error {
		seen, err := db.LookContact(ctx, c, w.Customer, w.Address)
		if err != nil {
			return err
		}
		if !w.Active {
			o = liveID(seen.Org)
			return offboard(ctx, db, seen)
		}
		at := fresh
		if seen.Org.Live() {
			at = seen.Org
			at.Name = fresh.Name
		}
		o = at.ID
		if stays(ctx, seen) {
			_, err = db.Heed(ctx, seen, at.Name)
			return err
		}
		return db.Onboard(ctx, seen, at, w.Address, w.Role, portal)
	})
	return o, err
}

// stays reports whether the contact is to be left as they are. That somebody is kept out is answered like
// an invitation, so the log alone tells.
func stays(ctx context.Context, seen store.Company) bool {
	row := seen.Row()
	switch {
	case !seen.Org.Live():
		return false
	case row.Member.Status == org.Active, row.Invitation.Open(seen.At):
		return true
	case seen.KeptOut && seen.Org.Admins > 0:
		slog.InfoContext(ctx, "contact not invited, they were removed, left or declined",
			"organization", string(seen.Org.ID))
		return true
	}
	return false
}

func liveID(o org.Org) org.ID {
	if !o.Live() {
		return ""
	}
	return o.ID
}

// offboard takes the contact out of a live organization in which they are.
func offboard(ctx context.Context, db *store.Store, seen store.Company) error {
	m := seen.Row().Member
	if !seen.Org.Live() || !m.Exists() {
		return nil
	}
	alone := true
	if m.Counts() == 1 && seen.Org.Admins <= 1 {
		var err error
		if alone, err = db.Alone(ctx, seen.Org.ID, m.ID); err != nil {
			return err
		}
	}
	if err := org.MayOffboard(seen.Org, m, !alone); err != nil {
		return err
	}
	return db.Offboard(ctx, seen)
}

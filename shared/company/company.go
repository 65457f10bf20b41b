// Package company is the process that brings the contacts of customer accounts, which the Customer
// Portal (CRM) knows by their e-mail addresses, into their companies' organizations: from the sign-in
// itself, from POST /v1/orgs, and from the CRM's own word (API.md §7). An address is compared whole and
// normalized, and nobody unverified gets here.
package company

import (
	"cmp"
	"context"
	"errors"

	"roster/shared/account"
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store"
)

// SignedIn links the account of somebody who signs in to their company's organization, if the CRM knows
// them as a contact. Who is in an organization, or whom the CRM did not know within a day, costs the CRM
// nothing. That somebody stays out is no error: what is one, the next sign-in may overcome.
func SignedIn(ctx context.Context, db *store.Store, crm *customer.Client, c account.Caller, a account.Account) (org.Org, error) {
	if crm.None() || a.Closed || a.IsNoContact(db.Now()) {
		return org.Org{}, nil
	}
	elsewhere, err := db.Holder(ctx, a, "")
	if err != nil || elsewhere.Live() {
		return org.Org{}, err
	}
	contact, err := crm.Contact(ctx, a.Address)
	switch {
	case err != nil:
		return org.Org{}, err
	case !contact.Exists():
		return org.Org{}, dismiss(db.NoteNoContact(ctx, a), store.ErrMoved)
	}
	o, err := link(ctx, db, c, contact)
	return o, dismiss(err, org.ErrAskAdmin, org.ErrAlready, account.ErrRevoked)
}

func dismiss(err error, expected ...error) error {
	for _, e := range expected {
		if errors.Is(err, e) {
			return nil
		}
	}
	return err
}

// Create makes an organization of that name with the caller as its Admin or, for a contact, links them
// to their company's, whatever the name: one that is none is refused only to who is no contact. The CRM
// is asked of who is in no organization, or in a linked one; where it does not answer, its word of the
// last day counts.
func Create(ctx context.Context, db *store.Store, crm *customer.Client, c account.Caller, name string) (org.Org, error) {
	valid, refused := org.ParseName(name)
	if refused != nil && crm.None() {
		return org.Org{}, refused
	}
	made := org.Org{ID: org.ID(id.New()), Name: valid}
	err := db.Settle(ctx, func() error {
		a, err := db.Account(ctx, c)
		if err != nil {
			return err
		}
		elsewhere, err := db.Holder(ctx, a, made.ID)
		if err != nil {
			return err
		}
		if crm.None() || elsewhere.Live() && elsewhere.Customer == "" {
			made, err = create(ctx, db, c, a, elsewhere, made, refused)
			return err
		}
		contact, err := crm.Contact(ctx, a.Address)
		switch {
		case err != nil && !a.IsNoContact(db.Now()):
			return err
		case err == nil && contact.Exists():
			made, err = link(ctx, db, c, contact)
			return err
		case err == nil:
			a.NoContact = db.Now()
		}
		made, err = create(ctx, db, c, a, elsewhere, made, refused)
		return err
	})
	return made, err
}

// create makes an organization for who is no contact. refused says what is wrong with its name.
func create(ctx context.Context, db *store.Store, c account.Caller, a account.Account, elsewhere, made org.Org, refused error) (org.Org, error) {
	if err := cmp.Or(refused, org.MayCreate(elsewhere)); err != nil {
		return made, err
	}
	return db.CreateOrg(ctx, c, a, made)
}

// link brings the caller into the organization of the contact's company, and makes that of the first.
// Who is in it already gets it back. It is called as the company is by now.
func link(ctx context.Context, db *store.Store, c account.Caller, contact customer.Contact) (org.Org, error) {
	var linked org.Org
	err := db.Settle(ctx, func() error {
		seen, err := db.LookCompany(ctx, c, string(contact.Account))
		if err != nil {
			return err
		}
		row, name := seen.Row(), org.NameOf(contact.Company)
		if org.MayEnter(seen.Org, row.Member, c.Account) == nil {
			linked, err = db.Heed(ctx, seen, name)
			return err
		}
		if !seen.Account.Address.Same(account.Address(contact.Address)) { // changed since the CRM was asked
			return fault.ErrAborted
		}
		if err := org.MayLink(seen.Org, row.Member, seen.KeptOut, seen.Elsewhere); err != nil {
			return err
		}
		if !seen.Org.Live() {
			linked, err = db.Found(ctx, seen, org.Org{ID: org.ID(id.New()), Name: name})
			return err
		}
		role := contact.Role
		if row.Invitation.Open(seen.At) {
			role = row.Member.Role
		}
		linked, err = db.Join(ctx, seen, role, name)
		return err
	})
	return linked, err
}

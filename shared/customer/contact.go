package customer

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/net/idna"

	"roster/shared/account"
	"roster/shared/org"
)

// Contact returns the contact with that address, compared whole and normalized; the zero Contact is
// the answer that there is none; that the CRM hides one is no such answer. Inactive contacts are none, nor are those of a company that is no
// customer. Of several records the one that was made first counts, so that a later one moves nobody
// to another company, and the contact is an Admin if any of them in that company is.
//
// An address with a ^, which no query can hold, is nobody's.
func (c *Client) Contact(ctx context.Context, a account.Address) (Contact, error) {
	if c.None() {
		return Contact{}, nil
	}
	return within(ctx, c, func(ctx context.Context) (Contact, error) { return c.contact(ctx, a) })
}

func (c *Client) contact(ctx context.Context, a account.Address) (Contact, error) {
	f, of := c.mapping.Contact, c.mapping.Account
	name, customer := f.Account.dot(of.Name), f.Account.dot(of.Active)
	query, err := equals(f.Email, spellings(a)...)
	if err != nil {
		return Contact{}, nil
	}
	records, err := c.all(ctx, f.Table, query+"^"+string(f.Active)+"=true"+oldestFirst(f.Created),
		[]Field{f.Email, f.Active, f.Account, f.Created, f.Admin, name, customer})
	if err != nil {
		return Contact{}, err
	}
	var found Contact
	for _, r := range records {
		next, err := c.contactOf(r, a)
		switch {
		case err != nil:
			return Contact{}, err
		case !found.Exists():
			found = next
		case next.Of(found.Account) && next.Role == org.Admin:
			found.Role = org.Admin
		}
	}
	return found, nil
}

// contactOf reads a record, which the CRM found by its own idea of equality: letters with and without
// accents are the same to some databases, and a field that it does not know it leaves out of the
// query. The zero Contact is one that does not count.
func (c *Client) contactOf(r record, a account.Address) (Contact, error) {
	f, of := c.mapping.Contact, c.mapping.Account
	name, customer := f.Account.dot(of.Name), f.Account.dot(of.Active)
	if err := r.needs(sysID, f.Email, f.Active, f.Account, f.Created); err != nil {
		return Contact{}, err
	}
	active, err := r.is(f.Active)
	if err != nil {
		return Contact{}, err
	}
	address, err := account.ParseAddress(r.value(f.Email))
	if err != nil || !address.Same(a) || !active || r.value(f.Account) == "" {
		return Contact{}, nil
	}
	if of.Active != "" {
		if err := r.needs(customer); err != nil {
			return Contact{}, err
		}
		if is, err := r.is(customer); err != nil || !is {
			return Contact{}, err
		}
	}
	if err := r.needs(name); err != nil {
		return Contact{}, err
	}
	id, ok := ParseAccountID(r.value(f.Account))
	if !ok || r.value(sysID) == "" || r.value(name) == "" {
		return Contact{}, errors.New("a contact has no usable id, account or company")
	}
	return Contact{ID: r.value(sysID), Address: string(address), Role: c.role(r), Account: id, Company: r.value(name)}, nil
}

// role is Admin for who is marked so, and Technical for everybody else.
func (c *Client) role(r record) org.Role {
	f := c.mapping.Contact
	if strings.EqualFold(r.value(f.Admin), f.AdminValue) || strings.EqualFold(r.shown(f.Admin), f.AdminValue) {
		return org.Admin
	}
	return org.Technical
}

// spellings are the ways in which a CRM may hold an address: its domain in IDNA form or in its own
// letters. ServiceNow compares without regard to letter case.
func spellings(a account.Address) []string {
	all := []string{a.Normalized()}
	at := strings.LastIndexByte(all[0], '@')
	if own, err := idna.Lookup.ToUnicode(all[0][at+1:]); err == nil && own != all[0][at+1:] {
		all = append(all, all[0][:at+1]+own)
	}
	return all
}

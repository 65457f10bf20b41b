package store

import (
	"cmp"
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// A Company is what one look saw of a customer account and its organization, with Seen.Org that
// organization, zero when there is none, and Seen.Row one person's row in it.
type Company struct {
	Seen

	ID      string // the customer account
	Linked  org.ID // what the link names, gone or not; "" without a link
	KeptOut bool   // that person was removed, left or declined

	Contact account.Account // that person's, where the CRM tells of them; zero when there is none
}

// LookCompany reads what linking the caller's account to a customer account takes: one read for the
// account and the link, one more where those lead somewhere. The failure is account.ErrRevoked.
func (s *Store) LookCompany(ctx context.Context, c account.Caller, customer string) (Company, error) {
	seen := Company{Seen: Seen{Caller: c}, ID: customer}
	found, err := s.read(ctx, accountKey(c.Account), customerKey(customer))
	if err != nil {
		return Company{}, err
	}
	r := &reader{found: found}
	seen.Account = r.account(c.Account)
	link, _ := get[customerItem](r, customerKey(customer))
	seen.Linked = org.ID(link.Org)
	if err := cmp.Or(r.err, account.MayCall(c, seen.Account)); err != nil {
		return Company{}, err
	}
	err = s.enterCompany(ctx, &seen, seen.Account.Address, seen.Account.Org)
	return seen, err
}

// LookContact reads what on- and offboarding a contact of a customer account takes, for no caller in
// particular, and the account of that address.
func (s *Store) LookContact(ctx context.Context, c account.Caller, customer string, a account.Address) (Company, error) {
	seen := Company{Seen: Seen{Caller: c}, ID: customer}
	found, err := s.read(ctx, customerKey(customer), addressKey(a))
	if err != nil {
		return Company{}, err
	}
	r := &reader{found: found}
	link, _ := get[customerItem](r, customerKey(customer))
	pointer, _ := get[addressItem](r, addressKey(a))
	seen.Linked, seen.Contact.ID = org.ID(link.Org), account.ID(pointer.Sub)
	if r.err != nil {
		return Company{}, r.err
	}
	err = s.enterCompany(ctx, &seen, a, "")
	if !seen.Contact.Address.Same(a) {
		seen.Contact = account.Account{}
	}
	return seen, err
}

// enterCompany reads on where a link leads, the other organization that an account is locked to, and the
// contact's account.
func (s *Store) enterCompany(ctx context.Context, seen *Company, a account.Address, lock string) error {
	seen.Rows = []Row{{}}
	var keys []key
	if lock != "" {
		keys = append(keys, orgKey(org.ID(lock)))
	}
	if seen.Contact.ID != "" {
		keys = append(keys, accountKey(seen.Contact.ID))
	}
	o := seen.Linked
	if o != "" {
		m := org.MemberOf(o, a)
		keys = append(keys, orgKey(o), memberKey(o, m), invitationKey(o, m), removedKey(o, m))
	}
	found, err := s.read(ctx, keys...)
	if err != nil {
		return err
	}
	seen.At = s.Now()
	r := &reader{found: found}
	seen.Contact = r.account(seen.Contact.ID)
	if lock != "" && lock != string(o) {
		if held := r.org(org.ID(lock)); held.Live() {
			seen.Elsewhere = held
		}
	}
	if o != "" {
		m := org.MemberOf(o, a)
		seen.Org, seen.Rows = r.org(o), []Row{r.row(o, m)}
		_, seen.KeptOut = r.found[removedKey(o, m)]
	}
	return r.err
}

// Found makes an organization for the customer account, with the caller's account as its first member
// and Admin. ErrMoved when the link leads to a live one by now.
func (s *Store) Found(ctx context.Context, seen Company, o org.Org) (org.Org, error) {
	o.Tier, o.Customer = org.Paid, seen.ID
	return s.found(ctx, seen.Seen, o, seen.link(o.ID))
}

// link makes the customer account's link lead to o: there was none, or it led to an organization that
// is gone, which is then a check of the same transaction.
func (c Company) link(o org.ID) change {
	k := customerKey(c.ID)
	item := customerItem{key: k, Org: string(o)}
	if c.Linked == "" {
		return put(k, item, absent())
	}
	return put(k, item, is("org", string(c.Linked))).with(check(orgKey(c.Linked), absent().Or(has("deleted_at"))))
}

// linked is what the link says while it is the one that was seen.
func (c Company) linked() change { return check(customerKey(c.ID), is("org", string(c.Linked))) }

// unlink frees the customer account of an organization that ends.
func unlink(o org.Org) change {
	return remove(customerKey(o.Customer), absent().Or(is("org", string(o.ID))))
}

// Join makes the caller's account a member of their company's organization, with that role or, where
// nobody is Admin, as Admin. A pending row becomes theirs. The organization takes the company's name.
func (s *Store) Join(ctx context.Context, seen Company, role org.Role, name string) (org.Org, error) {
	o, a, row := seen.named(name), seen.Account, seen.Row()
	after := memberFor(o.ID, a, org.RoleAtEntry(o, role))
	parts := []change{
		seen.linked(),
		seen.names(enters(o, after.Counts()), name),
		claim(a, o.ID),
	}
	if row.Member.Status == org.Provisioned {
		from, to := entered(row.Member, after)
		return o, s.commit(ctx, append(parts,
			update(memberKey(o.ID, after.ID), becomes(after), asSeen(row.Member)),
			forget(o.ID, row),
			record(o.ID, seen.event(activity.Update, after.Role, theMember(after, from, to))),
		)...)
	}
	return o, s.commit(ctx, append(parts,
		put(memberKey(o.ID, after.ID), memberOf(o.ID, after), absent()),
		seen.welcome(after.ID),
		record(o.ID, seen.event(activity.Create, after.Role, joined(after))),
	)...)
}

// welcome holds the row to not being kept out. Who was at the look enters where nobody is Admin, which
// enters states, and is kept out no more.
func (c Company) welcome(m org.MemberID) change {
	k := removedKey(c.Org.ID, m)
	if c.KeptOut {
		return remove(k, exists())
	}
	return check(k, absent())
}

// NoteNoContact remembers with the account that the CRM knows no contact of its address. ErrMoved when
// the account has another one by now, or was closed.
func (s *Store) NoteNoContact(ctx context.Context, a account.Account) error {
	return s.commit(ctx, update(accountKey(a.ID), set("crm_checked_at", stamp(s.Now())), is("email", string(a.Address)), hasNot("closed")))
}

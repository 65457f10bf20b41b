package store

import (
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// Heed gives a linked organization the name that the CRM has for its company by now, and makes the
// account of the contact whom the CRM tells of forget that it was nobody's. Where both are so already
// it writes nothing.
func (s *Store) Heed(ctx context.Context, seen Company, name string) (org.Org, error) {
	o := seen.named(name)
	forgets := seen.known()
	if o == seen.Org && forgets.act == nothing {
		return o, nil
	}
	return o, s.commit(ctx, seen.names(live(o.ID, 0), name), forgets)
}

// named is the organization with that name.
func (c Company) named(name string) org.Org {
	o := c.Org
	if name != o.Name {
		o.Name, o.Updated = name, c.At
	}
	return o
}

// names is of, a change or check of the organization's row, which gives it the name too where it has
// another. That is the CRM's doing, and logged as such, whoever brings it about.
func (c Company) names(of change, name string) change {
	o := c.named(name)
	if o == c.Org {
		return of
	}
	by := Seen{At: c.At, Caller: c.Caller}
	if by.Caller.Account != "" {
		by.Caller = account.Caller{RequestID: c.Caller.RequestID}
	}
	of.act = updates
	of.set = of.set.Set(assign("name", o.Name)).Set(assign("updated_at", stamp(o.Updated)))
	of.when = append(of.when, is("name", c.Org.Name), is("customer", c.ID))
	return of.with(record(o.ID, by.event(activity.Update, "", theOrg(o, state("name", c.Org.Name), state("name", o.Name)))))
}

// known makes the contact's account forget that the CRM did not know its address.
func (c Company) known() change {
	a := c.Contact
	return provided(!a.NoContact.IsZero() && !a.Closed, func() change {
		return update(accountKey(a.ID), unset("crm_checked_at"), is("email", string(a.Address)))
	})
}

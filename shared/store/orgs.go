package store

import (
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// CreateOrg makes an organization of that name with the account as its first member and Admin.
// ErrMoved when the account joined another one meanwhile, was closed or changed its names.
// Where a.NoContact says that the CRM was asked for the sake of it, that is kept with the account.
func (s *Store) CreateOrg(ctx context.Context, c account.Caller, a account.Account, o org.Org) (org.Org, error) {
	o.Tier = org.Registered
	return s.found(ctx, Seen{At: s.Now(), Caller: c, Account: a}, o)
}

// found makes o with the account as its first member and Admin, together with more.
func (s *Store) found(ctx context.Context, seen Seen, o org.Org, more ...change) (org.Org, error) {
	a := seen.Account
	o.Admins, o.Created, o.Updated = 1, seen.At, seen.At
	me := memberFor(o.ID, a, org.Admin)
	lock := claim(a, o.ID)
	if !a.NoContact.IsZero() {
		lock.set = lock.set.Set(assign("crm_checked_at", stamp(a.NoContact)))
	}
	return o, s.commit(ctx, append(more,
		newOrg(o),
		put(memberKey(o.ID, me.ID), memberOf(o.ID, me), absent()),
		lock,
		record(o.ID, seen.event(activity.Create, org.Admin, theOrg(o, nil, state("name", o.Name)))),
		record(o.ID, seen.event(activity.Create, org.Admin, joined(me))),
	)...)
}

func newOrg(o org.Org) change {
	k := orgKey(o.ID)
	return put(k, orgItem{
		key: k, Name: o.Name, Tier: string(o.Tier), Customer: o.Customer, Admins: o.Admins,
		CreatedAt: stamp(o.Created), UpdatedAt: stamp(o.Updated),
	}, absent())
}

// memberFor is an account as an ACTIVE member of o.
func memberFor(o org.ID, a account.Account, r org.Role) org.Member {
	return org.Member{
		ID: org.MemberOf(o, a.Address), Address: a.Address, First: a.First, Last: a.Last, Role: r, Status: org.Active, Account: a.ID,
	}
}

// joined is a new member as an event's object.
func joined(m org.Member) activity.Object {
	return theMember(m, nil, state("role", string(m.Role), "status", string(m.Status)))
}

// Rename gives the organization another name. It must not be linked, and the caller be an Admin.
func (s *Store) Rename(ctx context.Context, seen Seen, name string) (org.Org, error) {
	before, o := seen.Org.Name, seen.Org
	o.Name, o.Updated = name, seen.At
	err := s.commit(ctx,
		update(orgKey(o.ID), set("name", name).Set(assign("updated_at", stamp(o.Updated))),
			living(), is("name", before), hasNot("customer")),
		stillAdmin(seen),
		record(o.ID, seen.event(activity.Update, org.Admin, theOrg(o, state("name", before), state("name", name)))),
	)
	return o, err
}

// DeleteOrg ends the organization: from now on every condition in the system refuses it, and the
// stream wakes the purge of all that it held. Its customer account is free for a new one at once.
func (s *Store) DeleteOrg(ctx context.Context, seen Seen) error {
	return s.commit(ctx,
		update(orgKey(seen.Org.ID), set("deleted_at", stamp(seen.At)), living()),
		stillAdmin(seen),
		provided(seen.Org.Customer != "", func() change { return unlink(seen.Org) }),
	)
}

// Leave removes the caller from the organization.
func (s *Store) Leave(ctx context.Context, seen Seen) error {
	o, me := seen.Org, seen.Me
	return s.commit(ctx,
		remove(memberKey(o.ID, me.ID), asSeen(me)),
		live(o.ID, -me.Counts()),
		release(me.Account, o.ID),
		remove(invitationKey(o.ID, me.ID)),
		keepOut(o, me.ID),
		record(o.ID, seen.event(activity.Delete, "", theMember(me, state("role", string(me.Role)), nil))),
	)
}

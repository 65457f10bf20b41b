package store

import (
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// CreateOrg makes an organization of that name with the account as its first member and Admin.
// ErrMoved when the account joined another one meanwhile, was closed or changed its names.
func (s *Store) CreateOrg(ctx context.Context, c account.Caller, a account.Account, o org.Org) (org.Org, error) {
	now := s.Now()
	o.Tier, o.Admins, o.Created, o.Updated = org.Registered, 1, now, now
	me := org.Member{
		ID: org.MemberOf(o.ID, a.Address), Address: a.Address, First: a.First, Last: a.Last,
		Role: org.Admin, Status: org.Active, Account: a.ID,
	}
	seen := Seen{At: o.Created, Caller: c}
	row := orgItem{
		key: orgKey(o.ID), Name: o.Name, Tier: string(o.Tier), Admins: o.Admins,
		CreatedAt: stamp(o.Created), UpdatedAt: stamp(o.Updated),
	}
	return o, s.commit(ctx,
		put(row.key, row, absent()),
		put(memberKey(o.ID, me.ID), memberOf(o.ID, me), absent()),
		claim(a, o.ID),
		record(o.ID, seen.event(activity.Create, org.Admin, theOrg(o, nil, state("name", o.Name)))),
		record(o.ID, seen.event(activity.Create, org.Admin, joined(me))),
	)
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
// stream wakes the purge of all that it held.
func (s *Store) DeleteOrg(ctx context.Context, seen Seen) error {
	return s.commit(ctx,
		update(orgKey(seen.Org.ID), set("deleted_at", stamp(seen.At)), living()),
		stillAdmin(seen),
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

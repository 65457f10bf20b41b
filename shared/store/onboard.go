package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// Onboard invites a contact to their company's organization, with the inviter's name and for no
// caller: neither its day's quota nor an Admin stands behind it. o is that organization with the company's
// name or, where there is none, the one to make, which has no ACTIVE Admin until the first person confirms.
// Of a row that is there, whose invitation is over, the mail is sent again. Their account is asked about
// at its next sign-in, whatever the CRM said of it before.
func (s *Store) Onboard(ctx context.Context, seen Company, o org.Org, a account.Address, role org.Role, inviter string) error {
	parts := []change{seen.known()}
	if seen.Org.Live() {
		parts = append(parts, seen.names(live(o.ID, 0), o.Name), seen.linked())
	} else {
		o.Tier, o.Customer, o.Created, o.Updated = org.Paid, seen.ID, seen.At, seen.At
		parts = append(parts, newOrg(o), seen.link(o.ID),
			record(o.ID, seen.event(activity.Create, "", theOrg(o, nil, state("name", o.Name)))))
	}
	by := seen.Seen
	by.Org, by.Me.First = o, inviter
	row := seen.Row()
	if row.Member.Exists() && seen.Org.Live() {
		return s.commit(ctx, append(parts, by.again(row)...)...)
	}
	m := by.newMember(Invitee{Address: a, Role: role})
	return s.commit(ctx, append(parts,
		put(memberKey(o.ID, m.ID), memberOf(o.ID, m), absent()),
		by.queue(m, nil),
		letIn(o, m.ID),
		enter(o.ID, m, account.Account{}),
		record(o.ID, seen.event(activity.Create, "", joined(m))),
	)...)
}

// again queues a fresh mail to a pending row, for seven new days.
func (s Seen) again(row Row) []change {
	m := row.Member
	return []change{
		update(memberKey(s.Org.ID, m.ID),
			set("expires_at", stamp(s.At.Add(org.InvitationLife))).Set(assign("invited_by", s.inviter())), asSeen(m)),
		s.queue(m, &row.Invitation),
	}
}

// Offboard takes a contact out of their company's organization, for no caller, and without keeping them
// out later. The last Admin goes only while nobody else is ACTIVE, which Alone saw.
func (s *Store) Offboard(ctx context.Context, seen Company) error {
	o, row := seen.Org, seen.Row()
	m := row.Member
	return s.commit(ctx,
		seen.leaves(),
		remove(memberKey(o.ID, m.ID), asSeen(m)),
		forget(o.ID, row),
		provided(m.Status == org.Active, func() change { return release(m.Account, o.ID) }),
		record(o.ID, seen.event(activity.Delete, "", theMember(m, state("role", string(m.Role)), nil))),
	)
}

// leaves is live for the row that goes. No Admin stays behind only if nobody entered since the look.
func (c Company) leaves() change {
	o, m := c.Org, c.Row().Member
	if m.Counts() == 0 || o.Admins > 1 {
		return live(o.ID, -m.Counts())
	}
	entries := is("entries", o.Entries)
	if o.Entries == 0 {
		entries = hasNot("entries")
	}
	return update(orgKey(o.ID), addAdmins(-1), living(), is("admins", 1), entries)
}

// Alone reports whether nobody but the row is ACTIVE in its organization. It reads all its rows, and
// is asked about the last Admin only.
func (s *Store) Alone(ctx context.Context, o org.ID, m org.MemberID) (bool, error) {
	rows, err := query[memberItem](ctx, s, 0, expression.Key("PK").Equal(expression.Value(partition(o))).
		And(expression.Key("SK").BeginsWith(members)))
	for _, r := range rows {
		if other := r.member(); other.Status == org.Active && other.ID != m {
			return false, err
		}
	}
	return true, err
}

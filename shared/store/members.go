package store

import (
	"context"

	"roster/shared/activity"
	"roster/shared/org"
)

// ChangeRole gives the row another role; the organization keeps an ACTIVE Admin.
func (s *Store) ChangeRole(ctx context.Context, seen Seen, row Row, to org.Role) (Row, error) {
	before, after := row.Member, row.Member
	after.Role = to
	err := s.commit(ctx,
		live(seen.Org.ID, after.Counts()-before.Counts()),
		stillAdmin(seen),
		update(memberKey(seen.Org.ID, before.ID), set("role", to), asSeen(before)),
		record(seen.Org.ID, seen.event(activity.Update, seen.Me.Role,
			theMember(before, state("role", string(before.Role)), state("role", string(to))))),
	)
	return Row{Member: after, Invitation: row.Invitation}, err
}

// Remove takes the row out of the organization: a member loses access and is free for another one,
// an invitation is revoked and its link dies.
func (s *Store) Remove(ctx context.Context, seen Seen, row Row) error {
	o, m := seen.Org, row.Member
	return s.commit(ctx,
		live(o.ID, -m.Counts()),
		stillAdmin(seen),
		remove(memberKey(o.ID, m.ID), asSeen(m)),
		forget(o.ID, row),
		provided(m.Status == org.Active, func() change { return release(m.Account, o.ID) }),
		keepOut(o, m.ID),
		record(o.ID, seen.event(activity.Delete, seen.Me.Role, theMember(m, state("role", string(m.Role)), nil))),
	)
}

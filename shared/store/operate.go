package store

import (
	"context"
	"errors"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// What operators do by hand, and no function.

// ErrNotStranded says that an organization does not wait for the Admin that an operator would name:
// it is gone, or its Admin's account is open, or the other one is no other ACTIVE member with an open account.
var ErrNotStranded = errors.New("store: the organization is not live, its Admin's account is open, or the other one is no ACTIVE Technical with an open account")

// WakePurge notes on the row of a deleted organization that its purge is wanted: the stream wakes it.
// ErrMoved says that there is no such organization (any more), or that it lives.
func (s *Store) WakePurge(ctx context.Context, o org.ID) error {
	return s.mark(ctx, orgKey(o), set("purged_at", stamp(s.Now())), has("deleted_at"))
}

// NameAdmin makes next an Admin in place of gone, whose account was deleted while it was the only
// Admin: next is an ACTIVE member whose account is open and in the organization. The row of gone,
// which stayed for want of another, goes, and with it the lock of its account. Else it is
// ErrNotStranded. The two events have no actor.
func (s *Store) NameAdmin(ctx context.Context, o org.ID, next, gone org.MemberID) error {
	return s.Settle(ctx, func() error {
		seen, heir, dead, err := s.lookStranded(ctx, o, next, gone)
		if err != nil {
			return err
		}
		h, d := heir.Member, dead.Member
		named := seen.event(activity.Update, "", theMember(h, state("role", string(h.Role)), state("role", string(org.Admin))))
		return s.commit(ctx,
			live(o, 0), // one Admin comes, one goes
			update(memberKey(o, h.ID), set("role", org.Admin), asSeen(h)),
			check(accountKey(h.Account), is("org_id", string(o)), hasNot("closed")),
			remove(memberKey(o, d.ID), asSeen(d)),
			remove(invitationKey(o, d.ID), mailAsSeen(dead.Invitation)),
			update(accountKey(d.Account), unset("org_id"), is("org_id", string(o)), has("closed")),
			record(o, named),
			record(o, seen.event(activity.Delete, "", theMember(d, state("role", string(d.Role)), nil))),
		)
	})
}

// lookStranded reads the organization with both rows and their accounts, and decides.
func (s *Store) lookStranded(ctx context.Context, o org.ID, next, gone org.MemberID) (seen Seen, heir, dead Row, err error) {
	found, err := s.read(ctx, orgKey(o), memberKey(o, next), invitationKey(o, next), memberKey(o, gone), invitationKey(o, gone))
	if err != nil {
		return Seen{}, Row{}, Row{}, err
	}
	r := &reader{found: found}
	seen = Seen{At: s.Now(), Org: r.org(o)}
	heir, dead = r.row(o, next), r.row(o, gone)
	if r.err != nil {
		return Seen{}, Row{}, Row{}, r.err
	}
	h, d := heir.Member, dead.Member
	if !seen.Org.Live() || h.Status != org.Active || h.Counts() == 1 || d.Counts() == 0 {
		return Seen{}, Row{}, Row{}, ErrNotStranded
	}
	if r.found, err = s.read(ctx, accountKey(h.Account), accountKey(d.Account)); err != nil {
		return Seen{}, Row{}, Row{}, err
	}
	of := [...]account.Account{r.account(h.Account), r.account(d.Account)}
	if r.err == nil && (!of[0].Known() || of[0].Closed || of[0].Org != string(o) || !of[1].Closed) {
		r.err = ErrNotStranded
	}
	return seen, heir, dead, r.err
}

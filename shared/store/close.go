package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// Close ends an account that was deleted in the user pool: its tokens are dead, its address and
// personal data erased, its membership over. Only the row of an organization's sole Admin stays,
// until an operator names another one; stays reports that. by is who did it, from where, for the log.
// Closing again does nothing.
func (s *Store) Close(ctx context.Context, a account.ID, by account.Caller) (stays bool, err error) {
	err = s.Settle(ctx, func() error {
		seen, pointed, err := s.lookClosing(ctx, a)
		seen.Caller = by
		if err != nil || !seen.Account.Known() || seen.Account.Closed {
			return err
		}
		stays = seen.Me.Counts() == 1 && seen.Org.Admins <= 1
		return s.commit(ctx, closing(seen, stays, pointed)...)
	})
	return stays, err
}

// lookClosing reads an account, its membership, and whether its address still points to it.
func (s *Store) lookClosing(ctx context.Context, id account.ID) (seen Seen, pointed bool, err error) {
	found, err := s.read(ctx, accountKey(id))
	if err != nil {
		return Seen{}, false, err
	}
	r := &reader{found: found}
	a := r.account(id)
	seen = Seen{Account: a}
	if r.err != nil || !a.Known() || a.Closed {
		return seen, false, r.err
	}
	o := org.ID(a.Org)
	keys := []key{addressKey(a.Address)}
	if o != "" {
		keys = append(keys, orgKey(o), memberKey(o, org.MemberOf(o, a.Address)))
	}
	if r.found, err = s.read(ctx, keys...); err != nil {
		return Seen{}, false, err
	}
	seen.At = s.Now()
	if o != "" {
		seen.Org, seen.Me = r.org(o), r.member(o, org.MemberOf(o, a.Address))
	}
	if org.MayEnter(seen.Org, seen.Me, id) != nil {
		seen.Org, seen.Me = org.Org{}, org.Member{}
	}
	pointer, _ := get[addressItem](r, addressKey(a.Address))
	return seen, pointer.Sub == string(id), r.err
}

func closing(seen Seen, stays, pointed bool) []change {
	a, o, me := seen.Account, seen.Org, seen.Me
	erase := set("closed", true).Set(assign("email", "")).Set(assign("first_name", "")).
		Set(assign("last_name", "")).Set(assign("tos", false)).Set(assign("marketing", false)).
		Remove(expression.Name("crm_checked_at"))
	if !stays {
		erase = erase.Remove(expression.Name("org_id"))
	}
	parts := []change{
		update(accountKey(a.ID), erase, inOrg(a), is("email", string(a.Address))),
		provided(pointed, func() change { return remove(addressKey(a.Address), is("sub", string(a.ID))) }),
	}
	switch {
	case stays:
		return append(parts, check(orgKey(o.ID), living(), is("admins", o.Admins)))
	case !me.Exists():
		return parts
	}
	return append(parts,
		remove(memberKey(o.ID, me.ID), asSeen(me)),
		live(o.ID, -me.Counts()),
		remove(invitationKey(o.ID, me.ID)),
		record(o.ID, seen.event(activity.Delete, "", theMember(me, state("role", string(me.Role)), nil))),
	)
}

package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
	"roster/shared/org"
)

// PutState keeps a state token's hash for the row's live link, for five minutes.
func (s *Store) PutState(ctx context.Context, seen Seen, token id.Hash) error {
	o, row := seen.Org.ID, seen.Row()
	k, ends := stateKey(o, token), seen.At.Add(org.StateLife)
	return s.commit(ctx,
		live(o, 0),
		check(invitationKey(o, row.Member.ID), is("link", row.Invitation.Link)),
		put(k, stateItem{
			key: k, Member: string(row.Member.ID), Link: string(row.Invitation.Link), ExpiresAt: stamp(ends), TTL: ends.Unix(),
		}, absent()),
	)
}

// Accept makes the pending row the caller's membership, with the role that it has at that moment.
func (s *Store) Accept(ctx context.Context, seen Seen) error {
	return s.commit(ctx, append(confirm(seen, seen.Account),
		remove(invitationKey(seen.Org.ID, seen.Row().Member.ID), is("mail", seen.Row().Invitation.Mail), unexpired(seen)),
		claim(seen.Account, seen.Org.ID),
	)...)
}

// Activate makes the pending row the membership of an account that its link proved: used is the
// state token's hash, before the account's row as seen (zero when there is none), after what it
// holds from now on. An operator may have given the user another address since the table heard of
// them: the account gets the proven one.
func (s *Store) Activate(ctx context.Context, seen Seen, used id.Hash, before, after account.Account) error {
	o, row := seen.Org.ID, seen.Row()
	return s.commit(ctx, append(confirm(seen, after),
		remove(invitationKey(o, row.Member.ID), is("link", row.Invitation.Link), unexpired(seen)),
		remove(stateKey(o, used), exists()),
		admit(before, after, o),
		repoint(before, after),
	)...)
}

// confirm is what accepting and activating have in common: the row becomes the account's, which
// is logged as the account's own act.
func confirm(seen Seen, a account.Account) []change {
	o, before, after := seen.Org.ID, seen.Row().Member, seen.Row().Member
	after.Status, after.Account, after.Address, after.First, after.Last = org.Active, a.ID, a.Address, a.First, a.Last
	after.Role = org.RoleAtEntry(seen.Org, before.Role)
	seen.Caller.Account = a.ID
	from, to := entered(before, after)
	return []change{
		enters(seen.Org, after.Counts()),
		update(memberKey(o, before.ID), becomes(after), asSeen(before)),
		remove(invitedKey(before.Address, o)),
		record(o, seen.event(activity.Update, after.Role, theMember(after, from, to))),
	}
}

// entered is what changes of a row that is confirmed, before and after: the status, and the role of
// the first to enter an organization without Admin.
func entered(before, after org.Member) (from, to map[string]string) {
	from, to = state("status", string(before.Status)), state("status", string(after.Status))
	if before.Role != after.Role {
		from["role"], to["role"] = string(before.Role), string(after.Role)
	}
	return from, to
}

func becomes(m org.Member) assignment {
	return set("status", m.Status).Set(assign("role", m.Role)).Set(assign("account", string(m.Account))).Set(assign("email", string(m.Address))).
		Set(assign("first_name", m.First)).Set(assign("last_name", m.Last)).
		Remove(expression.Name("invited_by")).Remove(expression.Name("expires_at"))
}

// unexpired is what an invitation's item says while its time is not over.
func unexpired(seen Seen) condition {
	return expression.Name("expires_at").GreaterThan(expression.Value(stamp(seen.At)))
}

// admit makes the account's row that of a member of o, with the names and consents given at the
// activation.
func admit(before, after account.Account, o org.ID) change {
	after.Org = string(o)
	if !before.Known() {
		return newAccount(after)
	}
	c := claim(before, o)
	c.set = c.set.Set(assign("first_name", after.First)).Set(assign("last_name", after.Last)).
		Set(assign("email", string(after.Address))).Set(assign("tos", after.TOS)).Set(assign("marketing", after.Marketing))
	return c
}

// Decline removes the caller's pending row, and with it the invitation. The log calls them by their
// account, which is known by then, though never to the row.
func (s *Store) Decline(ctx context.Context, seen Seen) error {
	o, row := seen.Org, seen.Row()
	who := row.Member
	who.Account = seen.Caller.Account
	return s.commit(ctx,
		live(o.ID, 0),
		remove(memberKey(o.ID, row.Member.ID), asSeen(row.Member)),
		forget(o.ID, row),
		keepOut(o, row.Member.ID),
		record(o.ID, seen.event(activity.Delete, "", theMember(who, state("role", string(who.Role)), nil))),
	)
}

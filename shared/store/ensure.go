package store

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/org"
)

// Ensure makes the account's rows say what the user pool says: that it exists, and in which
// spelling its address is. Names are the pool's only at first; later ones are the table's. It is
// idempotent, writes nothing when nothing is new, and leaves a closed account closed.
func (s *Store) Ensure(ctx context.Context, a account.ID, address account.Address, first, last string) (account.Account, error) {
	var got account.Account
	err := s.Settle(ctx, func() (err error) {
		got, err = s.ensure(ctx, account.Account{ID: a, Address: address, First: first, Last: last})
		return err
	})
	return got, err
}

func (s *Store) ensure(ctx context.Context, want account.Account) (account.Account, error) {
	found, err := s.read(ctx, accountKey(want.ID), addressKey(want.Address))
	if err != nil {
		return account.Account{}, err
	}
	r := &reader{found: found}
	seen := r.account(want.ID)
	pointer, _ := get[addressItem](r, addressKey(want.Address))
	switch {
	case r.err != nil:
		return account.Account{}, r.err
	case !seen.Known():
		return want, s.commit(ctx, newAccount(want), point(want))
	case seen.Closed, seen.Address == want.Address && pointer.Sub == string(want.ID):
		return seen, nil
	}
	return s.readdress(ctx, seen, want.Address)
}

// enroll makes the rows of a caller whose account the table does not know yet, from the token. Rows
// that somebody else made meanwhile stay as they are: Ensure alone changes them.
func (s *Store) enroll(ctx context.Context, c account.Caller) (a account.Account, err error) {
	err = s.Settle(ctx, func() error {
		if a, err = s.Find(ctx, c.Account); err != nil || a.Known() {
			return err
		}
		a = account.Account{ID: c.Account, Address: c.Address, First: c.First, Last: c.Last}
		return s.commit(ctx, newAccount(a), point(a))
	})
	if err == nil {
		err = account.MayCall(c, a)
	}
	return a, err
}

func newAccount(a account.Account) change {
	k := accountKey(a.ID)
	return put(k, accountItem{
		key: k, Email: string(a.Address), First: a.First, Last: a.Last, TOS: a.TOS, Marketing: a.Marketing, Org: a.Org,
	}, absent())
}

// point makes the account the one that its address belongs to. The user pool lets one user have an
// address, so whoever had it before is gone.
func point(a account.Account) change {
	k := addressKey(a.Address)
	return put(k, addressItem{key: k, Sub: string(a.ID)})
}

// repoint leads the new address of an account to it, and the one that it had before to nobody.
func repoint(before, after account.Account) change {
	moved := before.Known() && !before.Address.Same(after.Address)
	return point(after).with(provided(moved, func() change {
		return remove(addressKey(before.Address), absent().Or(is("sub", string(before.ID))))
	}))
}

// readdress gives the account another spelling of its address, or another address. Its member row,
// which is keyed by the address, follows; a row of a gone organization is left to the purge, and its
// lock is dropped here.
func (s *Store) readdress(ctx context.Context, seen account.Account, to account.Address) (account.Account, error) {
	held, err := s.Holder(ctx, seen, "")
	if err != nil {
		return account.Account{}, err
	}
	after, says := seen, set("email", string(to))
	after.Address = to
	if !held.Live() {
		after.Org, says = "", says.Remove(expression.Name("org_id"))
	}
	if !seen.Address.Same(to) { // whether the CRM knows the other one, nobody asked
		after.NoContact, says = time.Time{}, says.Remove(expression.Name("crm_checked_at"))
	}
	parts := []change{
		update(accountKey(seen.ID), says, asCopied(seen), hasNot("closed"), inOrg(seen)),
		repoint(seen, after),
	}
	moved, err := s.readdressMember(ctx, seen, after)
	if err != nil {
		return account.Account{}, err
	}
	return after, s.commit(ctx, append(parts, moved...)...)
}

// readdressMember moves the account's row to the place of its new address. Whoever was invited under
// that one too is a member already: the invitation gives way.
func (s *Store) readdressMember(ctx context.Context, seen, after account.Account) ([]change, error) {
	o := org.ID(after.Org)
	if o == "" {
		return nil, nil
	}
	from, dest := org.MemberOf(o, seen.Address), org.MemberOf(o, after.Address)
	found, err := s.read(ctx, memberKey(o, from), memberKey(o, dest), invitationKey(o, dest))
	if err != nil {
		return nil, err
	}
	r := &reader{found: found}
	m, there := r.member(o, from), r.row(o, dest)
	switch {
	case r.err != nil || !m.Is(seen.ID):
		return nil, r.err
	case from == dest:
		return []change{update(memberKey(o, from), set("email", string(after.Address)), asSeen(m))}, nil
	}
	return move(o, m, after.Address, there), nil
}

// move puts m in the place of another address, where there is nobody or an invitation.
func move(o org.ID, m org.Member, to account.Address, there Row) []change {
	moved, free := m, absent()
	moved.ID, moved.Address = org.MemberOf(o, to), to
	pending := there.Member.Status == org.Provisioned
	if pending {
		free = asSeen(there.Member)
	}
	return []change{
		live(o, 0),
		remove(memberKey(o, m.ID), asSeen(m)),
		remove(invitationKey(o, m.ID)),
		put(memberKey(o, moved.ID), memberOf(o, moved), free),
		provided(pending, func() change { return forget(o, there) }),
	}
}

package store

import (
	"context"

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

// readdress gives the account another spelling of its address, or another address. Its member row,
// which is keyed by the address, follows.
func (s *Store) readdress(ctx context.Context, seen account.Account, to account.Address) (account.Account, error) {
	after := seen
	after.Address = to
	parts := []change{
		update(accountKey(seen.ID), set("email", string(to)), asCopied(seen), hasNot("closed"), inOrg(seen)),
		point(after),
	}
	if !seen.Address.Same(to) {
		parts = append(parts, remove(addressKey(seen.Address), absent().Or(is("sub", string(seen.ID)))))
	}
	moved, err := s.readdressMember(ctx, seen, to)
	if err != nil {
		return account.Account{}, err
	}
	return after, s.commit(ctx, append(parts, moved...)...)
}

func (s *Store) readdressMember(ctx context.Context, seen account.Account, to account.Address) ([]change, error) {
	o := org.ID(seen.Org)
	if o == "" {
		return nil, nil
	}
	from, dest := org.MemberOf(o, seen.Address), org.MemberOf(o, to)
	found, err := s.read(ctx, memberKey(o, from))
	if err != nil {
		return nil, err
	}
	r := &reader{found: found}
	m := r.member(o, from)
	switch {
	case r.err != nil || !m.Is(seen.ID):
		return nil, r.err
	case from == dest:
		return []change{update(memberKey(o, from), set("email", string(to)), asSeen(m))}, nil
	}
	moved := m
	moved.ID, moved.Address = dest, to
	return []change{
		live(o, 0),
		remove(memberKey(o, from), asSeen(m)),
		put(memberKey(o, dest), memberOf(o, moved), absent()),
	}, nil
}

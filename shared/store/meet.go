package store

import (
	"context"

	"roster/shared/account"
	"roster/shared/org"
)

// Met is the open account of an address, zero for none, and whether it is in a live organization
// other than the one asked about.
type Met struct {
	Account   account.Account
	Elsewhere bool
}

// Meet finds the accounts of addresses, in that order: one read for where the addresses lead, one
// for the accounts, and one more where an account is in an organization.
func (s *Store) Meet(ctx context.Context, o org.ID, addresses []account.Address) ([]Met, error) {
	accounts, err := s.accountsAt(ctx, addresses)
	if err != nil {
		return nil, err
	}
	var held []key
	for _, a := range accounts {
		if a.Org != "" && a.Org != string(o) {
			held = append(held, orgKey(org.ID(a.Org)))
		}
	}
	found, err := s.read(ctx, held...)
	if err != nil {
		return nil, err
	}
	r := &reader{found: found}
	met := make([]Met, len(accounts))
	for i, a := range accounts {
		met[i] = Met{Account: a, Elsewhere: r.org(org.ID(a.Org)).Live()}
	}
	return met, r.err
}

// accountsAt returns the open account of each address, zero where there is none.
func (s *Store) accountsAt(ctx context.Context, addresses []account.Address) ([]account.Account, error) {
	var pointers, keys []key
	for _, a := range addresses {
		pointers = append(pointers, addressKey(a))
	}
	found, err := s.read(ctx, pointers...)
	if err != nil {
		return nil, err
	}
	r := &reader{found: found}
	owners := make([]account.ID, len(addresses))
	for i := range addresses {
		p, ok := get[addressItem](r, pointers[i])
		if owners[i] = account.ID(p.Sub); ok {
			keys = append(keys, accountKey(owners[i]))
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	if r.found, err = s.read(ctx, keys...); err != nil {
		return nil, err
	}
	accounts := make([]account.Account, len(addresses))
	for i, owner := range owners {
		if a := r.account(owner); !a.Closed {
			accounts[i] = a
		}
	}
	return accounts, r.err
}

// Find reads an account by its id; it is zero when the table has no row of it.
func (s *Store) Find(ctx context.Context, a account.ID) (account.Account, error) {
	found, err := s.read(ctx, accountKey(a))
	r := &reader{found: found}
	if err != nil {
		return account.Account{}, err
	}
	return r.account(a), r.err
}

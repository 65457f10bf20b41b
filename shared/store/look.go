package store

import (
	"cmp"
	"context"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
	"roster/shared/org"
)

// Seen is what one look saw of an organization. A change takes it and happens only if all that it
// relies on is still so.
type Seen struct {
	At        time.Time // behind the read of Org, Me and Rows: no change that they show has a later one, as far as clocks agree
	Caller    account.Caller
	Account   account.Account // the caller's; zero when the table has no row of it
	Org       org.Org
	Me        org.Member // the caller's row
	Rows      []Row      // the rows that were asked for, in that order
	Queued    int        // mails queued today, where it was asked for
	Elsewhere org.Org    // the other, live organization that the account is in, where that matters
}

// Row is a member with the latest mail to them. Both are zero when there is no such member.
type Row struct {
	Member     org.Member
	Invitation org.Invitation
}

// Row returns the only row that was asked for.
func (s Seen) Row() Row { return s.Rows[0] }

// Look reads an organization for a caller who must be an active member of it, with the rows of
// targets. The failures are account.ErrRevoked and org.ErrNotMember.
func (s *Store) Look(ctx context.Context, c account.Caller, o org.ID, targets ...org.MemberID) (Seen, error) {
	return s.look(ctx, c, o, targets)
}

// LookMail is Look for those who send mail: it also counts what was queued today.
func (s *Store) LookMail(ctx context.Context, c account.Caller, o org.ID, targets ...org.MemberID) (Seen, error) {
	return s.look(ctx, c, o, targets, quotaKey(o, s.Now()))
}

func (s *Store) look(ctx context.Context, c account.Caller, o org.ID, targets []org.MemberID, more ...key) (Seen, error) {
	seen := Seen{Caller: c}
	me := org.MemberOf(o, c.Address)
	keys := append([]key{accountKey(c.Account), orgKey(o), memberKey(o, me)}, more...)
	for _, m := range targets {
		keys = append(keys, memberKey(o, m), invitationKey(o, m))
	}
	found, err := s.read(ctx, keys...)
	if err != nil {
		return Seen{}, err
	}
	seen.At = s.Now()
	r := &reader{found: found}
	seen.Account, seen.Org, seen.Me = r.account(c.Account), r.org(o), r.member(o, me)
	for _, m := range targets {
		seen.Rows = append(seen.Rows, r.row(o, m))
	}
	quota, _ := get[quotaItem](r, quotaKey(o, seen.At))
	seen.Queued = quota.N
	return seen, seen.mayEnter(r.err)
}

func (s Seen) mayEnter(err error) error {
	if err != nil {
		return err
	}
	if err := account.MayCall(s.Caller, s.Account); err != nil {
		return err
	}
	return org.MayEnter(s.Org, s.Me, s.Caller.Account)
}

// Account reads the caller's account, which must be open: account.ErrRevoked. One that has no row
// yet, because Cognito's triggers failed, is made from the token.
func (s *Store) Account(ctx context.Context, c account.Caller) (account.Account, error) {
	found, err := s.read(ctx, accountKey(c.Account))
	if err != nil {
		return account.Account{}, err
	}
	r := &reader{found: found}
	a := r.account(c.Account)
	if r.err == nil && !a.Known() {
		return s.enroll(ctx, c)
	}
	if r.err != nil {
		return account.Account{}, r.err
	}
	return a, account.MayCall(c, a)
}

// Mine reads the one organization that the caller is an active member of; Seen.Org is zero for a
// caller without one. It takes two reads, because the account row names the organization.
func (s *Store) Mine(ctx context.Context, c account.Caller) (Seen, error) {
	found, err := s.read(ctx, accountKey(c.Account))
	if err != nil {
		return Seen{}, err
	}
	r := &reader{found: found}
	seen := Seen{At: s.Now(), Caller: c, Account: r.account(c.Account)}
	if err := account.MayCall(c, seen.Account); r.err != nil || err != nil || seen.Account.Org == "" {
		return seen, cmp.Or(r.err, err)
	}
	return s.lookMine(ctx, seen, org.ID(seen.Account.Org))
}

func (s *Store) lookMine(ctx context.Context, seen Seen, o org.ID) (Seen, error) {
	me := org.MemberOf(o, seen.Caller.Address)
	found, err := s.read(ctx, orgKey(o), memberKey(o, me))
	if err != nil {
		return Seen{}, err
	}
	seen.At = s.Now()
	r := &reader{found: found}
	if live, row := r.org(o), r.member(o, me); org.MayEnter(live, row, seen.Caller.Account) == nil {
		seen.Org, seen.Me = live, row
	}
	return seen, r.err
}

// LookInvitation reads an organization for a caller who may have been invited to it: their own row
// is Seen.Row, pending or not or absent. Where the account's lock names another organization, one
// more read tells whether that one lives. A token of another address than the account has, because
// it was changed in between, is org.ErrNotAddressee: the row would not be the account's to find.
func (s *Store) LookInvitation(ctx context.Context, c account.Caller, o org.ID) (Seen, error) {
	seen := Seen{Caller: c}
	me := org.MemberOf(o, c.Address)
	found, err := s.readRow(ctx, o, me, accountKey(c.Account), orgKey(o))
	if err != nil {
		return Seen{}, err
	}
	r := &reader{found: found}
	seen.At = s.Now()
	seen.Account, seen.Org, seen.Rows = r.account(c.Account), r.org(o), []Row{r.row(o, me)}
	if err := cmp.Or(r.err, account.MayCall(c, seen.Account)); err != nil {
		return Seen{}, err
	}
	if !seen.Account.Known() {
		seen.Account, err = s.enroll(ctx, c)
		if err != nil {
			return Seen{}, err
		}
	}
	if !seen.Account.Address.Same(c.Address) {
		return Seen{}, org.ErrNotAddressee
	}
	seen.Elsewhere, err = s.Holder(ctx, seen.Account, o)
	return seen, err
}

// Holder returns the live organization other than o that the account is locked to. A lock of a gone
// organization holds nothing.
func (s *Store) Holder(ctx context.Context, a account.Account, o org.ID) (org.Org, error) {
	if a.Org == "" || a.Org == string(o) {
		return org.Org{}, nil
	}
	found, err := s.read(ctx, orgKey(org.ID(a.Org)))
	if err != nil {
		return org.Org{}, err
	}
	r := &reader{found: found}
	if held := r.org(org.ID(a.Org)); held.Live() {
		return held, r.err
	}
	return org.Org{}, r.err
}

// LookLink reads the rows that a link or state token leads to, for nobody in particular. state is
// the hash of a state token's secret, or "".
func (s *Store) LookLink(ctx context.Context, l org.Link, state id.Hash) (Seen, org.State, error) {
	keys := []key{orgKey(l.Org)}
	if state != "" {
		keys = append(keys, stateKey(l.Org, state))
	}
	found, err := s.readRow(ctx, l.Org, l.Member, keys...)
	if err != nil {
		return Seen{}, org.State{}, err
	}
	r := &reader{found: found}
	seen := Seen{At: s.Now(), Org: r.org(l.Org), Rows: []Row{r.row(l.Org, l.Member)}}
	return seen, r.state(l.Org, state), r.err
}

// HasAccount reports whether the address belongs to an account.
func (s *Store) HasAccount(ctx context.Context, a account.Address) (bool, error) {
	found, err := s.read(ctx, addressKey(a))
	return len(found) > 0, err
}

// event is an entry of the organization's log about objects, by the caller.
func (s Seen) event(act activity.Action, role org.Role, objects ...activity.Object) activity.Event {
	return activity.Event{
		ID: id.New(), At: s.At, Actor: s.Caller.Account, Role: string(role), IP: s.Caller.IP,
		UserAgent: s.Caller.UserAgent, RequestID: s.Caller.RequestID, Action: act, Objects: objects,
	}
}

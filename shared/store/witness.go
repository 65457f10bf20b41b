package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
	"roster/shared/org"
)

// Witness logs what the user pool tells of an account, where it is an organization's member: e says
// what, and from where. It returns whose log has the event, "" for none. An event that has an id and a
// time of its own is logged once, however often it is told. The member's row alone is held as it was
// seen: sign-ins of one organization do not meet, and as long as the row is there a purge is not over.
// a is the account as it was read just now.
func (s *Store) Witness(ctx context.Context, a account.Account, e activity.Event) (o org.ID, err error) {
	e = s.complete(e)
	again := false
	err = s.Settle(ctx, func() (err error) {
		if again {
			if a, err = s.Find(ctx, a.ID); err != nil {
				return err
			}
		}
		again = true
		seen, known, err := s.lookWitnessed(ctx, a, e)
		if o = seen.Org.ID; err != nil || known || !seen.Me.Exists() {
			return err
		}
		return s.commit(ctx, witnessed(seen, e))
	})
	if err != nil {
		return "", err
	}
	return o, nil
}

// SignedInFrom adds to the entry of a sign-in from where it was, which the user pool does not tell. It
// does nothing where the entry says that already, is another's or none.
func (s *Store) SignedInFrom(ctx context.Context, p activity.Place, who account.ID, from activity.Source) error {
	err := s.mark(ctx, eventKey(p.Org, p.At, p.ID),
		set("ip", from.IP).Set(assign("agent", from.UserAgent)).Set(assign("request_id", from.RequestID)),
		is("actor", string(who)), is("action", string(activity.LogIn)), is("ip", ""))
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

// complete gives an event the id and time that it lacks.
func (s *Store) complete(e activity.Event) activity.Event {
	e.ID = cmp.Or(e.ID, id.New())
	if e.At.IsZero() {
		e.At = s.Now()
	}
	return e
}

// lookWitnessed reads the membership of an account, zero for none, and whether its organization's log
// knows the event already.
func (s *Store) lookWitnessed(ctx context.Context, a account.Account, e activity.Event) (seen Seen, known bool, err error) {
	seen = Seen{Account: a}
	if a.Org == "" || a.Closed {
		return seen, false, nil
	}
	o := org.ID(a.Org)
	me, entry := org.MemberOf(o, a.Address), eventKey(o, e.At, e.ID)
	items, err := s.read(ctx, orgKey(o), memberKey(o, me), entry)
	if err != nil {
		return Seen{}, false, err
	}
	r := &reader{found: items}
	if live, row := r.org(o), r.member(o, me); org.MayEnter(live, row, a.ID) == nil {
		seen.Org, seen.Me = live, row
	}
	return seen, items[entry] != nil, r.err
}

// witnessed is the event of a member who is as they were seen. Nobody else is in it: its actor is whom
// it is about.
func witnessed(seen Seen, e activity.Event) change {
	e.Actor, e.Role = seen.Account.ID, string(seen.Me.Role)
	return check(memberKey(seen.Org.ID, seen.Me.ID), asSeen(seen.Me)).with(record(seen.Org.ID, e))
}

// SignOutUntil ends every token of the account that was issued until then, as an operator's act, and
// logs e where the account is a member; an event without an action is not logged. An account without
// a row, or signed out later already, needs nothing.
func (s *Store) SignOutUntil(ctx context.Context, a account.ID, until time.Time, e activity.Event) error {
	e = s.complete(e)
	return s.Settle(ctx, func() error {
		found, err := s.Find(ctx, a)
		if err != nil {
			return err
		}
		seen, _, err := s.lookWitnessed(ctx, found, e)
		if err != nil || !seen.Account.Known() || !seen.Account.SignedOut.Before(until.Truncate(time.Millisecond)) {
			return err
		}
		logs := seen.Me.Exists() && e.Action != ""
		return s.commit(ctx, signedOut(a, until), provided(logs, func() change { return witnessed(seen, e) }))
	})
}

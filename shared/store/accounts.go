package store

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// inOrg is what an account's row says while its lock is the one of the look.
func inOrg(a account.Account) condition {
	if a.Org == "" {
		return hasNot("org_id")
	}
	return is("org_id", a.Org)
}

// UpdateProfile writes the names and consents of a, as want has them, to the account and, in the
// same transaction, the names to the member's row that copies them. ErrMoved when a says anything
// else by now: what want leaves as it was must not take back what another call changed.
func (s *Store) UpdateProfile(ctx context.Context, a, want account.Account) error {
	names := set("first_name", want.First).Set(assign("last_name", want.Last))
	o := org.ID(a.Org)
	return s.commit(ctx,
		update(accountKey(a.ID), names.Set(assign("tos", want.TOS)).Set(assign("marketing", want.Marketing)),
			inOrg(a), asCopied(a), is("tos", a.TOS), is("marketing", a.Marketing), hasNot("closed")),
		provided(o != "", func() change {
			return update(memberKey(o, org.MemberOf(o, a.Address)),
				set("first_name", want.First).Set(assign("last_name", want.Last)), is("account", string(a.ID)))
		}),
	)
}

// SignOut ends every token that was issued until now, and logs it where the caller is a member. Their
// row is held as it was seen, as Witness does: the entry tells the role of that instant. An account that
// has no row yet gets one.
func (s *Store) SignOut(ctx context.Context, seen Seen) error {
	seen.At = s.Now()
	if !seen.Account.Known() {
		if _, err := s.Account(ctx, seen.Caller); err != nil {
			return err
		}
		return ErrMoved
	}
	return s.commit(ctx,
		signedOut(seen.Account.ID, seen.At),
		provided(seen.Org.Live(), func() change {
			return stillThere(seen).with(record(seen.Org.ID, seen.event(activity.LogOut, seen.Me.Role)))
		}),
	)
}

// signedOut moves the mark, which only grows.
func signedOut(a account.ID, until time.Time) change {
	mark := expression.Name("signed_out_ms")
	return update(accountKey(a), set("signed_out_ms", until.UnixMilli()),
		mark.AttributeNotExists().Or(mark.LessThan(expression.Value(until.UnixMilli()))))
}

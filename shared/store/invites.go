package store

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
	"roster/shared/org"
)

// Invitee is somebody to invite, who has no row yet. Account is set for one who becomes a member at
// once, which only the setting "join" does.
type Invitee struct {
	Address account.Address
	Role    org.Role
	Account account.Account
}

// Invite adds a row and queues a mail for each invitee, all or none. limit is how many mails the
// organization may queue a day. ErrMoved when one of them got a row meanwhile.
func (s *Store) Invite(ctx context.Context, seen Seen, limit int, invitees []Invitee) error {
	parts := []change{stillAdmin(seen), spend(seen, limit, len(invitees))}
	admins := 0
	for _, i := range invitees {
		m := seen.newMember(i)
		admins += m.Counts()
		parts = append(parts,
			put(memberKey(seen.Org.ID, m.ID), memberOf(seen.Org.ID, m), absent()),
			seen.queue(m, nil),
			letIn(seen.Org, m.ID),
			enter(seen.Org.ID, m, i.Account),
			record(seen.Org.ID, seen.event(activity.Create, seen.Me.Role, joined(m))),
		)
	}
	return s.commit(ctx, append(parts, seen.joinedBy(invitees, admins))...)
}

// joinedBy holds the organization to being live, for as many as become members at once.
func (s Seen) joinedBy(invitees []Invitee, admins int) change {
	if slices.ContainsFunc(invitees, func(i Invitee) bool { return i.Account.Known() }) {
		return enters(s.Org, admins)
	}
	return live(s.Org.ID, admins)
}

func (s Seen) newMember(i Invitee) org.Member {
	m := org.Member{ID: org.MemberOf(s.Org.ID, i.Address), Address: i.Address, Role: i.Role}
	if !i.Account.Known() {
		m.Status, m.InvitedBy, m.Expires = org.Provisioned, s.inviter(), s.At.Add(org.InvitationLife)
		return m
	}
	m.Status, m.Account = org.Active, i.Account.ID
	m.Address, m.First, m.Last = i.Account.Address, i.Account.First, i.Account.Last
	return m
}

// enter is what leads to the new row from outside: the account's lock, or the pointer of an open
// invitation.
func enter(o org.ID, m org.Member, a account.Account) change {
	if a.Known() {
		return claim(a, o)
	}
	k := invitedKey(m.Address, o)
	return put(k, k)
}

func (s Seen) inviter() string { return account.Name(s.Me.First, s.Me.Last, s.Me.Address) }

// queue puts a fresh mail to m into the outbox. Whatever link was live is dead with it.
func (s Seen) queue(m org.Member, last *org.Invitation) change {
	i := org.Invitation{
		Mail: id.New(), Delivery: org.Queued, Queued: s.At, Expires: s.At.Add(org.InvitationLife),
		InvitedBy: s.inviter(), Joined: m.Status == org.Active,
	}
	if last == nil {
		return put(invitationKey(s.Org.ID, m.ID), invitationOf(s.Org.ID, m.ID, i))
	}
	i.Lift = last.Lifts()
	return put(invitationKey(s.Org.ID, m.ID), invitationOf(s.Org.ID, m.ID, i), mailAsSeen(*last))
}

// Resend queues a fresh mail to a pending row, for seven new days.
func (s *Store) Resend(ctx context.Context, seen Seen, limit int, row Row) error {
	return s.commit(ctx, append(seen.again(row),
		live(seen.Org.ID, 0),
		stillAdmin(seen),
		spend(seen, limit, 1),
	)...)
}

// spend counts mails against the day's quota, which they must fit in at the instant of the write.
func spend(s Seen, limit, mails int) change {
	n := expression.Name("n")
	day := s.At.UTC().Truncate(24 * time.Hour)
	c := update(quotaKey(s.Org.ID, s.At), expression.Add(n, expression.Value(mails)).
		Set(assign("ttl", day.Add(48*time.Hour).Unix())))
	// The first mail of a day makes the item, so this update alone does not ask that it exists; that
	// the organization does is asked beside it.
	c.when = []condition{n.AttributeNotExists().Or(n.LessThanEqual(expression.Value(limit - mails)))}
	return c
}

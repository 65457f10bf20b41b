package org

import (
	"time"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/id"
)

// Refusals of organizations and members, in the words of API.md §1–§5.
var (
	ErrNotMember       = fault.New(fault.Forbidden, "User must belong to the requested organization to perform this action.")
	ErrAdminOnly       = fault.New(fault.Forbidden, "Only an organization admin can perform this action.")
	ErrAlready         = fault.New(fault.Exists, "You are already a member of an organization.")
	ErrAlreadyMember   = fault.New(fault.Exists, "User is already a member of this organization.")
	ErrMemberElsewhere = fault.New(fault.Exists, "User is already a member of another organization.")
	ErrMemberMissing   = fault.New(fault.Missing, "Organization member not found.")
	ErrOwnRole         = fault.New(fault.Precondition, "You cannot change your own role.")
	ErrOwnRow          = fault.New(fault.Precondition, "You cannot remove yourself from the organization.")
	ErrLastAdmin       = fault.New(fault.Precondition, "The last admin cannot leave the organization.")
	ErrLinked          = fault.New(fault.Precondition, "The organization name is managed in the Customer Portal.")
	ErrActive          = fault.New(fault.Precondition, "The member is already active.")
	ErrCoolDown        = fault.New(fault.Exhausted, "The invitation was sent a moment ago. Please wait before sending it again.")
	ErrQuota           = fault.New(fault.Exhausted, "Too many invitations today.")
	ErrInvitee         = fault.New(fault.Invalid, "Failed to invite user")
	ErrNoInvitation    = fault.New(fault.Missing, "Invitation not found.")
	ErrNotAddressee    = fault.New(fault.Forbidden, "The invitation is addressed to another e-mail address.")
	ErrExpired         = fault.New(fault.Precondition, "The invitation has expired.")
	ErrHasAccount      = fault.New(fault.Precondition, "An account with this e-mail already exists. Sign in to accept the invitation.")
)

// MayEnter returns ErrNotMember unless the row makes the caller an active member of a live
// organization. It is one answer whether the organization exists or not.
func MayEnter(o Org, me Member, caller account.ID) error {
	if !o.Live() || !me.Is(caller) {
		return ErrNotMember
	}
	return nil
}

// MayCreate returns ErrAlready, with the id in its details, for somebody who is in a live
// organization.
func MayCreate(elsewhere Org) error {
	if elsewhere.Live() {
		return ErrAlready.With(map[string]string{"org_id": string(elsewhere.ID)})
	}
	return nil
}

// MayManage returns ErrAdminOnly for everybody but Admins.
func MayManage(actor Member) error {
	if actor.Role != Admin {
		return ErrAdminOnly
	}
	return nil
}

// MayRename returns why actor may not rename o, or nil.
func MayRename(actor Member, o Org) error {
	if err := MayManage(actor); err != nil {
		return err
	}
	if o.Customer != "" {
		return ErrLinked
	}
	return nil
}

// MayLeave returns ErrLastAdmin when nobody else could manage the organization.
func MayLeave(o Org, me Member) error {
	if me.Role == Admin && o.Admins <= 1 {
		return ErrLastAdmin
	}
	return nil
}

// MayChangeRole returns why actor may not give target another role, or nil. Admins may, for
// everyone but themselves.
func MayChangeRole(actor, target Member) error { return mayTouch(actor, target, ErrOwnRole) }

// MayRemove returns why actor may not remove target, or nil. Admins may, for everyone but
// themselves.
func MayRemove(actor, target Member) error { return mayTouch(actor, target, ErrOwnRow) }

func mayTouch(actor, target Member, own error) error {
	switch {
	case actor.Role != Admin:
		return ErrAdminOnly
	case !target.Exists():
		return ErrMemberMissing
	case actor.ID == target.ID:
		return own
	}
	return nil
}

// MayResend returns why the mail to target may not be sent again at that instant, or nil: it is
// pending, and its last mail is at least the cool-down ago.
func MayResend(actor, target Member, last Invitation, coolDown time.Duration, now time.Time) error {
	switch {
	case actor.Role != Admin:
		return ErrAdminOnly
	case !target.Exists():
		return ErrMemberMissing
	case target.Status == Active:
		return ErrActive
	}
	if wait := last.Queued.Add(coolDown).Sub(now); last.Exists() && wait > 0 {
		return ErrCoolDown.After(wait)
	}
	return nil
}

// UntilTomorrow is how long the quota of that day still holds: days are UTC's.
func UntilTomorrow(now time.Time) time.Duration {
	return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
}

// MayOpen returns ErrLink unless secret is the one of the row's live link: the organization lives,
// the row is pending, and the invitation's time is not over.
func MayOpen(o Org, m Member, i Invitation, secret id.Secret, now time.Time) error {
	if !o.Live() || m.Status != Provisioned || !i.Open(now) || i.Link == "" || !secret.Opens(i.Link) {
		return ErrLink
	}
	return nil
}

// MayActivate returns ErrLink unless s, found under the hash of its secret, still stands for the
// row's live link.
func MayActivate(o Org, m Member, i Invitation, s State, now time.Time) error {
	if !o.Live() || m.Status != Provisioned || !i.Open(now) || i.Link == "" || s.Link != i.Link ||
		s.Member != m.ID || !now.Before(s.Expires) {
		return ErrLink
	}
	return nil
}

// MayAccept returns why the pending row may not become its addressee's membership, or nil.
// elsewhere is the live organization that the account is in already, if any.
func MayAccept(o Org, m Member, i Invitation, elsewhere Org, now time.Time) error {
	switch {
	case !o.Live() || m.Status != Provisioned:
		return ErrNoInvitation
	case elsewhere.Live():
		return MayCreate(elsewhere)
	case !i.Open(now):
		return ErrExpired
	}
	return nil
}

// MayFollow is MayAccept for somebody who followed a link, which must be the row's live one: ErrLink
// for every other, and ErrExpired for that one after its time. Of a row whose invitation was swept,
// each is as expired as the last: the answer does not change on the day that TTL comes by.
func MayFollow(o Org, m Member, i Invitation, elsewhere Org, secret id.Secret, now time.Time) error {
	if !o.Live() || m.Status != Provisioned || i.Exists() && (i.Link == "" || !secret.Opens(i.Link)) {
		return ErrLink
	}
	return MayAccept(o, m, i, elsewhere, now)
}

// MayDecline returns ErrNoInvitation unless the row is pending in a live organization; one whose
// time is over can still be declined.
func MayDecline(o Org, m Member) error {
	if !o.Live() || m.Status != Provisioned {
		return ErrNoInvitation
	}
	return nil
}

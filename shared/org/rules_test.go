package org_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/id"
	"roster/shared/org"
)

var (
	now = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

	live    = org.Org{ID: acme, Admins: 2}
	deleted = org.Org{ID: acme, Admins: 2, Deleted: now}
	never   = org.Org{}
	linked  = org.Org{ID: acme, Admins: 2, Customer: "C-1"}
	other   = org.Org{ID: bolt}

	admin     = org.Member{ID: "ann", Role: org.Admin, Status: org.Active, Account: "a"}
	technical = org.Member{ID: "bob", Role: org.Technical, Status: org.Active, Account: "b"}
	pending   = org.Member{ID: "cem", Role: org.Technical, Status: org.Provisioned}
	nobody    = org.Member{}
)

// is holds an error to being exactly the expected one, nil included.
func is(t *testing.T, got, want error) {
	t.Helper()
	if want == nil && got != nil || !errors.Is(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWhoMayEnter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o      org.Org
		me     org.Member
		caller account.ID
		want   error
	}{
		"an admin":                                       {live, admin, "a", nil},
		"a technical member":                             {live, technical, "b", nil},
		"somebody without a row":                         {live, nobody, "a", org.ErrNotMember},
		"somebody invited":                               {live, pending, "c", org.ErrNotMember},
		"another account of the same address":            {live, admin, "z", org.ErrNotMember},
		"a caller without account on a pending row":      {live, pending, "", org.ErrNotMember},
		"a member of a deleted organization":             {deleted, admin, "a", org.ErrNotMember},
		"a member of what never was":                     {never, admin, "a", org.ErrNotMember},
		"a row that says active and names nobody, to me": {live, org.Member{ID: "x", Status: org.Active}, "a", org.ErrNotMember},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is(t, org.MayEnter(c.o, c.me, c.caller), c.want)
		})
	}
}

func TestWhoMayCreate(t *testing.T) {
	t.Parallel()
	is(t, org.MayCreate(never), nil)
	is(t, org.MayCreate(deleted), nil)
	err := org.MayCreate(other)
	is(t, err, org.ErrAlready)
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{map[string]string{"org_id": string(bolt)}}, f.Details); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	if org.ErrAlready.Details != nil {
		t.Errorf("the declared failure itself got details: %v", org.ErrAlready.Details)
	}
}

func TestWhoMayManageAndRename(t *testing.T) {
	t.Parallel()
	is(t, org.MayManage(admin), nil)
	is(t, org.MayManage(technical), org.ErrAdminOnly)
	is(t, org.MayManage(nobody), org.ErrAdminOnly)
	for name, c := range map[string]struct {
		actor org.Member
		o     org.Org
		want  error
	}{
		"an admin":                            {admin, live, nil},
		"a technical member":                  {technical, live, org.ErrAdminOnly},
		"an admin of a linked one":            {admin, linked, org.ErrLinked},
		"the role comes before the link":      {technical, linked, org.ErrAdminOnly},
		"an admin, whatever name it has now":  {admin, org.Org{ID: acme, Name: "Acme"}, nil},
		"a paid tier alone does not hinder":   {admin, org.Org{ID: acme, Tier: org.Paid}, nil},
		"a linked one of whatever other tier": {admin, org.Org{ID: acme, Customer: "C-1", Tier: org.Registered}, org.ErrLinked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is(t, org.MayRename(c.actor, c.o), c.want)
		})
	}
}

func TestWhoMayLeave(t *testing.T) {
	t.Parallel()
	sole := org.Org{ID: acme, Admins: 1}
	is(t, org.MayLeave(live, admin), nil)
	is(t, org.MayLeave(live, technical), nil)
	is(t, org.MayLeave(sole, technical), nil)
	is(t, org.MayLeave(sole, admin), org.ErrLastAdmin)
	is(t, org.MayLeave(org.Org{ID: acme}, admin), org.ErrLastAdmin)
}

func TestWhoMayChangeARoleOrRemove(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		actor, target org.Member
		role, remove  error
	}{
		"an admin, a technical member":     {admin, technical, nil, nil},
		"an admin, another admin":          {admin, org.Member{ID: "eve", Role: org.Admin, Status: org.Active, Account: "e"}, nil, nil},
		"an admin, somebody invited":       {admin, pending, nil, nil},
		"an admin, themselves":             {admin, admin, org.ErrOwnRole, org.ErrOwnRow},
		"an admin, nobody":                 {admin, nobody, org.ErrMemberMissing, org.ErrMemberMissing},
		"a technical member, an admin":     {technical, admin, org.ErrAdminOnly, org.ErrAdminOnly},
		"a technical member, themselves":   {technical, technical, org.ErrAdminOnly, org.ErrAdminOnly},
		"a technical member, nobody":       {technical, nobody, org.ErrAdminOnly, org.ErrAdminOnly},
		"a technical member, the invited":  {technical, pending, org.ErrAdminOnly, org.ErrAdminOnly},
		"somebody without a role, anybody": {nobody, technical, org.ErrAdminOnly, org.ErrAdminOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is(t, org.MayChangeRole(c.actor, c.target), c.role)
			is(t, org.MayRemove(c.actor, c.target), c.remove)
		})
	}
}

func TestWhoMayResendAndWhen(t *testing.T) {
	t.Parallel()
	const coolDown = time.Minute
	mailed := func(ago time.Duration) org.Invitation {
		return org.Invitation{Mail: "m", Queued: now.Add(-ago), Expires: now.Add(time.Hour)}
	}
	expired := mailed(8 * 24 * time.Hour)
	expired.Expires = now.Add(-24 * time.Hour)
	for name, c := range map[string]struct {
		actor, target org.Member
		last          org.Invitation
		want          error
		wait          time.Duration
	}{
		"an admin, long after":              {admin, pending, mailed(time.Hour), nil, 0},
		"an admin, after it expired":        {admin, pending, expired, nil, 0},
		"an admin, after it was swept":      {admin, pending, org.Invitation{}, nil, 0},
		"at the end of the cool-down":       {admin, pending, mailed(coolDown), nil, 0},
		"a millisecond before its end":      {admin, pending, mailed(coolDown - time.Millisecond), org.ErrCoolDown, time.Millisecond},
		"at once":                           {admin, pending, mailed(0), org.ErrCoolDown, coolDown},
		"by a clock that is a little ahead": {admin, pending, mailed(-time.Second), org.ErrCoolDown, coolDown + time.Second},
		"to an active member":               {admin, technical, org.Invitation{}, org.ErrActive, 0},
		"to an active member, at once":      {admin, technical, mailed(0), org.ErrActive, 0},
		"to themselves":                     {admin, admin, org.Invitation{}, org.ErrActive, 0},
		"to nobody":                         {admin, nobody, mailed(0), org.ErrMemberMissing, 0},
		"a technical member":                {technical, pending, mailed(time.Hour), org.ErrAdminOnly, 0},
		"a technical member, to nobody":     {technical, nobody, mailed(0), org.ErrAdminOnly, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := org.MayResend(c.actor, c.target, c.last, coolDown, now)
			is(t, err, c.want)
			var f *fault.Error
			if errors.As(err, &f) && f.RetryAfter != c.wait {
				t.Errorf("wait %v, want %v", f.RetryAfter, c.wait)
			}
		})
	}
	is(t, org.MayResend(admin, pending, mailed(0), 0, now), nil)
}

func TestTheQuotaOfADayHoldsUntilMidnightUTC(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("UTC+14", 14*60*60)
	for name, c := range map[string]struct {
		now  time.Time
		want time.Duration
	}{
		"noon":                            {now, 12 * time.Hour},
		"midnight, a whole day":           {time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 24 * time.Hour},
		"the last microsecond":            {time.Date(2026, 1, 1, 23, 59, 59, 999_999_000, time.UTC), time.Microsecond},
		"a clock that shows another zone": {now.In(east), 12 * time.Hour},
		"the last day of a year":          {time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC), 6 * time.Hour},
	} {
		if got := org.UntilTomorrow(c.now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWhichLinkOpensARow(t *testing.T) {
	t.Parallel()
	secret, wrong := id.NewSecret(), id.NewSecret()
	open := org.Invitation{Mail: "m", Delivery: org.Sent, Link: secret.Hash(), Expires: now.Add(time.Second)}
	unsent, joined, over := open, open, open
	unsent.Link, joined.Joined, over.Expires = "", true, now
	for name, c := range map[string]struct {
		o       org.Org
		m       org.Member
		i       org.Invitation
		s       id.Secret
		elsew   org.Org
		open    error
		follows error
	}{
		"the live one":                         {live, pending, open, secret, never, nil, nil},
		"another secret":                       {live, pending, open, wrong, never, org.ErrLink, org.ErrLink},
		"none was made yet":                    {live, pending, unsent, secret, never, org.ErrLink, org.ErrLink},
		"the invitation was swept":             {live, pending, org.Invitation{}, secret, never, org.ErrLink, org.ErrExpired},
		"its time is over":                     {live, pending, over, secret, never, org.ErrLink, org.ErrExpired},
		"another secret, and the time is over": {live, pending, over, wrong, never, org.ErrLink, org.ErrLink},
		"the row is active":                    {live, technical, open, secret, never, org.ErrLink, org.ErrLink},
		"the row is gone":                      {live, nobody, open, secret, never, org.ErrLink, org.ErrLink},
		"a deleted organization":               {deleted, pending, open, secret, never, org.ErrLink, org.ErrLink},
		"an organization that never was":       {never, pending, open, secret, never, org.ErrLink, org.ErrLink},
		"a mail that only told of joining":     {live, pending, joined, secret, never, org.ErrLink, org.ErrExpired},
		"the caller is elsewhere":              {live, pending, open, secret, other, nil, org.ErrAlready},
		"the caller was elsewhere, now gone":   {live, pending, open, secret, org.Org{ID: bolt, Deleted: now}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is(t, org.MayOpen(c.o, c.m, c.i, c.s, now), c.open)
			is(t, org.MayFollow(c.o, c.m, c.i, c.elsew, c.s, now), c.follows)
		})
	}
}

func TestWhichStateTokenActivates(t *testing.T) {
	t.Parallel()
	link := id.NewSecret().Hash()
	open := org.Invitation{Mail: "m", Link: link, Expires: now.Add(time.Second)}
	replaced, unsent, over := open, open, open
	replaced.Link, unsent.Link, over.Expires = id.NewSecret().Hash(), "", now
	good := org.State{Member: pending.ID, Link: link, Expires: now.Add(time.Microsecond)}
	old, foreign := good, good
	old.Expires, foreign.Member = now, "eve"
	for name, c := range map[string]struct {
		o    org.Org
		m    org.Member
		i    org.Invitation
		s    org.State
		want error
	}{
		"of the live link":                    {live, pending, open, good, nil},
		"none":                                {live, pending, open, org.State{}, org.ErrLink},
		"none, and no link was made":          {live, pending, unsent, org.State{Member: pending.ID, Expires: good.Expires}, org.ErrLink},
		"five minutes are over":               {live, pending, open, old, org.ErrLink},
		"of another row":                      {live, pending, open, foreign, org.ErrLink},
		"of a link that was replaced":         {live, pending, replaced, good, org.ErrLink},
		"the invitation's time is over":       {live, pending, over, good, org.ErrLink},
		"the invitation was swept":            {live, pending, org.Invitation{}, good, org.ErrLink},
		"the row is active":                   {live, technical, open, good, org.ErrLink},
		"the row is gone":                     {live, nobody, open, good, org.ErrLink},
		"a deleted organization":              {deleted, pending, open, good, org.ErrLink},
		"an organization that never was":      {never, pending, open, good, org.ErrLink},
		"a row of the same id that is active": {live, org.Member{ID: pending.ID, Status: org.Active}, open, good, org.ErrLink},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is(t, org.MayActivate(c.o, c.m, c.i, c.s, now), c.want)
		})
	}
}

func TestWhoMayAcceptAndDecline(t *testing.T) {
	t.Parallel()
	queued := org.Invitation{Mail: "m", Delivery: org.Queued, Queued: now, Expires: now.Add(time.Second)}
	over := queued
	over.Expires = now
	for name, c := range map[string]struct {
		o               org.Org
		m               org.Member
		i               org.Invitation
		elsewhere       org.Org
		accept, decline error
	}{
		"before the mail went out":           {live, pending, queued, never, nil, nil},
		"after its time":                     {live, pending, over, never, org.ErrExpired, nil},
		"after it was swept":                 {live, pending, org.Invitation{}, never, org.ErrExpired, nil},
		"a member of another organization":   {live, pending, queued, other, org.ErrAlready, nil},
		"a member elsewhere, after its time": {live, pending, over, other, org.ErrAlready, nil},
		"a member of a deleted organization": {live, pending, queued, org.Org{ID: bolt, Deleted: now}, nil, nil},
		"an active row":                      {live, technical, queued, never, org.ErrNoInvitation, org.ErrNoInvitation},
		"no row":                             {live, nobody, queued, never, org.ErrNoInvitation, org.ErrNoInvitation},
		"a deleted organization":             {deleted, pending, queued, never, org.ErrNoInvitation, org.ErrNoInvitation},
		"an organization that never was":     {never, pending, queued, never, org.ErrNoInvitation, org.ErrNoInvitation},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is(t, org.MayAccept(c.o, c.m, c.i, c.elsewhere, now), c.accept)
			is(t, org.MayDecline(c.o, c.m), c.decline)
		})
	}
}

func TestTheRefusalsAreTheSentencesOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  *fault.Error
		kind fault.Kind
		text string
	}{
		{org.ErrNotMember, fault.Forbidden, "User must belong to the requested organization to perform this action."},
		{org.ErrAdminOnly, fault.Forbidden, "Only an organization admin can perform this action."},
		{org.ErrAlready, fault.Exists, "You are already a member of an organization."},
		{org.ErrAlreadyMember, fault.Exists, "User is already a member of this organization."},
		{org.ErrMemberElsewhere, fault.Exists, "User is already a member of another organization."},
		{org.ErrMemberMissing, fault.Missing, "Organization member not found."},
		{org.ErrOwnRole, fault.Precondition, "You cannot change your own role."},
		{org.ErrOwnRow, fault.Precondition, "You cannot remove yourself from the organization."},
		{org.ErrLastAdmin, fault.Precondition, "The last admin cannot leave the organization."},
		{org.ErrLinked, fault.Precondition, "The organization name is managed in the Customer Portal."},
		{org.ErrActive, fault.Precondition, "The member is already active."},
		{org.ErrQuota, fault.Exhausted, "Too many invitations today."},
		{org.ErrInvitee, fault.Invalid, "Failed to invite user"},
		{org.ErrRole, fault.Invalid, "Invalid organization member role."},
		{org.ErrLink, fault.Invalid, "The activation link is not valid."},
		{org.ErrHasAccount, fault.Precondition, "An account with this e-mail already exists. Sign in to accept the invitation."},
	} {
		if c.err.Kind != c.kind || c.err.Error() != c.text {
			t.Errorf("%v %q, want %v %q", c.err.Kind, c.err, c.kind, c.text)
		}
	}
	for err, kind := range map[*fault.Error]fault.Kind{
		org.ErrCoolDown: fault.Exhausted, org.ErrExpired: fault.Precondition,
		org.ErrNoInvitation: fault.Missing, org.ErrNotAddressee: fault.Forbidden,
	} {
		if err.Kind != kind {
			t.Errorf("%q is of kind %v, want %v", err, err.Kind, kind)
		}
	}
}

package store_test

import (
	"errors"
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// renamingSelf is the plan of somebody to be called otherwise.
func renamingSelf(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		a := s.account(t, w(s))
		want := a
		want.First, want.Last, want.Marketing = "New", "Name", true
		return func() error { return s.DB.UpdateProfile(s.ctx, a, want) }
	}
}

// reprofiled is an account that says something else by now than the look saw.
func reprofiled(w who) []move {
	return append(renamed(w),
		move{"the account took another consent to the terms", changed(w.account, storetest.Item{"tos": false})},
		move{"the account took another consent to marketing", changed(w.account, storetest.Item{"marketing": true})},
		move{"the account was closed", changed(w.account, storetest.Item{"closed": true})},
		move{"the account is gone", dropped(w.account)},
	)
}

func TestUpdateProfileOfAMemberIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, renamingSelf(bob), reprofiled(bob), unlocked(bob)[:2], []move{
		{"the row is another account's", changed(who(bob).row, storetest.Item{"account": "other"})},
		{"the row is gone", dropped(who(bob).row)},
	})
}

func TestUpdateProfileOfSomebodyWithoutOrganizationIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, renamingSelf(fox), reprofiled(fox), []move{
		{"the account joined an organization", func(s *scene) {
			s.Set(who(fox).account(s), storetest.Item{"org_id": string(s.beta)})
		}},
	})
}

func TestUpdateProfileRenamesTheAccountAndItsRow(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, renamingSelf(bob)(t, s), `
~ ACCOUNT#bob ACCOUNT
    first_name=New last_name=Name marketing=true
~ ORG#acme MEMBER#bob@acme
    first_name=New last_name=Name
`)
	does(t, s, renamingSelf(fox)(t, s), `
~ ACCOUNT#fox ACCOUNT
    first_name=New last_name=Name marketing=true
`)
}

// signingOut is the plan of somebody to end all their sessions.
func signingOut(w who) plan {
	return func(t *testing.T, s *scene) func() error {
		seen, err := s.DB.Mine(s.ctx, w(s).Caller())
		if err != nil {
			t.Fatal(err)
		}
		return func() error { return s.DB.SignOut(s.ctx, seen) }
	}
}

// signedOut is an account that was signed out at that distance from now.
func signedOut(w who, d time.Duration) func(*scene) {
	return changed(w.account, storetest.Item{"signed_out_ms": storetest.Start.Add(d).UnixMilli()})
}

func TestSignOutIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, signingOut(bob), dethroned(bob)[1:], []move{
		{"the caller has another role", changed(who(bob).row, storetest.Item{"role": "Admin"})},
		{"the account was signed out in the same millisecond", signedOut(bob, 0)},
		{"the account was signed out later", signedOut(bob, time.Second)},
		{"the account is gone", dropped(who(bob).account)},
	})
}

func TestSignOutMarksTheAccountAndIsLogged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	signedOut(bob, -time.Minute)(s)
	seen, err := s.DB.Mine(s.ctx, func() account.Caller {
		c := s.bob.Caller()
		c.Issued = storetest.Start
		return c
	}())
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Move(time.Second) // the mark is set at the sign-out, not at the look
	does(t, s, func() error { return s.DB.SignOut(s.ctx, seen) }, `
+ ORG#acme EVENT#T+1s#*
    action=LOG_OUT actor=bob agent=test id=* ip=192.0.2.1 objects=[] request_id=rq role=Technical timestamp=T+1s ttl=T+365d1s
~ ACCOUNT#bob ACCOUNT
    signed_out_ms=T+1s
`)
}

func TestSignOutOfSomebodyWithoutALiveOrganizationLogsNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, signingOut(fox)(t, s), `
~ ACCOUNT#fox ACCOUNT
    signed_out_ms=T
`)
	does(t, s, signingOut(gus)(t, s), `
~ ACCOUNT#gus ACCOUNT
    signed_out_ms=T
`)
}

func TestSignOutOfAnAccountWithoutARowMakesOneFirst(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	kim := s.Person("kim")
	err := s.DB.Settle(s.ctx, func() error {
		seen, err := s.DB.Mine(s.ctx, kim.Caller())
		if err != nil {
			return err
		}
		return s.DB.SignOut(s.ctx, seen)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Account(s.ctx, kim.Caller()); !errors.Is(err, account.ErrRevoked) {
		t.Errorf("error %v, want ErrRevoked", err)
	}
}

func TestSignOutUntilIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	repeated(t, func(*scene) {}, func(s *scene) error {
		return s.DB.SignOutUntil(s.ctx, "bob", storetest.Start, toldOf(activity.LogOut))
	},
		move{"the account was signed out later", signedOut(bob, time.Second)},
		move{"the account is gone", dropped(who(bob).account)})
}

func TestSignOutUntilOnlyMovesTheMarkOn(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	until := func(d time.Duration) func() error {
		return func() error { return s.DB.SignOutUntil(s.ctx, "bob", storetest.Start.Add(d), activity.Event{}) }
	}
	does(t, s, until(time.Minute), `
~ ACCOUNT#bob ACCOUNT
    signed_out_ms=T+1m0s
`)
	does(t, s, until(0), nothing)
	does(t, s, until(time.Minute), nothing)
	does(t, s, func() error { return s.DB.SignOutUntil(s.ctx, "nobody", storetest.Start, activity.Event{}) }, nothing)
	if n := len(s.Faults.Calls("TransactWriteItems")); n != 1 {
		t.Errorf("%d transactions, want one", n)
	}
}

// A profile must not take back a consent that was given between its look and its change.
func TestTwoProfilesAtOnceBothHold(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seen := s.account(t, s.fox)
	consent := seen
	consent.Marketing = true
	if err := s.DB.UpdateProfile(s.ctx, seen, consent); err != nil {
		t.Fatal(err)
	}
	rename := seen
	rename.First = "New"
	if err := s.DB.UpdateProfile(s.ctx, seen, rename); !errors.Is(err, store.ErrMoved) {
		t.Errorf("error %v, want ErrMoved", err)
	}
}

func TestAccountIsRevokedBySignOutAndClosing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	signedOut(bob, 0)(s)
	s.Set(who(fox).account(s), storetest.Item{"closed": true})
	for _, w := range []who{bob, fox} {
		c := w(s).Caller()
		for name, look := range map[string]func() error{
			"account":     func() error { _, err := s.DB.Account(s.ctx, c); return err },
			"mine":        func() error { _, err := s.DB.Mine(s.ctx, c); return err },
			"look":        func() error { _, err := s.DB.Look(s.ctx, c, s.acme); return err },
			"members":     func() error { _, _, err := s.DB.Members(s.ctx, c, s.acme, nil, 10); return err },
			"invitation":  func() error { _, err := s.DB.LookInvitation(s.ctx, c, s.acme); return err },
			"invitations": func() error { _, err := s.DB.Invitations(s.ctx, c); return err },
		} {
			if err := look(); !errors.Is(err, account.ErrRevoked) {
				t.Errorf("%s, %s: error %v, want ErrRevoked", w(s).ID, name, err)
			}
		}
	}
	if _, err := s.DB.Look(s.ctx, s.hal.Caller(), s.acme); !errors.Is(err, org.ErrNotMember) {
		t.Errorf("look from outside: error %v, want ErrNotMember", err)
	}
}

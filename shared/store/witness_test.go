package store_test

import (
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// toldOf is an event that CloudTrail told of, a minute before the world began.
func toldOf(act activity.Action) activity.Event {
	return activity.Event{
		ID: "88888888-8888-4888-8888-888888888888", At: storetest.Start.Add(-time.Minute), IP: "192.0.2.7", UserAgent: "cli",
		RequestID: "told", Action: act,
	}
}

func witnessing(t *testing.T, s *scene) func() error {
	seen := s.account(t, s.bob)
	return func() error { return s.DB.Witness(s.ctx, seen, toldOf(activity.ChangePassword)) }
}

// logOf lists the log of acme without what the scene began with.
func logOf(s *scene) (all []storetest.Item) {
	for k, i := range s.Dump() {
		if k.PK == "ORG#"+string(s.acme) && len(k.SK) > 6 && k.SK[:6] == "EVENT#" {
			all = append(all, i)
		}
	}
	return all
}

func TestWhatThePoolTellsOfAMemberIsLoggedOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for range 2 { // the second time is a delivery again
		if err := s.DB.Witness(s.ctx, s.account(t, s.bob), toldOf(activity.ChangePassword)); err != nil {
			t.Fatal(err)
		}
	}
	all := logOf(s)
	if len(all) != 1 {
		t.Fatalf("log %v", all)
	}
	e := all[0]
	if e["actor"] != "bob" || e["role"] != string(org.Technical) || e["action"] != "CHANGE_PASSWORD" || e["ip"] != "192.0.2.7" || e["agent"] != "cli" ||
		e["request_id"] != "told" || e["timestamp"] != storetest.Stamp(storetest.Start.Add(-time.Minute)) || e["id"] != toldOf("").ID {
		t.Errorf("event %v", e)
	}
}

func TestAnEventWithoutAnIdIsOneOfItsOwnEachTime(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for range 2 {
		if err := s.DB.Witness(s.ctx, s.account(t, s.bob), activity.Event{Action: activity.LogIn}); err != nil {
			t.Fatal(err)
		}
	}
	if all := logOf(s); len(all) != 2 || all[0]["timestamp"] != storetest.Stamp(storetest.Start) {
		t.Errorf("log %v", all)
	}
}

func TestWhoIsNoMemberIsNotLogged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, p := range []storetest.Person{s.fox, s.gus, s.dan} {
		a := s.account(t, p)
		does(t, s, func() error { return s.DB.Witness(s.ctx, a, toldOf(activity.LogIn)) }, nothing)
	}
	does(t, s, func() error { return s.DB.Witness(s.ctx, account.Account{}, toldOf(activity.LogIn)) }, nothing)
}

// The event holds the member to being who they were when it was decided.
func TestWitnessIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	repeated(t, func(*scene) {}, func(s *scene) error { return s.DB.Witness(s.ctx, s.account(t, s.bob), toldOf(activity.LogIn)) },
		move{"the member has another role", changed(who(bob).row, storetest.Item{"role": "Admin"})},
		move{"the member's row is gone", dropped(who(bob).row)})
}

func TestAnOperatorsSignOutIsLoggedOnceWithTheMark(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for range 2 {
		if err := s.DB.SignOutUntil(s.ctx, "bob", storetest.Start, toldOf(activity.LogOut)); err != nil {
			t.Fatal(err)
		}
	}
	if all := logOf(s); len(all) != 1 || all[0]["action"] != "LOG_OUT" || all[0]["actor"] != "bob" {
		t.Errorf("log %v", all)
	}
}

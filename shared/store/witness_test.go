package store_test

import (
	"fmt"
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
	return func() error { _, err := s.DB.Witness(s.ctx, seen, toldOf(activity.ChangePassword)); return err }
}

func witness(s *scene, a account.Account) error {
	_, err := s.DB.Witness(s.ctx, a, toldOf(activity.LogIn))
	return err
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
		if o, err := s.DB.Witness(s.ctx, s.account(t, s.bob), toldOf(activity.ChangePassword)); o != s.acme || err != nil {
			t.Fatal(o, err)
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
		if _, err := s.DB.Witness(s.ctx, s.account(t, s.bob), activity.Event{Action: activity.LogIn}); err != nil {
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
		does(t, s, func() error { return witness(s, a) }, nothing)
	}
	does(t, s, func() error { return witness(s, account.Account{}) }, nothing)
}

// The event holds the member to being who they were when it was decided.
func TestWitnessIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	repeated(t, func(*scene) {}, func(s *scene) error { return witness(s, s.account(t, s.bob)) },
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

// What a sign-in does not know is added to its entry once, and to no other.
func TestASignInsEntryIsToldOnceFromWhereItWas(t *testing.T) {
	t.Parallel()
	here := activity.Source{IP: "192.0.2.9", UserAgent: "browser", RequestID: "rq9"}
	for name, c := range map[string]struct {
		action activity.Action
		ip     string
		who    account.ID
		at     time.Duration
		want   string
	}{
		"a sign-in":               {activity.LogIn, "", "bob", 0, "192.0.2.9 browser rq9"},
		"one that is told":        {activity.LogIn, "192.0.2.7", "bob", 0, "192.0.2.7 cli told"},
		"another's":               {activity.LogIn, "", "cat", 0, " cli told"},
		"another place":           {activity.LogIn, "", "bob", time.Microsecond, " cli told"},
		"an entry of another act": {activity.LogOut, "", "bob", 0, " cli told"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, e := newScene(t), toldOf(c.action)
			e.IP = c.ip
			o, err := s.DB.Witness(s.ctx, s.account(t, s.bob), e)
			if err != nil {
				t.Fatal(err)
			}
			place := activity.Place{Org: o, At: e.At.Add(c.at), ID: e.ID}
			if err := s.DB.SignedInFrom(s.ctx, place, c.who, here); err != nil {
				t.Error(err)
			}
			all := logOf(s)
			if len(all) != 1 {
				t.Fatalf("log %v", all)
			}
			if got := fmt.Sprint(all[0]["ip"], " ", all[0]["agent"], " ", all[0]["request_id"]); got != c.want {
				t.Errorf("it was from %s, want %s", got, c.want)
			}
		})
	}
}

package store_test

import (
	"fmt"
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// The time of a look is that of the event which the change logs. Whatever the look saw had happened by
// then, however long it took: a log in the order of its times tells each change after those it follows.
func TestALookIsAsLateAsAllThatItSaw(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(s *scene) (store.Seen, error){
		"Look":     func(s *scene) (store.Seen, error) { return s.DB.Look(s.ctx, s.ann.Caller(), s.acme) },
		"LookMail": func(s *scene) (store.Seen, error) { return s.DB.LookMail(s.ctx, s.ann.Caller(), s.acme) },
		"Mine":     func(s *scene) (store.Seen, error) { return s.DB.Mine(s.ctx, s.ann.Caller()) },
		"LookInvitation": func(s *scene) (store.Seen, error) {
			return s.DB.LookInvitation(s.ctx, s.dan.Caller(), s.acme)
		},
		"LookLink": func(s *scene) (store.Seen, error) {
			seen, _, err := s.DB.LookLink(s.ctx, org.NewLink(s.acme, org.MemberOf(s.acme, s.eve.Address)), "")
			return seen, err
		},
		"LookCompany": func(s *scene) (store.Seen, error) {
			seen, err := s.DB.LookCompany(s.ctx, s.ann.Caller(), "c1")
			return seen.Seen, err
		},
		"LookContact": func(s *scene) (store.Seen, error) {
			seen, err := s.DB.LookContact(s.ctx, s.ann.Caller(), "c1", s.bob.Address)
			return seen.Seen, err
		},
		"LookServer": func(s *scene) (store.Seen, error) {
			seen, err := s.DB.LookServer(s.ctx, s.ann.Caller(), "s1")
			return seen.Seen, err
		},
		"LookLog": func(s *scene) (store.Seen, error) {
			seen, _, err := s.DB.LookLog(s.ctx, s.ann.Caller(), "", activity.Window{})
			return seen, err
		},
		"Close": func(s *scene) (store.Seen, error) {
			_, err := s.DB.Close(s.ctx, s.bob.ID, account.Caller{})
			var logged store.Seen
			for _, e := range s.Dump().Of("EVENT#") {
				logged.At, _ = time.Parse(time.RFC3339Nano, fmt.Sprint(e["timestamp"]))
			}
			return logged, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.Link(s.acme, "c1")
			s.Faults.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.First(func() { s.Clock.Move(time.Second) })})
			seen, err := look(s)
			if now := s.Clock.Now().Truncate(time.Microsecond); err != nil || !seen.At.Equal(now) || !now.After(storetest.Start) {
				t.Errorf("error %v; it was over at %v, and says %v", err, now, seen.At)
			}
		})
	}
}

// A look is no snapshot: it can see a row before somebody accepted, and the invitation after. It is not
// taken for one whose invitation was swept, which would be told that it has expired.
func TestAnInvitationThatIsUsedWhileLookedAtIsNotTakenForSwept(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(s *scene) (store.Seen, error){
		"LookInvitation": func(s *scene) (store.Seen, error) {
			return s.DB.LookInvitation(s.ctx, s.dan.Caller(), s.acme)
		},
		"LookLink": func(s *scene) (store.Seen, error) {
			seen, _, err := s.DB.LookLink(s.ctx, org.NewLink(s.acme, org.MemberOf(s.acme, s.dan.Address)), "")
			return seen, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			row, mail := who(dan).row(s), who(dan).mail(s)
			before := s.Dump()[row]
			accepted := accepting(dan)(t, s)
			if err := accepted(); err != nil {
				t.Fatal(err)
			}
			after := s.Dump()[row]
			s.Put(row, before) // as read before, while the invitation is read after
			s.Faults.Add(storetest.Rule{Action: "BatchGetItem", Skip: 1, Times: 1, Fault: storetest.First(func() { s.Put(row, after) })})
			seen, err := look(s)
			if err != nil || s.Dump()[mail] != nil || seen.Row().Member.Status != org.Active {
				t.Errorf("it saw %+v, %v", seen.Row(), err)
			}
		})
	}
}

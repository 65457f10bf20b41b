package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/pmm"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// looks are all that the store reads.
var looks = map[string]func(s *scene) (any, error){
	"Look":           func(s *scene) (any, error) { return s.DB.Look(s.ctx, s.ann.Caller(), s.acme, eveOf(s)) },
	"LookMail":       func(s *scene) (any, error) { return s.DB.LookMail(s.ctx, s.ann.Caller(), s.acme) },
	"LookInvitation": func(s *scene) (any, error) { return s.DB.LookInvitation(s.ctx, s.dan.Caller(), s.acme) },
	"LookLink": func(s *scene) (any, error) {
		seen, state, err := s.DB.LookLink(s.ctx, org.Link{Org: s.acme, Member: eveOf(s)}, proof)
		return []any{seen, state}, err
	},
	"Mine":        func(s *scene) (any, error) { return s.DB.Mine(s.ctx, s.bob.Caller()) },
	"Account":     func(s *scene) (any, error) { return s.DB.Account(s.ctx, s.bob.Caller()) },
	"Find":        func(s *scene) (any, error) { return s.DB.Find(s.ctx, "bob") },
	"HasAccount":  func(s *scene) (any, error) { return s.DB.HasAccount(s.ctx, s.bob.Address) },
	"Holder":      func(s *scene) (any, error) { return s.DB.Holder(s.ctx, account.Account{Org: string(s.acme)}, "") },
	"LookNotice":  func(s *scene) (any, error) { return s.DB.LookNotice(s.ctx, s.bob.Address) },
	"LookServer":  func(s *scene) (any, error) { return s.DB.LookServer(s.ctx, s.bob.Caller(), "box") },
	"LookClient":  func(s *scene) (any, error) { return s.DB.LookClient(s.ctx, pmm.Client{Org: s.acme, Server: "box"}) },
	"Servers":     func(s *scene) (any, error) { return s.DB.Servers(s.ctx, s.bob.Caller(), s.acme) },
	"Invitations": func(s *scene) (any, error) { return s.DB.Invitations(s.ctx, s.dan.Caller()) },
	"Meet": func(s *scene) (any, error) {
		return s.DB.Meet(s.ctx, s.acme, []account.Address{s.fox.Address, s.eve.Address, s.hal.Address})
	},
	"Members": func(s *scene) (any, error) {
		_, page, err := s.DB.Members(s.ctx, s.ann.Caller(), s.acme, nil, 10)
		return page, err
	},
	"LookLog": func(s *scene) (any, error) {
		seen, _, err := s.DB.LookLog(s.ctx, s.ann.Caller(), s.acme, activity.Window{From: s.DB.Now().Add(-time.Hour)})
		return seen, err
	},
	"LookLog, their own": func(s *scene) (any, error) {
		seen, _, err := s.DB.LookLog(s.ctx, s.ann.Caller(), "", activity.Window{From: s.DB.Now().Add(-time.Hour)})
		return seen, err
	},
}

func TestEveryLookOvercomesPassingFaults(t *testing.T) {
	t.Parallel()
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := look(newScene(t))
			if err != nil {
				t.Fatal(err)
			}
			for what, rule := range map[string]storetest.Rule{
				"throttling":        {Fault: storetest.Throttle, Times: 9},
				"lost replies":      {Fault: storetest.LostReply, Times: 9},
				"internal errors":   {Fault: storetest.Refuse(500, "InternalServerError"), Times: 9},
				"unprocessed parts": {Fault: storetest.Half, Action: "BatchGetItem"},
			} {
				storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
					s := setScene(t, w)
					s.Faults.Add(rule)
					got, err := look(s)
					if diff := cmp.Diff(want, got); diff != "" || err != nil {
						t.Errorf("%s: %v\n%s", what, err, diff)
					}
				})
			}
		})
	}
}

// A broken network is not a missing row: no look may take it for one.
func TestALookThatIsNotAnsweredIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				for skip := range 2 {
					s.Faults.Clear()
					s.Faults.Add(storetest.Rule{Fault: storetest.Timeout, Skip: skip})
					if _, err := look(s); err != nil && !errors.Is(err, fault.ErrUnavailable) || (err == nil && skip == 0) {
						t.Errorf("after %d answers: error %v, want ErrUnavailable", skip, err)
					}
				}
			})
		})
	}
}

// No read may be one of a moment ago: clients read again right after every change.
func TestEveryReadIsConsistent(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var reads atomic.Int64
	s.Faults.Add(storetest.Rule{Fault: func(r *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if reads.Add(1); !bytes.Contains(body, []byte(`"ConsistentRead":true`)) {
			t.Errorf("a read is not: %s", body)
		}
		return forward()
	}})
	for name, look := range looks {
		if _, err := look(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := reads.Load(); n < int64(len(looks)) {
		t.Errorf("%d reads", n)
	}
}

func TestHolderIsNobodyWhereTheLockHoldsNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for name, a := range map[string]account.Account{
		"no lock":                   {},
		"of the organization asked": {Org: string(s.acme)},
		"of a deleted organization": {Org: string(s.gone)},
		"of a purged organization":  {Org: string(s.OrgID("unknown"))},
	} {
		if held, err := s.DB.Holder(s.ctx, a, s.acme); held != (org.Org{}) || err != nil {
			t.Errorf("%s: %+v, %v", name, held, err)
		}
	}
}

func TestAnItemThatCannotBeReadIsAnInternalError(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Set(acme(s), storetest.Item{"admins": "many"})
	s.Set(who(bob).account(s), storetest.Item{"tos": "maybe"})
	for name, look := range map[string]func() error{
		"of an organization": func() error { _, err := s.DB.Look(s.ctx, s.ann.Caller(), s.acme); return err },
		"of an account":      func() error { _, err := s.DB.Account(s.ctx, s.bob.Caller()); return err },
		"by an address":      func() error { _, err := s.DB.Meet(s.ctx, s.beta, []account.Address{s.bob.Address}); return err },
	} {
		var expected *fault.Error
		if err := look(); err == nil || errors.As(err, &expected) {
			t.Errorf("%s: error %v, want an internal one", name, err)
		}
	}
}

func TestALookOfMoreRowsThanABatchHoldsKeepsTheirOrder(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var rows []storetest.Row
	var targets []org.MemberID
	for i := range 120 {
		p := s.Person(fmt.Sprintf("p%d", i))
		rows = append(rows, storetest.Invited(p, org.Technical))
		targets = append(targets, org.MemberOf(s.acme, p.Address))
	}
	s.Invite(s.acme, rows...)
	targets = append(targets, targets[0], org.MemberOf(s.acme, s.ann.Address), org.MemberOf(s.acme, "nobody@example.com"))
	seen, err := s.DB.Look(s.ctx, s.ann.Caller(), s.acme, targets...)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range seen.Rows[:122] {
		if row.Member.ID != targets[i] || (i < 121) != row.Invitation.Exists() {
			t.Errorf("row %d is %+v, want %s", i, row, targets[i])
		}
	}
	if last := seen.Rows[122]; last != (store.Row{}) {
		t.Errorf("nobody's row is %+v", last)
	}
	if n := len(s.Faults.Calls("BatchGetItem")); n != 3 {
		t.Errorf("%d reads, want 3 side by side", n)
	}
}

func TestMineIsNothingForWhoeverIsInNoLiveOrganization(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, w := range []who{fox, gus, dan, eve} {
		seen, err := s.DB.Mine(s.ctx, w(s).Caller())
		if err != nil || seen.Org != (org.Org{}) || seen.Me != (org.Member{}) {
			t.Errorf("%s: %+v, %v", w(s).ID, seen, err)
		}
	}
}

func TestMeetFindsOpenAccountsAndWhoIsElsewhere(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Set(who(cat).account(s), storetest.Item{"closed": true})
	got, err := s.DB.Meet(s.ctx, s.acme, []account.Address{s.hal.Address, s.eve.Address, "BOB@example.com", s.cat.Address, s.gus.Address})
	if err != nil {
		t.Fatal(err)
	}
	held := func(p storetest.Person, o org.ID) account.Account {
		a := p.Known()
		a.Org = string(o)
		return a
	}
	want := []store.Met{
		{Account: held(s.hal, s.beta), Elsewhere: true}, {}, {Account: held(s.bob, s.acme)}, {}, {Account: held(s.gus, s.gone)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestInvitationsAreOnlyTheCallersOwn(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Invite(s.beta, storetest.Invited(s.dan, org.Technical))
	all, err := s.DB.Invitations(s.ctx, s.dan.Caller())
	if err != nil {
		t.Fatal(err)
	}
	got := map[org.ID]account.Address{}
	for _, seen := range all {
		got[seen.Org.ID] = seen.Row().Member.Address
	}
	if diff := cmp.Diff(map[org.ID]account.Address{s.acme: s.dan.Address, s.beta: s.dan.Address}, got); diff != "" {
		t.Error(diff)
	}
}

package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// scene is the world that the tests of a transaction begin with. Ann and Cat are the Admins of acme
// and Bob its Technical; Dan, who has an account, is invited as Admin, Eve, who has none, as
// Technical. Hal is the Admin of beta. Fox is in no organization, and Gus in one that was deleted.
type scene struct {
	*storetest.World
	ctx              context.Context
	acme, beta, gone org.ID

	ann, bob, cat, dan, eve, fox, gus, hal storetest.Person
}

func newScene(t *testing.T) *scene {
	t.Helper()
	w := storetest.New(t)
	return setScene(t, w)
}

func setScene(t *testing.T, w *storetest.World) *scene {
	t.Helper()
	s := &scene{
		World: w, ctx: t.Context(), ann: w.Person("ann"), bob: w.Person("bob"), cat: w.Person("cat"),
		dan: w.Account("dan"), eve: w.Person("eve"), fox: w.Account("fox"), gus: w.Person("gus"), hal: w.Person("hal"),
	}
	s.acme = w.Org("acme", storetest.Active(s.ann, org.Admin), storetest.Active(s.bob, org.Technical),
		storetest.Active(s.cat, org.Admin), storetest.Invited(s.dan, org.Admin), storetest.Invited(s.eve, org.Technical))
	s.beta = w.Org("beta", storetest.Active(s.hal, org.Admin))
	s.gone = w.Org("gone", storetest.Active(s.gus, org.Admin))
	deleted(s.gone)(s)
	if broken := w.Dump().Broken(); broken != nil {
		t.Fatalf("the scene itself is broken: %q", broken)
	}
	return s
}

// look is what somebody sees of acme, and of the rows of others there.
func (s *scene) look(t *testing.T, who storetest.Person, targets ...storetest.Person) store.Seen {
	t.Helper()
	var rows []org.MemberID
	for _, p := range targets {
		rows = append(rows, org.MemberOf(s.acme, p.Address))
	}
	seen, err := s.DB.LookMail(s.ctx, who.Caller(), s.acme, rows...)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// lookInvited is what somebody who was invited to acme sees.
func (s *scene) lookInvited(t *testing.T, who storetest.Person) store.Seen {
	t.Helper()
	seen, err := s.DB.LookInvitation(s.ctx, who.Caller(), s.acme)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// account is what somebody sees of their own account.
func (s *scene) account(t *testing.T, who storetest.Person) account.Account {
	t.Helper()
	a, err := s.DB.Account(s.ctx, who.Caller())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// nothing is how no changes at all are told.
const nothing = "\n"

// plan looks at the scene and returns the change that follows.
type plan func(t *testing.T, s *scene) (change func() error)

// move is what happens to the world between the look and the change.
type move struct {
	name string
	make func(s *scene)
}

// refusals holds a change to its conditions: after each of the moves, of which each breaks one, it
// is ErrMoved and leaves the table as it is.
func refusals(t *testing.T, p plan, moves ...[]move) {
	t.Helper()
	for _, group := range moves {
		for _, m := range group {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				s := newScene(t)
				change := p(t, s)
				m.make(s)
				before := s.Dump()
				if err := change(); !errors.Is(err, store.ErrMoved) {
					t.Errorf("error %v, want ErrMoved", err)
				}
				if got := s.Changes(before, s.Dump()); got != nothing {
					t.Errorf("the table changed:%s", got)
				}
			})
		}
	}
}

// does holds a change to exactly its effect, told as World.Changes does, and to the invariants.
func does(t *testing.T, s *scene, change func() error, want string) {
	t.Helper()
	before := s.Dump()
	if err := change(); err != nil {
		t.Fatal(err)
	}
	after := s.Dump()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(s.Changes(before, after), "\n")); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if broken := after.Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}

// repeated is a change that the store itself looks for and repeats: it meets the moved world at its
// first transaction, and must not get a second one, which would be the decision after a new look.
func repeated(t *testing.T, set func(s *scene), change func(s *scene) error, moves ...move) {
	t.Helper()
	for _, m := range moves {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			set(s)
			var before storetest.Dump
			s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Times: 1, Fault: storetest.First(func() {
				m.make(s)
				before = s.Dump()
			})})
			s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Fault: storetest.Refuse(400, "AccessDeniedException")})
			err := change(s)
			if before == nil {
				t.Fatalf("no transaction, error %v", err)
			}
			if got := s.Changes(before, s.Dump()); got != nothing {
				t.Errorf("the table changed:%s", got)
			}
		})
	}
}

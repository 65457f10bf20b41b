package store_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"roster/shared/activity"
	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// plans are all changes that the store makes in one transaction, or to one item.
var plans = map[string]plan{
	"CreateOrg":              creating(fox),
	"CreateOrg, stale lock":  creating(gus),
	"Rename":                 renaming,
	"DeleteOrg":              deleting,
	"Leave":                  leaving(ann),
	"ChangeRole":             giving(bob, org.Admin),
	"Remove a member":        removing(cat),
	"Remove an invitation":   removing(eve),
	"Invite":                 inviting,
	"Invite, join":           taking(fox),
	"Resend":                 resending,
	"PutState":               validating,
	"Accept":                 accepting(dan),
	"Activate, new account":  activating(eve, false),
	"Activate":               activating(dan, true),
	"Decline":                declining(dan),
	"UpdateProfile":          renamingSelf(bob),
	"SignOut":                signingOut(bob),
	"SignOutUntil":           signingOutUntil,
	"Witness":                witnessing,
	"Close":                  direct(closing(cat)),
	"Close of a sole Admin":  direct(closing(hal)),
	"Ensure":                 direct(ensuring(eve, "Eve@Example.com")),
	"Ensure, new spelling":   direct(ensuring(bob, "BOB@example.com")),
	"Ensure, new address":    direct(ensuring(bob, "Rob@Example.com")),
	"Ensure onto invitation": direct(ensuring(bob, "Eve@Example.com")),
	"Account, new caller":    direct(enrolling(eve)),
	"Connect":                connecting(bob, holding(ofAcme)),
	"Connect, stale lock":    connecting(bob, holding(ofGone)),
	"Disconnect":             disconnecting,
	"PutToken":               proving,
	"QueueNotice":            notifying,
	"SetLink":                queued(linking),
	"SetDelivery":            delivering,
}

// direct is the plan of a change that the store looks for itself.
func direct(change func(*scene) error) plan {
	return func(_ *testing.T, s *scene) func() error { return func() error { return change(s) } }
}

func signingOutUntil(_ *testing.T, s *scene) func() error {
	return func() error { return s.DB.SignOutUntil(s.ctx, "bob", storetest.Start, toldOf(activity.LogOut)) }
}

func notifying(_ *testing.T, s *scene) func() error {
	return func() error { return s.DB.QueueNotice(s.ctx, s.ann.Address) }
}

func delivering(_ *testing.T, s *scene) func() error {
	return setting(s, org.Bounced)
}

// passing are the faults that a second try overcomes, each with what becomes of a change that meets
// it for good.
var passing = map[string]struct {
	fault storetest.Fault
	ends  error
}{
	"a lost reply":                           {storetest.LostReply, fault.ErrUnavailable},
	"a time-out":                             {storetest.Timeout, fault.ErrUnavailable},
	"a conflict":                             {storetest.Conflict, fault.ErrAborted},
	"a conflict, told as such":               {storetest.Refuse(400, "TransactionConflictException"), fault.ErrAborted},
	"its own first try":                      {storetest.Refuse(400, "TransactionInProgressException"), fault.ErrAborted},
	"a throttled item":                       {storetest.Cancel("ThrottlingError", "None"), fault.ErrUnavailable},
	"an item over its throughput":            {storetest.Cancel("None", "ProvisionedThroughputExceeded"), fault.ErrUnavailable},
	"a throttled table":                      {storetest.Throttle, fault.ErrUnavailable},
	"a table over its throughput":            {storetest.Refuse(400, "ProvisionedThroughputExceededException"), fault.ErrUnavailable},
	"an account over its limit":              {storetest.Refuse(400, "RequestLimitExceeded"), fault.ErrUnavailable},
	"an internal error":                      {storetest.Refuse(http.StatusInternalServerError, "InternalServerError"), fault.ErrUnavailable},
	"a service that is not there":            {storetest.Refuse(http.StatusServiceUnavailable, "ServiceUnavailable"), fault.ErrUnavailable},
	"a service that says it is not there":    {storetest.Refuse(http.StatusServiceUnavailable, "ServiceUnavailableException"), fault.ErrUnavailable},
	"a replica's conflict":                   {storetest.Refuse(400, "ReplicatedWriteConflictException"), fault.ErrUnavailable},
	"an internal error in place of a reason": {storetest.Cancel("None", "InternalServerErrorException"), fault.ErrUnavailable},
}

// writes are the actions by which the plans change the table.
var writes = []string{"TransactWriteItems", "UpdateItem"}

func meets(s *scene, f storetest.Fault, times int) {
	for _, action := range writes {
		s.Faults.Add(storetest.Rule{Action: action, Fault: f, Times: times})
	}
}

// effect is what a plan does to a table while its writes meet a fault.
func effect(t *testing.T, s *scene, p plan) (string, error) {
	change := p(t, s)
	before := s.Dump()
	err := change()
	after := s.Dump()
	if broken := after.Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
	return s.Changes(before, after), err
}

// A transaction that was tried again happened once. Lost replies and conflicts stand for the others,
// which the next test tries with one plan.
func TestEveryChangeHappensOnceWhateverItMeets(t *testing.T) {
	t.Parallel()
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			undisturbed, err := effect(t, newScene(t), p)
			if err != nil || undisturbed == nothing {
				t.Fatalf("did %q, %v", undisturbed, err)
			}
			for what, f := range map[string]storetest.Fault{"a lost reply": storetest.LostReply, "a conflict": storetest.Conflict} {
				storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
					s := setScene(t, w)
					meets(s, f, 2)
					if got, err := effect(t, s, p); got != undisturbed || err != nil {
						t.Errorf("met %s: did %s, %v; want %s", what, got, err, undisturbed)
					}
				})
			}
		})
	}
}

func TestAPassingFaultIsOvercomeWithOneToken(t *testing.T) {
	t.Parallel()
	undisturbed, _ := effect(t, newScene(t), renaming)
	for name, f := range passing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				meets(s, f.fault, 7) // more than the SDK tries by itself
				if got, err := effect(t, s, renaming); got != undisturbed || err != nil {
					t.Errorf("did %s, %v; want %s", got, err, undisturbed)
				}
				calls := s.Faults.Calls("TransactWriteItems")
				if len(calls) != 8 {
					t.Errorf("%d tries, want 8", len(calls))
				}
				for _, c := range calls {
					if c.Token == "" || c.Token != calls[0].Token {
						t.Errorf("tokens %v, want one", calls)
					}
				}
			})
		})
	}
}

func TestEveryCommitHasATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, p := range []plan{giving(bob, org.Admin), giving(bob, org.Technical)} {
		if err := p(t, s)(); err != nil {
			t.Fatal(err)
		}
	}
	if calls := s.Faults.Calls("TransactWriteItems"); len(calls) != 2 || calls[0].Token == calls[1].Token {
		t.Errorf("calls %v, want two with two tokens", calls)
	}
}

func TestAFaultThatStaysEndsWithoutHalfAChange(t *testing.T) {
	t.Parallel()
	undisturbed, _ := effect(t, newScene(t), renaming)
	for name, f := range passing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				s := setScene(t, w)
				meets(s, f.fault, 0)
				begun := time.Now()
				got, err := effect(t, s, renaming)
				if !errors.Is(err, f.ends) || errors.Is(err, store.ErrMoved) {
					t.Errorf("error %v, want %v", err, f.ends)
				}
				if got != nothing && got != undisturbed {
					t.Errorf("did %s", got)
				}
				if waited := time.Since(begun); waited > 8*time.Second {
					t.Errorf("gave up after %v, which a function does not have", waited)
				}
			})
		})
	}
}

func TestABrokenConditionOutweighsWhateverElseWasMet(t *testing.T) {
	t.Parallel()
	for name, reasons := range map[string][]string{
		"alone":              {"None", "ConditionalCheckFailed"},
		"before a conflict":  {"ConditionalCheckFailed", "TransactionConflict"},
		"behind a conflict":  {"TransactionConflict", "ConditionalCheckFailed", "None"},
		"among many":         {"ThrottlingError", "ConditionalCheckFailed", "TransactionConflict"},
		"with a wrong value": {"ValidationError", "ConditionalCheckFailed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			meets(s, storetest.Cancel(reasons...), 0)
			got, err := effect(t, s, renaming)
			if !errors.Is(err, store.ErrMoved) || got != nothing {
				t.Errorf("did %s, %v; want ErrMoved", got, err)
			}
			if n := len(s.Faults.Calls("TransactWriteItems")); n != 1 {
				t.Errorf("%d tries, want one", n)
			}
		})
	}
}

func TestWhatARepeatCannotOvercomeIsAnInternalErrorAtOnce(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]storetest.Fault{
		"a token that was used for something else": storetest.Refuse(400, "IdempotentParameterMismatchException"),
		"a request that is wrong":                  storetest.Refuse(400, "ValidationException"),
		"a grant that is missing":                  storetest.Refuse(400, "AccessDeniedException"),
		"an item that is wrong":                    storetest.Cancel("None", "ValidationError"),
		"an item that is too large":                storetest.Cancel("ItemCollectionSizeLimitExceeded", "None"),
		"no reason at all":                         storetest.Cancel("None", "None"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			meets(s, f, 0)
			got, err := effect(t, s, renaming)
			var expected *fault.Error
			if err == nil || errors.As(err, &expected) || errors.Is(err, store.ErrMoved) || got != nothing {
				t.Errorf("did %s, %v; want an internal error", got, err)
			}
			if n := len(s.Faults.Calls("TransactWriteItems")); n != 1 {
				t.Errorf("%d tries, want one", n)
			}
		})
	}
}

func TestAConditionThatBreaksWhileOthersAreMetIsFound(t *testing.T) {
	t.Parallel()
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		s := setScene(t, w)
		change := renaming(t, s)
		s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Times: 2, Fault: storetest.Conflict})
		s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Times: 1, Fault: storetest.First(func() { deleted(s.acme)(s) })})
		if err := change(); !errors.Is(err, store.ErrMoved) {
			t.Errorf("error %v, want ErrMoved", err)
		}
	})
}

func TestAChangeWhoseTimeIsOverIsUnavailable(t *testing.T) {
	t.Parallel()
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		s := setScene(t, w)
		seen := s.look(t, s.ann)
		begun, most := time.Now(), 200*time.Millisecond
		ctx, cancel := context.WithTimeout(t.Context(), most)
		defer cancel()
		s.Faults.Add(storetest.Rule{Fault: storetest.Throttle})
		if err := s.DB.DeleteOrg(ctx, seen); !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("error %v, want ErrUnavailable", err)
		}
		if _, err := s.DB.Look(ctx, s.ann.Caller(), s.acme); !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("look: error %v, want ErrUnavailable", err)
		}
		if waited := time.Since(begun); waited > most {
			t.Errorf("waited %v, want %v", waited, most)
		}
	})
}

func TestSettleTriesThreeTimesWhileTheWorldMoves(t *testing.T) {
	t.Parallel()
	db := store.New(nil, "", time.Now)
	other := errors.New("other")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		says  []error
		want  error
		tries int
	}{
		"it holds still":       {t.Context(), []error{nil}, nil, 1},
		"it moved twice":       {t.Context(), []error{store.ErrMoved, store.ErrMoved, nil}, nil, 3},
		"it moves all along":   {t.Context(), []error{store.ErrMoved, store.ErrMoved, store.ErrMoved, nil}, fault.ErrAborted, 3},
		"something else is up": {t.Context(), []error{store.ErrMoved, other, nil}, other, 2},
		"the caller has left":  {over, []error{store.ErrMoved, nil}, fault.ErrUnavailable, 1},
	} {
		tries := 0
		err := db.Settle(c.ctx, func() error {
			tries++
			return c.says[tries-1]
		})
		if !errors.Is(err, c.want) || tries != c.tries {
			t.Errorf("%s: %v after %d tries, want %v after %d", name, err, tries, c.want, c.tries)
		}
	}
}

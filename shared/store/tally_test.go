package store_test

import (
	"errors"
	"testing"

	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
	"roster/shared/tally"
)

func TestWhatAChangeMetIsCounted(t *testing.T) {
	t.Parallel()
	type counts struct{ moved, conflicts, throttles, retries int64 }
	for name, c := range map[string]struct {
		fault storetest.Fault
		times int
		want  counts
	}{
		"nothing":                      {storetest.Conflict, 0, counts{}},
		"others, twice":                {storetest.Conflict, 2, counts{conflicts: 2, retries: 2}},
		"a throttled item":             {storetest.Cancel("ThrottlingError", "None"), 1, counts{throttles: 1, retries: 1}},
		"a throttled table":            {storetest.Throttle, 1, counts{throttles: 1, retries: 1}},
		"a condition that was broken":  {storetest.Cancel("ConditionalCheckFailed", "None"), 1, counts{moved: 1}},
		"a reply that was lost":        {storetest.LostReply, 1, counts{retries: 1}},
		"a conflict beside a throttle": {storetest.Cancel("TransactionConflict", "ThrottlingError"), 1, counts{throttles: 1, retries: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			seen := s.look(t, s.ann, s.bob)
			if c.times > 0 {
				s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Fault: c.fault, Times: c.times})
			}
			ctx, one := tally.Begin(s.ctx)
			_, err := s.DB.ChangeRole(ctx, seen, seen.Row(), org.Admin)
			if (err != nil) != (c.want.moved > 0) || err != nil && !errors.Is(err, store.ErrMoved) {
				t.Errorf("error %v", err)
			}
			got := counts{one.Moved.Load(), one.Conflicts.Load(), one.Throttles.Load(), one.Retries.Load()}
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if one.Org() != string(s.acme) {
				t.Errorf("it is about %q", one.Org())
			}
		})
	}
}

func TestWhatALookMetIsCounted(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Faults.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.Throttle, Times: 1})
	s.Faults.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.Half, Times: 1})
	ctx, one := tally.Begin(s.ctx)
	if _, err := s.DB.Look(ctx, s.ann.Caller(), s.acme); err != nil {
		t.Fatal(err)
	}
	if one.Retries.Load() != 2 || one.Throttles.Load() != 2 || one.Org() != string(s.acme) {
		t.Errorf("%d retries, %d throttles, about %q", one.Retries.Load(), one.Throttles.Load(), one.Org())
	}
}

func TestALookAtSeveralOrganizationsIsAboutNone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx, one := tally.Begin(s.ctx)
	for _, p := range []storetest.Person{s.ann, s.hal} {
		if _, err := s.DB.Mine(ctx, p.Caller()); err != nil {
			t.Fatal(err)
		}
	}
	if one.Org() != "" {
		t.Errorf("it is about %q", one.Org())
	}
}

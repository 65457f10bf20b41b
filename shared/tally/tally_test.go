package tally_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"roster/shared/tally"
)

func TestATallyIsTheOneOfItsContext(t *testing.T) {
	t.Parallel()
	ctx, mine := tally.Begin(t.Context())
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	tally.Of(inner).Retries.Add(2)
	_, other := tally.Begin(t.Context())
	if mine.Retries.Load() != 2 || other.Retries.Load() != 0 {
		t.Errorf("%d and %d", mine.Retries.Load(), other.Retries.Load())
	}
	tally.Of(t.Context()).Retries.Add(1) // nobody reads it
}

func TestWhichOrganizationItIsAbout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		about   string
		touched []string
		want    string
	}{
		"nobody's":                         {"", nil, ""},
		"the only one touched":             {"", []string{"a", "a"}, "a"},
		"none of several":                  {"", []string{"a", "b", "a"}, ""},
		"the one that it is known for":     {"a", []string{"b", "c"}, "a"},
		"the one known, with none touched": {"a", nil, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, one := tally.Begin(t.Context())
			for _, o := range c.touched {
				one.Touch(o)
			}
			if c.about != "" {
				one.About(c.about)
			}
			if got := one.Org(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTheFirstFailureStays(t *testing.T) {
	t.Parallel()
	_, one := tally.Begin(t.Context())
	first := errors.New("first")
	one.Fail(first)
	one.Fail(errors.New("second"))
	if !errors.Is(one.Err(), first) {
		t.Error(one.Err())
	}
}

func TestManyMayCountAtOnce(t *testing.T) {
	t.Parallel()
	_, one := tally.Begin(t.Context())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			one.MailsSent.Add(1)
			one.Touch("a")
			one.By("b")
			one.Fail(errors.New("c"))
		})
	}
	all.Wait()
	if one.MailsSent.Load() != 8 || one.Org() != "a" || one.Account() != "b" || one.Err() == nil {
		t.Errorf("%d, %q, %q, %v", one.MailsSent.Load(), one.Org(), one.Account(), one.Err())
	}
}

func TestCallsSideBySideAreWaitedForOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, one := tally.Begin(t.Context())
		is := func(want time.Duration) {
			t.Helper()
			if got := one.Waited(); got != want {
				t.Errorf("%v, want %v", got, want)
			}
		}
		time.Sleep(time.Second)
		is(0)
		first := one.Call()
		time.Sleep(time.Second)
		second := one.Call()
		time.Sleep(time.Second)
		is(2 * time.Second) // those that are not over count
		first()
		time.Sleep(time.Second)
		second()
		time.Sleep(time.Second)
		is(3 * time.Second)
		third := one.Call()
		time.Sleep(time.Second)
		third()
		is(4 * time.Second)
	})
}

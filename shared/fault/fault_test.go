package fault_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/fault"
)

func TestACopyStillIsTheOriginal(t *testing.T) {
	t.Parallel()
	original := fault.New(fault.Exists, "There is one.")
	twin := fault.New(fault.Exists, "There is one.")
	for name, err := range map[string]error{
		"itself":                       original,
		"with details":                 original.With("a"),
		"with a time to wait":          original.After(time.Second),
		"a copy of a copy":             original.After(time.Second).With("a").After(time.Minute),
		"wrapped":                      fmt.Errorf("create: %w", original),
		"a copy, wrapped with a cause": fmt.Errorf("%w: %w", original.With("a"), errors.New("cause")),
	} {
		if !errors.Is(err, original) || errors.Is(err, twin) {
			t.Errorf("%s: Is(original) = %v, Is(twin) = %v", name, errors.Is(err, original), errors.Is(err, twin))
		}
	}
	if errors.Is(original, original.With("a")) {
		t.Error("the original is not one of its copies")
	}
}

func TestACopyLeavesTheOriginalAsItWas(t *testing.T) {
	t.Parallel()
	original := fault.New(fault.Exhausted, "Later.")
	c := original.With("a", 1).After(time.Minute)
	if original.Details != nil || original.RetryAfter != 0 {
		t.Errorf("the original is %+v", original)
	}
	if diff := cmp.Diff([]any{"a", 1}, c.Details); diff != "" || c.RetryAfter != time.Minute {
		t.Errorf("the copy waits %v and has details (-want +got):\n%s", c.RetryAfter, diff)
	}
	if c.Kind != fault.Exhausted || c.Error() != "Later." {
		t.Errorf("the copy is %v %q", c.Kind, c)
	}
}

func TestWhatNobodyDeclaredIsInternal(t *testing.T) {
	t.Parallel()
	if (&fault.Error{}).Kind != fault.Internal {
		t.Error("the zero kind must be our own fault")
	}
}

func TestTheSentencesOfFieldsAreTheOnesOfTheAPI(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]*fault.Error{
		"invalid field Users.Username: value '' must not be an empty string": fault.Empty("Users.Username", ""),
		"invalid field Name: value '  ' must not be an empty string":         fault.Empty("Name", "  "),
		"invalid field Name: value '%d%s' must not be an empty string":       fault.Empty("Name", "%d%s"),
		"invalid field X: 7": fault.Invalidf("invalid field %s: %d", "X", 7),
	} {
		if err.Error() != want || err.Kind != fault.Invalid {
			t.Errorf("%v %q, want %q", err.Kind, err, want)
		}
	}
}

func TestTheFailuresOfNoNoun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  *fault.Error
		kind fault.Kind
	}{{fault.ErrAborted, fault.Aborted}, {fault.ErrUnavailable, fault.Unavailable}, {fault.ErrNotFound, fault.Missing}} {
		if c.err.Kind != c.kind || c.err.Message == "" {
			t.Errorf("%+v, want kind %v", c.err, c.kind)
		}
	}
	if fault.ErrNotFound.Message != "Not Found" {
		t.Errorf("%q is not what the gateway says of an unknown route", fault.ErrNotFound)
	}
}

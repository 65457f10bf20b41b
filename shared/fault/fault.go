// Package fault says how a call can fail in a way that the caller is told about. An expected
// failure is declared once, as a package variable of the noun it belongs to, with its kind and its
// sentence; every other error is internal and its text never leaves the system (API.md §1).
package fault

import (
	"fmt"
	"time"
)

// Kind is what went wrong, seen from the caller. Internal, the zero value, is our own fault.
type Kind int

// The kinds of API.md §1, in no particular order.
const (
	Internal        Kind = iota
	Invalid              // malformed input
	Missing              // no such member, server, invitation
	Exists               // already a member, already connected elsewhere
	Forbidden            // not a member of that organization, role too low
	Exhausted            // quota or cool-down
	Precondition         // the state forbids it
	Aborted              // lost too many races in a row; safe to retry
	Unavailable          // a dependency is down or slow; safe to retry
	Unauthenticated      // missing, bad or revoked token, and nothing else
)

// String is the name of the gRPC code that stands for the kind.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "INVALID_ARGUMENT"
	case Missing:
		return "NOT_FOUND"
	case Exists:
		return "ALREADY_EXISTS"
	case Forbidden:
		return "PERMISSION_DENIED"
	case Exhausted:
		return "RESOURCE_EXHAUSTED"
	case Precondition:
		return "FAILED_PRECONDITION"
	case Aborted:
		return "ABORTED"
	case Unavailable:
		return "UNAVAILABLE"
	case Unauthenticated:
		return "UNAUTHENTICATED"
	}
	return "INTERNAL"
}

// Error is an expected failure. Two are the same failure when errors.Is says so: With and After
// return copies that still are the original.
type Error struct {
	Kind       Kind
	Message    string
	Details    []any         // what the wire's "details" holds; nil is []
	RetryAfter time.Duration // for Exhausted; the wire rounds it up to seconds

	origin *Error
}

// New declares an expected failure.
func New(k Kind, message string) *Error { return &Error{Kind: k, Message: message} }

// Invalidf is malformed input; the message names the field, and is the caller's to read.
func Invalidf(format string, args ...any) *Error {
	return New(Invalid, fmt.Sprintf(format, args...))
}

// Error is the sentence that the caller reads.
func (e *Error) Error() string { return e.Message }

// Is reports whether target is e or what e was copied from.
func (e *Error) Is(target error) bool {
	return e == target || (e.origin != nil && error(e.origin) == target)
}

// With returns a copy of e that carries details.
func (e *Error) With(details ...any) *Error {
	c := e.copy()
	c.Details = details
	return c
}

// After returns a copy of e that says when a repeat may succeed.
func (e *Error) After(d time.Duration) *Error {
	c := e.copy()
	c.RetryAfter = d
	return c
}

func (e *Error) copy() *Error {
	c := *e
	if c.origin == nil {
		c.origin = e
	}
	return &c
}

// Failures that belong to no noun.
var (
	ErrAborted     = New(Aborted, "The change met too many others at the same time. Please try again.")
	ErrUnavailable = New(Unavailable, "The service is temporarily unavailable. Please try again.")
	ErrNotFound    = New(Missing, "Not Found")
)

// Empty is the answer to a required field that is missing or blank. field is its name in Go style,
// nested ones dotted; value is repeated as it was sent.
func Empty(field, value string) *Error {
	return Invalidf("invalid field %s: value '%s' must not be an empty string", field, value)
}

// Package account is about people: who calls, which address is theirs, what an account holds, and
// the rules for names and passwords. Identity itself lives in Cognito; an account's ID is the
// user's sub there.
package account

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"roster/shared/fault"
)

// ID is a user's sub in the user pool.
type ID string

// Caller is who makes a request, as the gateway's authorizer vouches for it, and from where. It
// identifies and never authorizes: what a caller may do is read from the table.
type Caller struct {
	Account   ID
	Address   Address
	First     string
	Last      string
	Issued    time.Time // when the token was issued, to the millisecond
	IP        string
	UserAgent string
	RequestID string
}

// Account is what Roster keeps of a person.
type Account struct {
	ID        ID
	Address   Address
	First     string
	Last      string
	TOS       bool
	Marketing bool
	Org       string    // the one organization, or ""; the lock that keeps it one
	SignedOut time.Time // tokens issued until then are dead
	Closed    bool      // deleted in the user pool
	NoContact time.Time // when the CRM said last that the address is no contact's; zero if it never did
}

// Known reports whether the table holds a row of this account.
func (a Account) Known() bool { return a.ID != "" }

// noContactLife is how long the CRM's word counts that an address is no contact's.
const noContactLife = 24 * time.Hour

// IsNoContact reports whether the CRM's last word at that instant is that the account is nobody it knows.
func (a Account) IsNoContact(now time.Time) bool {
	return !a.NoContact.IsZero() && now.Sub(a.NoContact) < noContactLife
}

// Name is how a person is called in mails: first and last name, or the address while they have none.
func Name(first, last string, a Address) string {
	if name := strings.TrimSpace(first + " " + last); name != "" {
		return name
	}
	return string(a)
}

// Failures of accounts. ErrRevoked is the one answer for every token that is not good any more.
var (
	ErrRevoked    = fault.New(fault.Unauthenticated, "Invalid credentials.")
	ErrNoToken    = fault.New(fault.Unauthenticated, "Authentication fail.")
	ErrUnverified = fault.New(fault.Forbidden, "The e-mail address of the account is not verified.")
)

// MayCall returns ErrRevoked when the account was closed, or signed out after the token was issued.
func MayCall(c Caller, a Account) error {
	if a.Closed || (!a.SignedOut.IsZero() && !c.Issued.After(a.SignedOut)) {
		return ErrRevoked
	}
	return nil
}

// maxName is the longest personal name, in characters.
const maxName = 256

// ParseName takes a person's first or last name: trimmed, not empty, without control characters.
// field is what a refusal calls it.
func ParseName(field, s string) (string, error) {
	name := strings.TrimSpace(s)
	switch {
	case name == "":
		return "", fault.Empty(field, s)
	case utf8.RuneCountInString(name) > maxName:
		return "", fault.Invalidf("invalid field %s: value must be at most %d characters", field, maxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return "", fault.Invalidf("invalid field %s: value must not contain control characters", field)
	}
	return name, nil
}

// Package org is about organizations, their members and the invitations to them: what they hold,
// how their identifiers and links are made, and the rules for who may change what. A rule takes
// values and returns an error; it knows no context, clock or table (API.md §3–§5).
package org

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/id"
)

// ID is an organization's: a random UUID.
type ID string

// MemberID is a UUIDv5 of organization and normalized address: one row for a person in an
// organization by construction, and the caller's own is known from their token.
type MemberID string

// Role is what a member may do.
type Role string

// The roles.
const (
	Admin     Role = "Admin"
	Technical Role = "Technical"
)

// Status tells a member from somebody who was only invited.
type Status string

// The statuses.
const (
	Active      Status = "ACTIVE"
	Provisioned Status = "PROVISIONED"
)

// Tier tells a free organization from one that is linked to a customer account.
type Tier string

// The tiers.
const (
	Registered Tier = "REGISTERED"
	Paid       Tier = "PAID"
)

// Org is an organization. The zero value is one that does not exist.
type Org struct {
	ID       ID
	Name     string
	Tier     Tier
	Customer string // the customer account it is linked to, or ""
	Admins   int    // how many of its members are ACTIVE Admins; a linked one may have none while nobody is ACTIVE
	Entries  int    // how often somebody became ACTIVE, counted of linked ones only
	Created  time.Time
	Updated  time.Time
	Deleted  time.Time // zero while it lives
}

// Live reports whether the organization exists and was not deleted.
func (o Org) Live() bool { return o.ID != "" && o.Deleted.IsZero() }

// Member is a row of an organization: ACTIVE with an account, or PROVISIONED, which is invited.
type Member struct {
	ID        MemberID
	Address   account.Address
	First     string
	Last      string
	Role      Role
	Status    Status
	Account   account.ID // "" while PROVISIONED
	InvitedBy string     // who invited last, as that person is called; while PROVISIONED
	Expires   time.Time  // when the latest invitation ends; while PROVISIONED
}

// Exists reports whether the row was found.
func (m Member) Exists() bool { return m.ID != "" }

// Is reports whether the row makes a an active member.
func (m Member) Is(a account.ID) bool { return m.Status == Active && m.Account == a }

// Counts is 1 for an ACTIVE Admin, else 0: what the row adds to Org.Admins.
func (m Member) Counts() int {
	if m.Status == Active && m.Role == Admin {
		return 1
	}
	return 0
}

// MemberOf returns the row id of the person with that address in o.
func MemberOf(o ID, a account.Address) MemberID {
	return MemberID(uuid.NewSHA1(uuid.MustParse(string(o)), []byte(a.Normalized())).String())
}

// ErrID says that a text is not an organization's id.
var ErrID = fault.New(fault.Invalid, "Incorrect organization ID")

// ParseID takes an organization's id from outside.
func ParseID(s string) (ID, error) {
	u, ok := id.Parse(s)
	if !ok {
		return "", ErrID
	}
	return ID(u), nil
}

// ParseMemberID takes a member's id from outside.
func ParseMemberID(s string) (MemberID, error) {
	u, ok := id.Parse(s)
	if !ok {
		return "", fault.Invalidf("invalid field MemberId: value '%s' must be a valid UUID", s)
	}
	return MemberID(u), nil
}

// maxName is the longest name of an organization, in characters.
const maxName = 256

// ParseName takes an organization's name: trimmed, 1 to 256 characters, any Unicode but control
// characters and the angle brackets.
func ParseName(s string) (string, error) {
	name := strings.TrimSpace(s)
	switch {
	case name == "":
		return "", fault.Empty("Name", s)
	case utf8.RuneCountInString(name) > maxName:
		return "", fault.Invalidf("invalid field Name: value must be at most %d characters", maxName)
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '<' || r == '>' }):
		return "", fault.Invalidf("invalid field Name: value must not contain control characters, '<' or '>'")
	}
	return name, nil
}

// ErrRole says that a text is no role.
var ErrRole = fault.New(fault.Invalid, "Invalid organization member role.")

// ParseRole takes a role from outside, in exactly its letter case.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case Admin, Technical:
		return r, nil
	}
	return "", ErrRole
}

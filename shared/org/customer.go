package org

import (
	"strings"
	"unicode"

	"roster/shared/fault"
)

// ErrAskAdmin is what a contact of a customer account hears whom nothing but an invitation brings
// (back) into their company's organization.
var ErrAskAdmin = fault.New(fault.Precondition, "Ask an admin of your organization to invite you.")

// RoleAtEntry is the role of somebody who becomes an ACTIVE member of o with the role r: a linked
// organization without Admin makes its first member one.
func RoleAtEntry(o Org, r Role) Role {
	if o.Customer != "" && o.Admins == 0 {
		return Admin
	}
	return r
}

// MayLink returns why an account may not enter its company's organization o, or nil. Its row there is
// m, keptOut whether they were removed, left or declined, and elsewhere the live organization that
// the account is in already, if any. An invitation takes the mark away, so whoever has one may; where
// there is no Admin to ask for one, the mark keeps nobody out.
func MayLink(o Org, m Member, keptOut bool, elsewhere Org) error {
	switch {
	case elsewhere.Live():
		return MayCreate(elsewhere)
	case !o.Live() || m.Status == Provisioned:
		return nil
	case keptOut && o.Admins > 0, m.Exists(): // the row of an account that was deleted, which an operator replaces
		return ErrAskAdmin
	}
	return nil
}

// MayOffboard returns ErrLastAdmin for the last Admin of an organization in which others are ACTIVE.
func MayOffboard(o Org, m Member, others bool) error {
	if m.Counts() == 1 && o.Admins <= 1 && others {
		return ErrLastAdmin
	}
	return nil
}

// NameOf makes an organization's name of a company's, which follows the CRM's rules and not Roster's:
// what a name must not hold becomes a space, and what is too long is cut.
func NameOf(company string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '<' || r == '>' || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, company)
	runes := []rune(strings.Join(strings.Fields(clean), " "))
	name := strings.TrimSpace(string(runes[:min(len(runes), maxName)]))
	if name == "" {
		return "Customer"
	}
	return name
}

package mail

import "strings"

// welcome is a subject that clients compare byte by byte.
func welcome(org string) line { return "Welcome to " + organization(org) }

func organization(s string) line { return name(s, "an organization") }

// facts keeps names out of Roster's own sentences: behind a label, a name that reads like a
// sentence cannot pass for one.
func facts(org string, by line, inviter, role string) []fact {
	return []fact{
		{"Organization", organization(org)},
		{by, name(inviter, "an admin")},
		{"Role", name(role, "member")},
	}
}

// front is the portal's front page, with or without a path in the setting.
func front(portal string) line { return address(strings.TrimRight(portal, "/") + "/") }

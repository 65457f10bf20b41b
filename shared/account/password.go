package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"roster/shared/fault"
)

// The bounds of a password, in characters. The user pool takes no more than 256.
const (
	minPassword = 10
	maxPassword = 256
)

// CheckPassword returns what is wrong with a new password, or nil. It must contain neither name, in
// any letter case; a name that is not known yet is "". No refusal repeats the password.
func CheckPassword(password, first, last string) error {
	switch {
	case password == "":
		return fault.Empty("Password", "")
	case utf8.RuneCountInString(password) < minPassword:
		return badPassword("be at least 10 characters long")
	case utf8.RuneCountInString(password) > maxPassword:
		return badPassword("be at most 256 characters long")
	case !strings.ContainsFunc(password, within('a', 'z')):
		return badPassword("contain a lower-case letter")
	case !strings.ContainsFunc(password, within('A', 'Z')):
		return badPassword("contain an upper-case letter")
	case !strings.ContainsFunc(password, within('0', '9')):
		return badPassword("contain a digit")
	case strings.ContainsFunc(password, unicode.IsControl) || strings.TrimSpace(password) != password:
		return badPassword("neither contain control characters nor begin or end with a space")
	case contains(password, first):
		return badPassword("not contain the first name")
	case contains(password, last):
		return badPassword("not contain the last name")
	}
	return nil
}

func contains(password, name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	return name != "" && strings.Contains(strings.ToLower(password), name)
}

func badPassword(rule string) error {
	return fault.Invalidf("invalid field Password: value must %s", rule)
}

// within is the ASCII range of a letter class, which is what the user pool's policy counts.
func within(from, to rune) func(rune) bool {
	return func(r rune) bool { return from <= r && r <= to }
}

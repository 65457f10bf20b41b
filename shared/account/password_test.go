package account_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"roster/shared/account"
)

func TestPasswords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ password, first, last, must string }{
		"ten characters of the three kinds":              {"Secret1234", "Ann", "Lee", ""},
		"no symbol is needed, and any may be there":      {"Secret 123§4 中", "Ann", "Lee", ""},
		"256 characters of several bytes":                {"Aa1" + strings.Repeat("中", 253), "Ann", "Lee", ""},
		"names that are not known yet":                   {"Secret1234", "", "", ""},
		"names that are only space":                      {"Secret 1234", " ", "  ", ""},
		"a name's letters in another order":              {"nnASecret1234", "Ann", "Lee", ""},
		"nine characters":                                {"Secret123", "Ann", "Lee", "be at least 10 characters long"},
		"nine characters of several bytes":               {"Aa1中中中中中中", "Ann", "Lee", "be at least 10 characters long"},
		"257 characters":                                 {"Aa1" + strings.Repeat("x", 254), "Ann", "Lee", "be at most 256 characters long"},
		"no lower-case letter":                           {"SECRET1234", "Ann", "Lee", "contain a lower-case letter"},
		"no lower-case letter that the user pool counts": {"SECRET1234é", "Ann", "Lee", "contain a lower-case letter"},
		"no upper-case letter":                           {"secret1234", "Ann", "Lee", "contain an upper-case letter"},
		"no upper-case letter that the user pool counts": {"secret1234É", "Ann", "Lee", "contain an upper-case letter"},
		"no digit":                                         {"SecretSecret", "Ann", "Lee", "contain a digit"},
		"no digit that the user pool counts":               {"SecretSecret٣", "Ann", "Lee", "contain a digit"},
		"a space in front":                                 {" Secret1234", "Ann", "Lee", "neither contain control characters nor begin or end with a space"},
		"a space behind":                                   {"Secret1234 ", "Ann", "Lee", "neither contain control characters nor begin or end with a space"},
		"a tab inside":                                     {"Secret\t1234", "Ann", "Lee", "neither contain control characters nor begin or end with a space"},
		"the first name":                                   {"SecretAnn1234", "Ann", "Lee", "not contain the first name"},
		"the first name in other letters":                  {"SecretaNN1234", "Ann", "Lee", "not contain the first name"},
		"the first name, given with space around it":       {"SecretAnn1234", " Ann ", "Lee", "not contain the first name"},
		"the last name":                                    {"LeeSecret1234", "Ann", "Lee", "not contain the last name"},
		"the last name in other letters":                   {"SecretlEE1234", "Ann", "Lee", "not contain the last name"},
		"the last name in other letters, and beyond ASCII": {"SecretMÜLLER1234", "Ann", "Müller", "not contain the last name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := account.CheckPassword(c.password, c.first, c.last)
			want := ""
			if c.must != "" {
				want = "invalid field Password: value must " + c.must
			}
			if text(err) != want {
				t.Errorf("CheckPassword = %v, want %q", err, want)
			}
			mustBeInvalid(t, err)
		})
	}
}

func TestAMissingPasswordIsAnEmptyField(t *testing.T) {
	t.Parallel()
	const want = "invalid field Password: value '' must not be an empty string"
	if err := account.CheckPassword("", "Ann", "Lee"); text(err) != want {
		t.Errorf("%v, want %q", err, want)
	}
}

func TestNoRefusalRepeatsThePassword(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Characters that none of the sentences has, so that any part of the password would show.
		password := rapid.StringOfN(rapid.RuneFrom([]rune("QXZ§789\t€")), 1, 300, -1).Draw(t, "password")
		name := rapid.SampledFrom([]string{"", "Q", "xz"}).Draw(t, "name")
		if err := account.CheckPassword(password, name, name); err != nil && strings.ContainsAny(err.Error(), "QXZ§789\t€") {
			t.Fatalf("%q: %v", password, err)
		}
	})
}

package account_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"roster/shared/account"
	"roster/shared/fault"
)

func FuzzParseName(f *testing.F) {
	for _, s := range []string{"Ann", " Ann ", "", "\t", "Ann\nLee", strings.Repeat("é", 256), strings.Repeat("é", 257), "<b>", "\xff", "\u200d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := account.ParseName("FirstName", s)
		var known *fault.Error
		if err != nil {
			if !errors.As(err, &known) || known.Kind != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if again, err := account.ParseName("FirstName", name); err != nil || again != name || strings.TrimSpace(s) != name {
			t.Fatalf("%q is %q, and that %q, %v", s, name, again, err)
		}
		if utf8.RuneCountInString(name) > 256 || strings.ContainsFunc(name, unicode.IsControl) {
			t.Fatalf("%q is taken", name)
		}
	})
}

// A password that is taken keeps each rule, and a refusal repeats nothing of one.
func FuzzCheckPassword(f *testing.F) {
	for _, s := range [][3]string{
		{"Correct-horse-1", "Ann", "Lee"},
		{"short1A", "", ""},
		{"Correct-ANN-1x", "ann", ""},
		{"ÄÖÜäöü123456", "a", "b"},
		{" Correct-horse-1", "", ""},
		{"Correct\x00horse-1", "", ""},
		{strings.Repeat("aA1", 100), "", ""},
		{"CorrectİHorse1", "i̇", "x"},
		{"", "", ""},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, password, first, last string) {
		if !utf8.ValidString(password + first + last) {
			return // no JSON
		}
		err := account.CheckPassword(password, first, last)
		if err == nil {
			has := func(class string) bool { return strings.ContainsAny(password, class) }
			n := utf8.RuneCountInString(password)
			if n < 10 || n > 256 || !has("abcdefghijklmnopqrstuvwxyz") || !has("ABCDEFGHIJKLMNOPQRSTUVWXYZ") || !has("0123456789") {
				t.Fatalf("%q is taken", password)
			}
			for _, name := range []string{first, last} {
				if name := strings.TrimSpace(name); name != "" && strings.Contains(password, name) {
					t.Fatalf("%q is taken from %q", password, name)
				}
			}
			return
		}
		var known *fault.Error
		if !errors.As(err, &known) || known.Kind != fault.Invalid || len(password) > 12 && strings.Contains(err.Error(), password) {
			t.Fatalf("%q: %v", password, err)
		}
	})
}

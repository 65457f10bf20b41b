package org_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"roster/shared/fault"
	"roster/shared/org"
)

// A link that is taken has one text only, and leads where it says.
func FuzzParseLink(f *testing.F) {
	link := org.NewLink("6ba7b810-9dad-41d1-80b4-00c04fd430c8", "6ba7b811-9dad-41d1-80b4-00c04fd430c8")
	f.Add(link.Token())
	f.Add(link.Token()[:85])
	f.Add(link.Token() + "\n")
	f.Add(strings.Repeat("A", 86))
	f.Add(strings.Repeat("_", 86))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		l, err := org.ParseLink(s)
		if err != nil {
			if !errors.Is(err, org.ErrLink) || l != (org.Link{}) {
				t.Fatalf("%q: %v, %v", s, l, err)
			}
			return
		}
		if l.Token() != s {
			t.Fatalf("%q was taken as %q", s, l.Token())
		}
		if o, err := org.ParseID(string(l.Org)); err != nil || o != l.Org {
			t.Fatalf("%q leads to the organization %q", s, l.Org)
		}
		if m, err := org.ParseMemberID(string(l.Member)); err != nil || m != l.Member {
			t.Fatalf("%q leads to the member %q", s, l.Member)
		}
	})
}

func FuzzParseName(f *testing.F) {
	for _, s := range []string{"Acme", " new test#$%_org_1 ", "a\x00b", "<b>", strings.Repeat("é", 257), "\xff", "\u00a0", "日本"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := org.ParseName(s)
		if err != nil {
			var refused *fault.Error
			if !errors.As(err, &refused) || refused.Kind != fault.Invalid || !strings.HasPrefix(refused.Message, "invalid field Name: ") {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		n := utf8.RuneCountInString(name)
		if n < 1 || n > 256 || name != strings.TrimSpace(s) || strings.ContainsAny(name, "<>") || strings.ContainsFunc(name, unicode.IsControl) {
			t.Fatalf("%q was taken as %q", s, name)
		}
		if again, err := org.ParseName(name); again != name || err != nil {
			t.Fatalf("%q was taken as %q, and that as %q, %v", s, name, again, err)
		}
	})
}

// An id that is taken is one spelling of a UUID, whatever the case of its letters.
func FuzzParseID(f *testing.F) {
	for _, s := range []string{
		"6ba7b810-9dad-41d1-80b4-00c04fd430c8", "6BA7B810-9DAD-41D1-80B4-00C04FD430C8", "{6ba7b810-9dad-41d1-80b4-00c04fd430c8}",
		"urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", "6ba7b8109dad41d180b400c04fd430c8", "6ba7b810_9dad_41d1_80b4_00c04fd430c8", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, badOrg := org.ParseID(s)
		m, badMember := org.ParseMemberID(s)
		if (badOrg == nil) != (badMember == nil) || string(o) != string(m) {
			t.Fatalf("%q is the organization %q, %v, and the member %q, %v", s, o, badOrg, m, badMember)
		}
		if badOrg == nil && string(o) != strings.ToLower(s) {
			t.Fatalf("%q was taken as %q", s, o)
		}
	})
}

// The tags of a mail of ours are told from all others, and read as they were written.
func FuzzParseMailing(f *testing.F) {
	const id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
	f.Add(id, id, id, "bG9j")
	f.Add(id, id, id, "")
	f.Add("", "x", "{"+id+"}", "\x00")
	f.Fuzz(func(t *testing.T, o, member, mail, link string) {
		m, ok := org.ParseMailing(map[string][]string{"org": {o}, "member": {member}, "mail": {mail}, "link": {link}})
		if !ok {
			if m != (org.Mailing{}) {
				t.Fatalf("%v of a mail that is not ours", m)
			}
			return
		}
		tags := map[string][]string{}
		for name, value := range m.Tags() {
			tags[name] = []string{value}
		}
		if again, ok := org.ParseMailing(tags); !ok || again != m {
			t.Fatalf("%v was read as %v", m, again)
		}
	})
}

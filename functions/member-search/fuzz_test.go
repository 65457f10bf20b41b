package main

import (
	"errors"
	"testing"

	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/store"
)

// A page token that is taken is one that was given, letter by letter.
func FuzzParseToken(f *testing.F) {
	f.Add(token(acme, &store.Cursor{}))
	f.Add(token(acme, &store.Cursor{Behind: org.MemberID("6ba7b810-9dad-41d1-80b4-00c04fd430c8")}))
	f.Add(token(acme, &store.Cursor{Behind: "x"}))
	f.Add(token(acme, &store.Cursor{}) + "\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseToken(acme, s)
		if err != nil {
			var refused *fault.Error
			if c != nil || !errors.As(err, &refused) || refused.Kind != fault.Invalid {
				t.Fatalf("%q: %v, %v", s, c, err)
			}
			return
		}
		if _, bad := org.ParseMemberID(string(c.Behind)); c.Behind != "" && bad != nil {
			t.Fatalf("%q leads behind %q", s, c.Behind)
		}
	})
}

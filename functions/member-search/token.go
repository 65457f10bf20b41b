package main

import (
	"encoding/base64"
	"strings"

	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/store"
)

// A page token is the organization's id, ":" and the id of the last row of the page before, which is
// empty when that page held only the caller's own, in base64url. It leads through no other organization.
func token(o org.ID, c *store.Cursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(string(o) + ":" + string(c.Behind)))
}

func parseToken(o org.ID, s string) (*store.Cursor, error) {
	bad := fault.Invalidf("invalid field PageToken: value is not a page token of this API")
	text, err := base64.RawURLEncoding.Strict().DecodeString(s)
	behind, ok := strings.CutPrefix(string(text), string(o)+":")
	if err != nil || !ok || strings.ContainsAny(s, "\r\n") { // which base64 skips
		return nil, bad
	}
	if behind == "" {
		return &store.Cursor{}, nil
	}
	m, err := org.ParseMemberID(behind)
	if err != nil {
		return nil, bad
	}
	return &store.Cursor{Behind: m}, nil
}

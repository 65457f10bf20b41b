// Package pmm is about database-monitoring (PMM) servers: what an organization knows of one that it
// connected, the credentials that the server proves itself with, and the rules for who may connect and
// disconnect it (API.md §3, §8).
package pmm

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/id"
	"roster/shared/org"
)

// ServerID is what a server calls itself. It is unique among all organizations.
type ServerID string

// Server is one that an organization has connected. The zero value is one that it has not.
type Server struct {
	ID          ServerID
	Name        string
	URL         string
	Credential  id.Hash    // of the secret that the last connect made
	ConnectedBy account.ID // whoever connected it last
}

// Exists reports whether the server was found.
func (s Server) Exists() bool { return s.ID != "" }

// TokenLife is how long an access token of a server is good for.
const TokenLife = time.Hour

// Refusals, in the words of API.md §3 and §8.
var (
	ErrNoOrg     = fault.New(fault.Precondition, "You must be a member of an organization to connect a PMM server.")
	ErrElsewhere = fault.New(fault.Exists, "PMM server is already connected.")
	ErrMissing   = fault.New(fault.Missing, "PMM server not found.")
	ErrNotYours  = fault.New(fault.Forbidden, "Only an organization admin, or who connected the server last, can disconnect it.")
)

// MayConnect returns why an active member of mine may not connect the server that holder, if any, has
// connected, or nil: mine must live, and holder be mine or gone.
func MayConnect(mine, holder org.Org) error {
	if !mine.Live() {
		return ErrNoOrg
	}
	if holder.Live() && holder.ID != mine.ID {
		return ErrElsewhere
	}
	return nil
}

// MayDisconnect returns why a member may not disconnect s, or nil. Admins may, and whoever connected it
// last.
func MayDisconnect(me org.Member, s Server) error {
	if !s.Exists() {
		return ErrMissing
	}
	if me.Role != org.Admin && me.Account != s.ConnectedBy {
		return ErrNotYours
	}
	return nil
}

// The longest texts that are kept of a server, in characters.
const (
	maxName = 256
	maxURL  = 2048
)

// maxID is how many characters an id has at most.
const maxID = 128

// ParseServerID takes a server's id from outside: 1 to 128 letters, digits, dots, underscores, hyphens.
func ParseServerID(s string) (ServerID, error) {
	if s == "" {
		return "", fault.Empty("PmmServerId", s)
	}
	if len(s) > maxID || strings.ContainsFunc(s, foreign) {
		return "", fault.Invalidf("invalid field PmmServerId: value must be 1 to 128 letters, digits, '.', '_' or '-'")
	}
	return ServerID(s), nil
}

// foreign tells what no id has.
func foreign(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-')
}

// ParseName takes a server's name: trimmed, 1 to 256 characters, none of them a control character.
func ParseName(s string) (string, error) {
	name := strings.TrimSpace(s)
	switch {
	case name == "":
		return "", fault.Empty("PmmServerName", s)
	case utf8.RuneCountInString(name) > maxName:
		return "", fault.Invalidf("invalid field PmmServerName: value must be at most %d characters", maxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return "", fault.Invalidf("invalid field PmmServerName: value must not contain control characters")
	}
	return name, nil
}

// ParseURL takes an address from outside, which must be absolute, http or https, and have a host; who
// enters by it is nobody's to keep or to show. field is what the refusal calls it.
func ParseURL(field, s string) (string, error) {
	if s == "" {
		return "", fault.Empty(field, s)
	}
	if utf8.RuneCountInString(s) > maxURL {
		return "", fault.Invalidf("invalid field %s: value must be at most %d characters", field, maxURL)
	}
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Hostname() == "", u.Scheme != "http" && u.Scheme != "https", !isPort(u.Port()), strings.ContainsFunc(s, isHidden):
		return "", fault.Invalidf("invalid field %s: value must be an absolute http or https URL", field)
	case u.User != nil:
		return "", fault.Invalidf("invalid field %s: value must not contain a user name or password", field)
	}
	return s, nil
}

// isPort reports whether a URL may name that port; "" is its scheme's.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return s == "" || err == nil && n > 0
}

// isHidden reports whether a reader of a text does not see the character, or sees others elsewhere for it.
func isHidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

package pmm

import (
	"roster/shared/id"
	"roster/shared/org"
)

// Client is what a server calls itself when it asks for a token. It leads straight to the server's row,
// and is no secret.
type Client struct {
	Org    org.ID
	Server ServerID
}

// String is the client's text: the organization's id, a dot, the server's. It needs no escaping, be it
// in a header or in a form.
func (c Client) String() string { return string(c.Org) + "." + string(c.Server) }

// orgDigits is how long an organization's id is.
const orgDigits = 36

// ParseClient takes a client's text from outside. ok is false for what is none.
func ParseClient(s string) (c Client, ok bool) {
	if len(s) <= orgDigits || s[orgDigits] != '.' {
		return Client{}, false
	}
	o, err := org.ParseID(s[:orgDigits])
	if err != nil || string(o) != s[:orgDigits] {
		return Client{}, false
	}
	server, err := ParseServerID(s[orgDigits+1:])
	return Client{o, server}, err == nil
}

// MayProve reports whether the secret, as text, is the one that the last connect of s made, and o lives.
func MayProve(o org.Org, s Server, secret string) bool {
	given, ok := id.ParseSecret(secret)
	return ok && o.Live() && s.Exists() && given.Opens(s.Credential)
}

package pmm

import (
	"encoding/base64"

	"github.com/google/uuid"

	"roster/shared/id"
	"roster/shared/org"
)

// Token is an access token of a server. Like a link it leads straight to where its hash is kept, so
// that whoever is shown one looks in one place.
type Token struct {
	Org    org.ID
	Secret id.Secret
}

// NewToken makes a token with a fresh secret.
func NewToken(o org.ID) Token { return Token{Org: o, Secret: id.NewSecret()} }

// Text is the token as its holder keeps it: base64url of the organization's id and the secret.
func (t Token) Text() string {
	o := uuid.MustParse(string(t.Org))
	return base64.RawURLEncoding.EncodeToString(append(o[:], t.Secret[:]...))
}

// ParseToken takes a token's text from outside. ok is false for what is none.
func ParseToken(s string) (t Token, ok bool) {
	encoding := base64.RawURLEncoding.Strict()
	b, err := encoding.DecodeString(s)
	if err != nil || len(b) != 48 || len(s) != encoding.EncodedLen(48) { // it skips line breaks: one token, one text
		return Token{}, false
	}
	return Token{Org: org.ID(uuid.UUID(b[:16]).String()), Secret: id.Secret(b[16:])}, true
}

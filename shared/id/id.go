// Package id makes the identifiers and secrets of Roster: random UUIDs, and 256-bit secrets that
// are kept only as SHA-256 and compared in constant time.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"

	"github.com/google/uuid"
)

// New returns a random UUID in its canonical lower-case form.
func New() string { return uuid.NewString() }

// Parse returns the canonical form of a UUID written as 8-4-4-4-12 hexadecimal digits, in either
// letter case, and whether s is one.
func Parse(s string) (string, bool) {
	if len(s) != 36 {
		return "", false
	}
	u, err := uuid.Parse(s)
	return u.String(), err == nil
}

// Secret is what a link or a state token proves. It is never logged or stored.
type Secret [32]byte

// NewSecret returns 256 random bits.
func NewSecret() Secret {
	var s Secret
	rand.Read(s[:]) // never fails; see its documentation
	return s
}

// Text is the secret as its holder keeps it: base64url without padding.
func (s Secret) Text() string { return base64.RawURLEncoding.EncodeToString(s[:]) }

// ParseSecret takes a secret's text from outside, and reports whether it is one.
func ParseSecret(text string) (s Secret, ok bool) {
	encoding := base64.RawURLEncoding.Strict()
	b, err := encoding.DecodeString(text)
	if err != nil || len(b) != len(s) || len(text) != encoding.EncodedLen(len(s)) { // it skips line breaks: one secret, one text
		return Secret{}, false
	}
	return Secret(b), true
}

// Hash is the SHA-256 of a secret, base64url without padding: what may be stored.
type Hash string

// Hash returns what is stored of s.
func (s Secret) Hash() Hash {
	sum := sha256.Sum256(s[:])
	return Hash(base64.RawURLEncoding.EncodeToString(sum[:]))
}

// Opens reports whether s is the secret that h was made of, in time that says nothing of either.
func (s Secret) Opens(h Hash) bool {
	return subtle.ConstantTimeCompare([]byte(s.Hash()), []byte(h)) == 1
}

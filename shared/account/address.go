package account

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"roster/shared/fault"
)

// Address is an e-mail address in the spelling it was given, trimmed. Two are the same person's
// when their Normalized forms are equal.
type Address string

// maxAddress is the longest address that is taken, in bytes (API.md §1).
const maxAddress = 254

// ErrAddress says that a text is not one plain e-mail address.
var ErrAddress = fault.New(fault.Invalid, "The e-mail address is not valid.")

// ParseAddress takes one addr-spec with an ASCII local part, without display name, comments or
// quotes, of at most 254 bytes in both its forms.
func ParseAddress(s string) (Address, error) {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return "", ErrAddress
	}
	local, domain := split(s)
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !isASCII(local) || !isHost(ascii) || len(s) > maxAddress || len(local)+1+len(ascii) > maxAddress {
		return "", ErrAddress
	}
	return Address(s), nil
}

// isHost reports whether every label has the length that the DNS takes. IDNA's mapping makes dots of
// other full stops, so an empty label may show only behind it, and at the end would make two
// addresses of one mailbox.
func isHost(ascii string) bool {
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return true
}

// Normalized is the form that addresses are compared and keyed by: lower case, domain in IDNA
// ASCII form.
func (a Address) Normalized() string {
	return strings.ToLower(a.Mailable())
}

// Same reports whether a and b are the same person's address.
func (a Address) Same(b Address) bool { return a.Normalized() == b.Normalized() }

func split(s string) (local, domain string) {
	at := strings.LastIndexByte(s, '@')
	return s[:max(at, 0)], s[at+1:]
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// Mailable is the form that SES and Cognito take: as given, but a domain that is not ASCII in its
// IDNA form.
func (a Address) Mailable() string {
	local, domain := split(string(a))
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil && !isASCII(domain) {
		domain = ascii
	}
	return local + "@" + domain
}

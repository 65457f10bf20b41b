package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A line is text that cannot leave its line or reorder what stands around it. Constants convert to
// it by themselves, strings from outside only through name and address: the compiler finds a
// forgotten one.
type line string

const (
	longestName    = 256 // characters; as long as an organization's name may be
	longestSubject = 998 - len("Subject: ")
)

// name makes a line of what a stranger chose, at most 256 characters of it, or of instead when
// nothing visible is left.
func name(s, instead string) line {
	s = strings.TrimSpace(strings.Map(plain, s))
	if s == "" {
		return line(instead)
	}
	if runes := []rune(s); len(runes) > longestName {
		s = string(runes[:longestName-1]) + "…"
	}
	return line(s)
}

// address makes a line of a link; no character that name would change belongs in one.
func address(link string) line {
	return line(strings.Map(func(r rune) rune {
		if r = plain(r); unicode.IsSpace(r) {
			return -1
		}
		return r
	}, link))
}

// plain turns line breaks and other control characters into spaces and drops invisible ones, those
// that turn the direction of writing among them. It keeps the joiners, which Persian, Indian
// scripts and emoji need, and the Arabic number signs, which are visible.
func plain(r rune) rune {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
		return ' '
	case unicode.In(r, unicode.Join_Control, unicode.Prepended_Concatenation_Mark):
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// joiner is WORD JOINER: invisible, and in no address.
const joiner = '\u2060'

// inert keeps mail clients from making links of what only looks like one, such as evil.example,
// by putting a joiner before each dot, colon and at sign inside a word. A name looks the same with
// it; whoever copies an address from a mail gets the joiner too, which is the lesser evil. The
// subject stays as it is: clients make no links there, and compare it byte by byte.
func inert(l line) line {
	var b strings.Builder
	runes := []rune(l)
	for i, r := range runes {
		inside := i > 0 && i+1 < len(runes) && !unicode.IsSpace(runes[i-1]) && !unicode.IsSpace(runes[i+1])
		if inside && strings.ContainsRune(".:@", r) {
			b.WriteRune(joiner)
		}
		b.WriteRune(r)
	}
	return line(b.String())
}

// header makes l fit for a header: short enough for one unfolded line, and without what a client
// would decode as a MIME encoded word, which could smuggle in what plain keeps out.
func header(l line) string {
	s := string(l)
	if strings.Contains(s, "?=") {
		s = strings.ReplaceAll(s, "=?", "= ?")
	}
	if len(s) <= longestSubject {
		return s
	}
	cut := longestSubject - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

package mail

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestANameStaysOnItsLine(t *testing.T) {
	long := strings.Repeat("é", longestName)
	for _, c := range []struct{ why, in, want string }{
		{"an ordinary name stays as it is", "new test#$%_org_1", "new test#$%_org_1"},
		{"line breaks of every kind become spaces", "a\rb\nc\u0085d\u2028e\u2029f\vg\fh", "a b c d e f g h"},
		{"other control characters become spaces", "a\x00b\x1bc\x7fd\te", "a b c d e"},
		{"nothing turns the direction of writing", "a\u202eb\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061cc", "abc"},
		{"invisible characters go", "a\u200bb\u2060c\ufeffd\u00ade\U000E0041f", "abcdef"},
		{"joiners stay, as scripts and emoji need them", "می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"},
		{"visible number signs stay, although Unicode calls them format characters", "\u0600١٢", "\u0600١٢"},
		{"invalid UTF-8 becomes the replacement character", "a\xffb", "a\ufffdb"},
		{"blanks around a name go, those inside stay", " \u3000a  b\r\n", "a  b"},
		{"a name without anything visible is replaced", "\u202e \u200b\r\n", "instead"},
		{"a missing name is replaced", "", "instead"},
		{"the longest name is whole", long, long},
		{"a longer one is cut between characters", long + "é", long[:len(long)-len("é")] + "…"},
	} {
		if got := name(c.in, "instead"); string(got) != c.want {
			t.Errorf("%s: name(%q) = %q, want %q", c.why, c.in, got, c.want)
		}
	}
}

func TestWhatLooksLikeALinkIsMadeInert(t *testing.T) {
	for _, c := range []struct {
		why      string
		in, want line
	}{
		{"a domain", "evil.example/login", "evil\u2060.example/login"},
		{"a URL", "https://evil.example", "https\u2060://evil\u2060.example"},
		{"an address", "ann@acme.example", "ann\u2060@acme\u2060.example"},
		{"punctuation before a blank or at an end stays", "Dr. Who: .net @home Inc.", "Dr. Who: .net @home Inc."},
		{"nothing to do", "Acme", "Acme"},
		{"nothing", "", ""},
	} {
		if got := inert(c.in); got != c.want {
			t.Errorf("%s: inert(%q) = %q, want %q", c.why, c.in, got, c.want)
		}
	}
}

func TestASubjectFitsItsHeader(t *testing.T) {
	for _, c := range []struct {
		why  string
		in   line
		want string
	}{
		{"what looks like an encoded word is spoilt", "a =?utf-8?B?4oCu?= b", "a = ?utf-8?B?4oCu?= b"},
		{"a lone beginning of one is not", "1+1=?", "1+1=?"},
		{"the longest subject is whole", line(strings.Repeat("x", longestSubject)), strings.Repeat("x", longestSubject)},
		{"a longer one is cut", line(strings.Repeat("x", longestSubject+1)), strings.Repeat("x", longestSubject-3) + "…"},
	} {
		if got := header(c.in); got != c.want {
			t.Errorf("%s: header(%q) = %q, want %q", c.why, c.in, got, c.want)
		}
	}
}

func TestASubjectOfWideCharactersIsCutBetweenThem(t *testing.T) {
	for shift := range 4 {
		got := Joined{Org: strings.Repeat("x", shift) + strings.Repeat("🦆", 256-shift)}.Message().Subject
		if len(got) > longestSubject || !utf8.ValidString(got) || !strings.HasSuffix(got, "🦆…") {
			t.Errorf("subject of %d bytes ends in %q", len(got), got[len(got)-12:])
		}
	}
}

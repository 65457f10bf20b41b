package telemetry

import "strings"

// What stands for what was taken out.
const (
	anAddress = "<address>"
	aSecret   = "<secret>"
)

// shortest is how long a secret is at least: 256 bits in base64url are 43 characters.
const shortest = 40

// Scrub returns s without what looks like an e-mail address, or like a secret or token: forty or more
// letters and digits of both cases. Request ids of AWS, UUIDs and paths stay.
func Scrub(s string) string {
	if len(s) < shortest && !strings.ContainsAny(s, "@%") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, separates)
		if end < 0 {
			end = len(s)
		}
		b.WriteString(word(s[:end], strings.HasSuffix(b.String(), "/")))
		if end < len(s) {
			b.WriteByte(s[end])
			end++
		}
		s = s[end:]
	}
	return b.String()
}

// separates tells what no address has outside of quotes, and what parts a URL or a path. All of it is
// ASCII.
func separates(r rune) bool { return r <= ' ' || strings.ContainsRune(`"<>()[]{},;/\`, r) }

func word(w string, inPath bool) string {
	if at := strings.IndexByte(w, '@'); at >= 0 && !(inPath && isVersion(w[at+1:])) || strings.Contains(w, "%40") {
		return anAddress
	}
	if len(w) < shortest {
		return w
	}
	return strings.Join(secrets(w), "")
}

// isVersion tells a module's version from a domain: stack traces have …/dynamodb@v1.73.1/….
func isVersion(s string) bool {
	return len(s) > 1 && s[0] == 'v' && '0' <= s[1] && s[1] <= '9'
}

// secrets cuts a word where base64url ends, and replaces the parts that are too long and too mixed to
// be anything else.
func secrets(w string) []string {
	var parts []string
	for len(w) > 0 {
		end := strings.IndexFunc(w, func(r rune) bool { return !encodes(r) })
		if end < 0 {
			end = len(w)
		}
		part := w[:end]
		if isSecret(part) {
			part = aSecret
		}
		parts = append(parts, part)
		if end < len(w) {
			parts = append(parts, w[end:end+1])
			end++
		}
		w = w[end:]
	}
	return parts
}

func encodes(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

func isSecret(s string) bool {
	has := func(from, to rune) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return from <= r && r <= to })
	}
	return len(s) >= shortest && has('a', 'z') && has('A', 'Z') && has('0', '9')
}

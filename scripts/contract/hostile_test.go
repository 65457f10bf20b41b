package contract

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// badIDs are texts that are no UUID.
func badIDs() []string {
	id := someID()
	return []string{
		"x", "1", "-1", "null", "undefined", "{org}", "*", "%", "..", "inventory", "company", "members",
		strings.ReplaceAll(id, "-", ""), "{" + id + "}", "urn:uuid:" + id, id + "0", id[:35], " " + id, id + " ", id + "\x00",
		"g" + id[1:], strings.ReplaceAll(id, "-", "_"), id + "/" + id, id + "#MEMBER", "ORG#" + id, "'; DROP TABLE orgs; --",
		"<script>alert(1)</script>", "{{.}}", "\u202e" + id, "😀", "\xff", "é", strings.Repeat("a", 2000), "１" + id[1:],
	}
}

// identifiers are malformed ids in each of the path's parameters.
func identifiers(t *testing.T, s *scene, r request) []try {
	t.Helper()
	var tries []try
	for parameter, wrong := range map[string]func(cloudtest.Answer) string{
		"{org}": exactly(badOrg), "{invitation}": exactly(badOrg), "{member}": names("MemberId"),
	} {
		if !strings.Contains(r.path, parameter) {
			continue
		}
		for _, id := range badIDs() {
			if id == "inventory" && r.method == "POST" && strings.Contains(r.path, "{org}/") {
				continue // static segments win: it is a server's address that has no verb, which server-disconnect answers
			}
			path := s.path(strings.Replace(r.path, parameter, url.PathEscape(id), 1), s.org)
			tries = append(tries, try{parameter + " is " + clip(id), path, encode(t, r.body(s)), wrong})
		}
	}
	return tries
}

// verbs are other verbs than the route's, none among them: other routes, whatever the body.
func verbs(t *testing.T, s *scene, r request) []try {
	t.Helper()
	if r.verb == "" {
		return nil
	}
	path := strings.TrimSuffix(s.path(r.path, s.org), ":"+r.verb)
	var tries []try
	for _, verb := range []string{
		"", ":", ":nope", ":" + strings.ToUpper(r.verb), ":" + r.verb + "s", ":" + r.verb + ":", ":" + r.verb + "%20",
		"::nope", ":" + r.verb + "/x", "/" + r.verb, "." + r.verb,
	} {
		tries = append(tries,
			try{"verb " + verb, path + verb, encode(t, r.body(s)), exactly(notFound)},
			try{"verb " + verb + " and a brace", path + verb, "{", exactly(notFound)})
	}
	return tries
}

// mistyped are a good body with values of wrong types in the place of one field.
func mistyped(t *testing.T, s *scene, r request, f field) []try {
	t.Helper()
	all := map[string]any{
		"a text": "x", "a number": 5, "a fraction": 1.5, "a huge number": 1e99, "true": true, "a list": list{},
		"a list of numbers": list{5}, "a list of lists": list{list{}}, "an object": object{}, "an object in it": object{"name": "x"},
	}
	fits := map[string][]string{
		"string": {"a text"}, "boolean": {"true"}, "number": {"a number"},
		"array": {"a list"}, "object": {"an object", "an object in it"},
		"text or texts": {"a text", "a list"},
	}
	var tries []try
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if slices.Contains(fits[f.kind], name) {
			continue
		}
		body := with(r.body(s), f.path, all[name])
		tries = append(tries, try{name, s.path(r.path, s.org), encode(t, body), names(f.name())})
	}
	return tries
}

// strange are what a stranger may put into a text that is none of our business, or should not.
func strange() map[string]string {
	long := strings.Repeat("a", 10<<10)
	return map[string]string{
		"empty": "", "spaces": " \t ", "NUL": "a\x00b", "a control character": "a\x07b", "DEL": "a\x7fb", "line breaks": "a\r\nBcc: x@example.com\r\n",
		"right to left": "a\u202eb", "zero width": "\u200b", "a script": "<script>alert(1)</script>", "10 KB": long,
		"emoji": "👩‍👩‍👧", "a template": "{{.}}", "SQL": "'; DROP TABLE accounts; --", "a key": "ORG#x", "a placeholder": "#n = :v",
		"a path": "../../etc/passwd", "a long e-mail": strings.Repeat("a", 250) + "@example.com", "a name and e-mail": "Ann <ann@example.com>",
		"two e-mails": "a@example.com,b@example.com", "quotes": `"a b"@example.com`, "no domain": "a@", "a bad domain": "a@-.-",
		"a line separator": "a\u2028b", "surrogates": "\ufffd", "a format": "%s%n%x", "a backslash": `\u0000\`, "half a token": strings.Repeat("A", 86),
	}
}

// hostile are a good body with such texts in the place of one field. What is no text in the first
// place, or not UTF-8, is refused; the others may be fine.
func hostile(t *testing.T, s *scene, r request, f field) []try {
	t.Helper()
	if f.kind != "string" {
		return nil
	}
	path := s.path(r.path, s.org)
	raw := strings.Replace(encode(t, with(r.body(s), f.path, "MARK")), "MARK", "a\xffb", 1)
	tries := []try{{"not UTF-8", path, raw, names(f.name())}}
	for name, text := range strange() {
		tries = append(tries, try{name, path, encode(t, with(r.body(s), f.path, text)), f.fair})
	}
	return tries
}

// fair says what is wrong with an answer to a text in the field that may be fine: when it is refused
// as malformed, the message names the field.
func (f field) fair(a cloudtest.Answer) string {
	if a.Status != 400 || a.At("code") != 3.0 || names(f.name())(a) == "" {
		return ""
	}
	for _, r := range f.texts {
		if a.Text("message") == r.message {
			return ""
		}
	}
	if f.says != "" && strings.HasPrefix(a.Text("message"), f.says) {
		return ""
	}
	return "want the message to name " + f.name()
}

// with returns the body with another value at a dotted path. A list on the way has one element.
func with(body object, path string, value any) object {
	body = maps.Clone(body)
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		body[name] = value
		return body
	}
	switch inner := body[name].(type) {
	case list:
		body[name] = list{with(inner[0].(object), rest, value)}
	case object:
		body[name] = with(inner, rest, value)
	default:
		body[name] = with(object{}, rest, value)
	}
	return body
}

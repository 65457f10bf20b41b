package mail

import (
	"mime"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// A view is what a person meets in an HTML part.
type view struct {
	links   []string // href and text, alternating
	values  []string // the contents of strong: names
	title   string
	outside string          // all text but the links'
	markup  map[string]bool // elements and attributes
}

func look(t rapid.TB, source string) view {
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	v := view{markup: map[string]bool{}}
	for n := range root.Descendants() {
		v.add(n)
	}
	return v
}

func (v *view) add(n *html.Node) {
	switch {
	case n.Type == html.TextNode && !within(n, "a") && !within(n, "title"):
		v.outside += n.Data
	case n.Type == html.CommentNode:
		v.markup["<!--"] = true
	case n.Type != html.ElementNode:
		return
	case n.Data == "a":
		v.links = append(v.links, attribute(n, "href"), text(n))
	case n.Data == "strong":
		v.values = append(v.values, text(n))
	case n.Data == "title":
		v.title = text(n)
	}
	if n.Type == html.ElementNode {
		v.markup[n.Data] = true
	}
	for _, a := range n.Attr {
		v.markup[n.Data+" "+a.Key] = true
	}
}

func within(n *html.Node, element string) bool {
	for p := range n.Ancestors() {
		if p.Data == element {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) (s string) {
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s += d.Data
		}
	}
	return s
}

// clickable is what mail clients make links of.
var clickable = regexp.MustCompile(`(?i)https?:|www\.|[^\s\pZ\x{2060}][.@][\pL\pN]`)

// check asserts what holds for every mail, whatever its names are.
func check(t rapid.TB, m, ordinary Message, href, action string, names ...string) {
	v := look(t, m.HTML)
	if want := []string{href, action}; len(v.links) != 2 || v.links[0] != want[0] || v.links[1] != want[1] {
		t.Errorf("links %q, want %q", v.links, want)
	}
	checkMarkup(t, v, ordinary)
	if hit := clickable.FindString(v.outside); hit != "" {
		t.Errorf("%q in the page is clickable", hit)
	}
	for i, want := range names {
		if got := strings.ReplaceAll(v.values[i], string(joiner), ""); got != want {
			t.Errorf("the page says %q, want %q", got, want)
		}
	}
	checkSubject(t, m.Subject)
	checkText(t, m.Text, ordinary.Text, href)
}

func checkMarkup(t rapid.TB, v view, ordinary Message) {
	known := look(t, ordinary.HTML).markup
	for thing := range v.markup {
		if !known[thing] {
			t.Errorf("a name or link brought %q into the page", thing)
		}
	}
}

func checkSubject(t rapid.TB, s string) {
	bad := func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == joiner
	}
	if strings.ContainsFunc(s, bad) || len(s) > longestSubject || !utf8.ValidString(s) {
		t.Errorf("subject %q", s)
	}
	if decoded, err := new(mime.WordDecoder).DecodeHeader(s); err != nil || decoded != s {
		t.Errorf("a client reads subject %q as %q, %v", s, decoded, err)
	}
}

func checkText(t rapid.TB, s, ordinary, href string) {
	lines := func(s string) []string { return regexp.MustCompile("\r\n|[\n\v\f\r\u0085\u2028\u2029]").Split(s, -1) }
	if got, want := len(lines(s)), len(lines(ordinary)); got != want {
		t.Errorf("the text has %d lines, want %d:\n%s", got, want, s)
	}
	bare := 0
	for _, l := range lines(s) {
		switch {
		case l == href:
			bare++
		case clickable.MatchString(l):
			t.Errorf("%q in the text is clickable", l)
		}
	}
	if bare != 1 {
		t.Errorf("%d lines with the bare link, want 1:\n%s", bare, s)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
		t.Errorf("the text turns the direction of writing: %q", s)
	}
}

func TestNamesStayText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		org, inviter, role := anything(t, "org"), anything(t, "inviter"), anything(t, "role")
		names := []string{string(organization(org)), string(name(inviter, "an admin")), string(name(role, "member"))}
		at := time.Unix(rapid.Int64Range(0, 1<<34).Draw(t, "expires"), 0)

		m := Invitation{org, inviter, role, link, at}.Message()
		check(t, m, samples()["invitation"], link, "Activate your membership", names...)
		if strings.Count(m.HTML, "<a") != 1 || !strings.Contains(m.Text, string(instant(at))) {
			t.Errorf("not one link and the instant in:\n%s\n%s", m.HTML, m.Text)
		}
		m = Joined{org, inviter, role, "https://portal.example"}.Message()
		check(t, m, samples()["joined"], "https://portal.example/", "Open "+names[0], names...)
		if title := look(t, m.HTML).title; title != "Welcome to "+names[0] {
			t.Errorf("title %q, want the organization %q", title, names[0])
		}
	})
}

func TestLinksStayAttributes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		href := anything(t, "link")
		v := look(t, Invitation{Link: href}.Message().HTML)
		if len(v.links) != 2 || v.links[0] != string(address(href)) || strings.ContainsFunc(v.links[0], unicode.IsSpace) {
			t.Errorf("links %q, want one to %q", v.links, href)
		}
		checkMarkup(t, v, samples()["invitation"])
	})
}

// anything is a name made of arbitrary characters and of fragments that are dangerous somewhere.
func anything(t *rapid.T, label string) string {
	fragments := strings.Split("<script>|</title>|</a>|<a href=x>|<img src=x onerror=y>|<!--|-->|</div>|&amp;|&#60;|&lt|\"|'|`|\r\nBcc: x|"+
		"\n|\r|\u0085|\u2028|\u2029|\u202e|\u2067|\u200b|\u2060|\x00|\xff|{{.Link}}|%s|%!|%|=?utf-8?Q?=0A?=|=?|?=|https://evil.example|"+
		"www.evil.example|a@b.example|evil.example/login|.|:|@| |"+hostile, "|")
	part := rapid.OneOf(rapid.String(), rapid.SampledFrom(fragments))
	return strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, label), "")
}

func TestHostileSamplesAreSafe(t *testing.T) {
	all := samples()
	clean := string(organization(hostile))
	check(t, all["invitation-hostile"], all["invitation"], link+`&"'><ahref=x>`, "Activate your membership", clean, clean, clean)
	check(t, all["joined-hostile"], all["joined"], "https://portal.example/prod/", "Open "+clean, clean, clean, clean)
	check(t, all["registered-hostile"], all["registered"], `https://portal.example/"><script>/`, "Sign in")
}

func TestNoMailFetchesAnything(t *testing.T) {
	for name, m := range samples() {
		v := look(t, m.HTML)
		for _, forbidden := range []string{"img", "script", "style", "link", "iframe", "table", "base", "form"} {
			if v.markup[forbidden] {
				t.Errorf("%s holds a %s", name, forbidden)
			}
		}
		if strings.Contains(m.HTML, "url(") || !v.markup["html lang"] || !strings.Contains(m.HTML, `content="light dark"`) {
			t.Errorf("%s fetches something, or has no language or colour scheme", name)
		}
	}
}

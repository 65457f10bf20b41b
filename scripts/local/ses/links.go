package ses

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Link is where an <a> leads and the text that a reader sees in it, white space collapsed.
type Link struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

// links returns the links of a mail's HTML in order, never nil. Entities are decoded in both parts,
// and what is not shown (scripts, styles, hidden elements) is no link and no text.
func links(source string) []Link {
	found := []Link{}
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return found // a reader of a string does not fail
	}
	walk(root, func(n *html.Node) {
		if href, ok := attribute(n, "href"); ok && n.DataAtom == atom.A {
			found = append(found, Link{Href: href, Text: visible(n)})
		}
	})
	return found
}

// walk calls visit for n and everything shown below it, in document order.
func walk(n *html.Node, visit func(*html.Node)) {
	if hidden(n) {
		return
	}
	visit(n)
	for child := range n.ChildNodes() {
		walk(child, visit)
	}
}

func hidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Head:
		return true
	}
	_, is := attribute(n, "hidden")
	return is
}

func visible(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

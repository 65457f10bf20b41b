package mail

import (
	"fmt"
	"html"
	"strings"
)

// A letter is what a mail says, once; the HTML and the text part are two renderings of it, so they
// cannot come to differ.
type letter struct {
	subject line // also the headline
	summary line // what a list of mails shows behind the subject
	lead    line
	facts   []fact
	action  line // the visible text of the one link
	link    line
	notes   []line
}

// A fact is a labelled value that somebody outside chose.
type fact struct{ label, value line }

func (l letter) message() Message {
	return Message{Subject: header(l.subject), HTML: l.html(), Text: l.text()}
}

func (l letter) html() string {
	var p page
	p.put(opening, l.subject, l.summary, inert(l.subject), l.lead)
	for _, f := range l.facts {
		p.put(factRow, f.label, inert(f.value))
	}
	p.put(button, l.link, l.action)
	for _, n := range l.notes {
		p.put(note, n)
	}
	p.put(closing)
	return p.String()
}

// text keeps the link bare and alone on its line, where every client finds it.
func (l letter) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\n", inert(l.subject), l.lead)
	for _, f := range l.facts {
		fmt.Fprintf(&b, "%s: %s\n", f.label, inert(f.value))
	}
	if len(l.facts) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s:\n%s\n", inert(l.action), l.link)
	for _, n := range l.notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	return b.String()
}

// A page is HTML in the making; put is the only way to write it.
type page struct{ strings.Builder }

// put writes markup, a constant of this package, with the texts in the places of its %s, which are
// elements' contents or quoted attributes; both are safe with the five characters escaped.
func (p *page) put(markup string, texts ...line) {
	escaped := make([]any, len(texts))
	for i, t := range texts {
		escaped[i] = html.EscapeString(string(t))
	}
	fmt.Fprintf(p, markup, escaped...)
}

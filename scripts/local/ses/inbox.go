package ses

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// capacity is how many mails an inbox keeps; the oldest make room.
const capacity = 10_000

// timestamp is RFC 3339 in UTC with exactly six digits, as everywhere in Roster's API.
const timestamp = "2006-01-02T15:04:05.000000Z"

// A Mail is one mail as it was delivered, in the shape that /_local/mail answers.
type Mail struct {
	ID      string `json:"id"`
	From    string `json:"from"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	HTML    string `json:"html"`
	Text    string `json:"text"`
	Links   []Link `json:"links"` // those of HTML, in order
	SentAt  string `json:"sent_at"`
}

// An Inbox keeps the latest mails of everybody. The zero value is an empty one, its methods are
// safe for concurrent use.
type Inbox struct {
	mu    sync.Mutex
	mails []*Mail // oldest first; a mail does not change once it is here
}

// Deliver adds a mail.
func (i *Inbox) Deliver(from, to, subject, text, html string) {
	m := &Mail{
		ID: uuid.NewString(), From: from, To: to, Subject: subject, HTML: html, Text: text,
		Links: links(html), SentAt: time.Now().UTC().Format(timestamp),
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.mails) == capacity {
		i.mails = slices.Delete(i.mails, 0, 1)
	}
	i.mails = append(i.mails, m)
}

// Mails returns the mails to an address, whatever its spelling, or all of them when it is empty;
// newest first, never nil.
func (i *Inbox) Mails(to string) []*Mail {
	wanted := normalized(strings.TrimSpace(to))
	i.mu.Lock()
	defer i.mu.Unlock()
	found := []*Mail{}
	for _, m := range slices.Backward(i.mails) {
		if to == "" || normalized(m.To) == wanted {
			found = append(found, m)
		}
	}
	return found
}

// Empty forgets all mails.
func (i *Inbox) Empty() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.mails = nil
}

package activity

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
)

// Source is where a request came from, as an event tells it.
type Source struct{ IP, UserAgent, RequestID string }

// From returns where a caller's request came from.
func From(c account.Caller) Source { return Source{c.IP, c.UserAgent, c.RequestID} }

// The longest texts of a source, in bytes.
const (
	maxIP      = 64
	maxAgent   = 512
	maxRequest = 128
)

// The names of a source's parts where it goes through the user pool.
const (
	metadataIP      = "ip"
	metadataAgent   = "agent"
	metadataRequest = "request_id"
)

// Metadata is the source as the user pool takes it, to hand it on to the trigger of the call.
func (s Source) Metadata() map[string]string {
	return map[string]string{metadataIP: s.IP, metadataAgent: s.UserAgent, metadataRequest: s.RequestID}
}

// SourceOf takes a source from outside. Whoever calls the user pool without Roster may write there what
// they like: it is cut, and characters that nobody sees are left out of it.
func SourceOf(metadata map[string]string) Source {
	return Source{
		IP:        plain(metadata[metadataIP], maxIP),
		UserAgent: plain(metadata[metadataAgent], maxAgent),
		RequestID: plain(metadata[metadataRequest], maxRequest),
	}
}

func plain(s string, most int) string {
	s = strings.ToValidUTF8(s[:min(len(s), most)], "") // the cut may go through a letter
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// Place is where an event is in the logs.
type Place struct {
	Org org.ID
	At  time.Time
	ID  string
}

// Text is the place as a claim of a token.
func (p Place) Text() string { return fmt.Sprintf("%s/%d/%s", p.Org, p.At.UnixMicro(), p.ID) }

// ParsePlace takes a place's text. ok is false for what is none.
func ParsePlace(s string) (p Place, ok bool) {
	var micro int64
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return Place{}, false
	}
	if _, err := fmt.Sscan(parts[1], &micro); err != nil {
		return Place{}, false
	}
	o, err := org.ParseID(parts[0])
	event, isID := id.Parse(parts[2])
	p = Place{Org: o, At: time.UnixMicro(micro).UTC(), ID: event}
	return p, err == nil && isID && p.Text() == s
}

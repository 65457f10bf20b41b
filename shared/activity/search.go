package activity

import (
	"slices"
	"strings"
	"time"

	"roster/shared/org"
)

// Column is what events are filtered and sorted by.
type Column string

// The columns, as clients name them.
const (
	ID             Column = "id"
	OrganizationID Column = "organization_id"
	Actor          Column = "okta_user_id"
	ActionType     Column = "action_type"
	Role           Column = "user_role"
	Timestamp      Column = "timestamp"
	RequestID      Column = "request_id"
)

func filterable(c Column) bool {
	return slices.Contains([]Column{ID, OrganizationID, Actor, ActionType, Role, Timestamp, RequestID}, c)
}

func sortable(c Column) bool { return slices.Contains([]Column{Timestamp, Actor, ActionType}, c) }

// Comparison is how a filter holds an event's value to its own.
type Comparison int

// The comparisons, by their numbers on the wire.
const (
	Equal Comparison = iota
	NotEqual
	Greater
	GreaterOrEqual
	Less
	LessOrEqual
)

// Search is what somebody wants to see of an organization's log: the events that pass all filters, in
// an order, a page of them.
type Search struct {
	Filters    []Filter
	Sort       Column
	Descending bool
	Size       int // of a page, at least 1
	Index      int // of the page, from 0
}

// Filter is a condition on one column. Several values mean in and not in; other comparisons have
// exactly one.
type Filter struct {
	Column Column
	Is     Comparison
	Values []string // sorted; those of Timestamp as moment writes them
}

// Window is a span of time, both ends included, and later by less than a microsecond. A zero Until is
// open.
type Window struct{ From, Until time.Time }

// Empty reports whether no instant lies in the window.
func (w Window) Empty() bool { return !w.Until.IsZero() && w.Until.Before(w.From) }

// Window returns where the events lie that s may find at that instant: nothing older than an event's
// life. Whether an event at its very ends passes, the filters tell.
func (s Search) Window(now time.Time) Window {
	w := Window{From: now.Add(-Life).Truncate(time.Microsecond).Add(time.Microsecond)}
	for _, f := range s.Filters {
		if f.Column == Timestamp {
			w = f.narrow(w)
		}
	}
	return w
}

// narrow returns the part of w in which the filter may hold.
func (f Filter) narrow(w Window) Window {
	if f.Is == NotEqual {
		return w
	}
	if len(f.Values) == 0 {
		return Window{From: w.From, Until: w.From.Add(-time.Microsecond)}
	}
	if from := instant(f.Values[0]); f.Is != Less && f.Is != LessOrEqual && from.After(w.From) {
		w.From = from
	}
	until := instant(f.Values[len(f.Values)-1])
	if f.Is != Greater && f.Is != GreaterOrEqual && (w.Until.IsZero() || until.Before(w.Until)) {
		w.Until = until
	}
	return w
}

// Org returns the organization that s asks for by its id; "" where it names none.
func (s Search) Org() org.ID {
	for _, f := range s.Filters {
		if f.Column == OrganizationID && f.Is == Equal && len(f.Values) > 0 {
			return org.ID(f.Values[0])
		}
	}
	return ""
}

// MayRead returns why a member of o may not read what s asks for, or nil. An organization that is
// asked for must be theirs; excluding another one asks for nothing of it.
func (s Search) MayRead(o org.Org, me org.Member) error {
	for _, f := range s.Filters {
		foreign := func(id string) bool { return id != string(o.ID) }
		if f.Column == OrganizationID && f.Is == Equal && slices.ContainsFunc(f.Values, foreign) {
			return org.ErrNotMember
		}
	}
	return org.MayManage(me)
}

// Columns lists what must be known of an event, besides its id and time, to filter and sort it.
func (s Search) Columns() []Column {
	all := []Column{s.Sort}
	for _, f := range s.Filters {
		all = append(all, f.Column)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(c Column) bool {
		return c == ID || c == OrganizationID || c == Timestamp
	})
}

// matches reports whether an event of the organization passes all filters.
func (s Search) matches(o org.ID, e Event) bool {
	for _, f := range s.Filters {
		if !f.holds(e.column(f.Column, o)) {
			return false
		}
	}
	return true
}

func (f Filter) holds(value string) bool {
	_, in := slices.BinarySearch(f.Values, value)
	switch f.Is {
	case Equal:
		return in
	case NotEqual:
		return !in
	case Greater:
		return value > f.Values[0]
	case GreaterOrEqual:
		return value >= f.Values[0]
	case Less:
		return value < f.Values[0]
	}
	return value <= f.Values[0]
}

// column returns the event's value as filters compare it.
func (e Event) column(c Column, o org.ID) string {
	switch c {
	case ID:
		return e.ID
	case OrganizationID:
		return string(o)
	case Actor:
		return string(e.Actor)
	case ActionType:
		return string(e.Action)
	case Role:
		return e.Role
	case RequestID:
		return e.RequestID
	}
	return moment(e.At)
}

// compare orders events by the column of the search, then by id.
func (s Search) compare(a, b Event) int {
	c := a.At.Compare(b.At)
	if s.Sort != Timestamp {
		c = strings.Compare(a.column(s.Sort, ""), b.column(s.Sort, ""))
	}
	if c == 0 {
		c = strings.Compare(a.ID, b.ID)
	}
	if s.Descending {
		return -c
	}
	return c
}

// momentLayout writes instants so that they compare as text.
const momentLayout = "2006-01-02T15:04:05.000000000Z"

func moment(t time.Time) string { return t.UTC().Format(momentLayout) }

func instant(moment string) time.Time {
	t, _ := time.Parse(momentLayout, moment) // moment wrote it
	return t
}

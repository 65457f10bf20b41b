package activity

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/org"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)

// entries are events a minute apart, some at the same time, the newest last.
func entries(n int) []Event {
	var all []Event
	for i := range n {
		all = append(all, Event{
			ID: fmt.Sprintf("%04d", (i*7919)%n), At: noon.Add(time.Duration(i/2-n) * time.Minute), Actor: account.ID(fmt.Sprint("u", i%3)),
			Role: []string{"Admin", "Technical", ""}[i%3], RequestID: fmt.Sprint("r", i), Action: Actions()[i%6],
		})
	}
	return all
}

func ids(all []Event) []string {
	got := []string{}
	for _, e := range all {
		got = append(got, e.ID)
	}
	return got
}

func (s Search) of(all []Event) *Page {
	p := s.Page(acme)
	for _, e := range all {
		p.Add(e)
	}
	return p
}

func TestAFilterComparesAsItsTypeSays(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) string { return moment(noon.Add(d)) }
	e := Event{ID: "e", At: noon, Actor: "u", Role: "Admin", RequestID: "r", Action: Create}
	for _, c := range []struct {
		f    Filter
		want bool
	}{
		{Filter{ID, Equal, []string{"e"}}, true},
		{Filter{ID, Equal, []string{"a", "e"}}, true},
		{Filter{ID, Equal, []string{"a", "f"}}, false},
		{Filter{ID, Equal, nil}, false},
		{Filter{ID, NotEqual, []string{"e"}}, false},
		{Filter{ID, NotEqual, []string{"a", "e"}}, false},
		{Filter{ID, NotEqual, nil}, true},
		{Filter{Actor, Greater, []string{"t"}}, true},
		{Filter{Actor, Greater, []string{"u"}}, false},
		{Filter{Actor, GreaterOrEqual, []string{"u"}}, true},
		{Filter{Role, Less, []string{"Admin"}}, false},
		{Filter{Role, Less, []string{"B"}}, true},
		{Filter{RequestID, LessOrEqual, []string{"r"}}, true},
		{Filter{ActionType, Equal, []string{"CREATE"}}, true},
		{Filter{ActionType, Equal, []string{"create"}}, false},
		{Filter{OrganizationID, Equal, []string{acme}}, true},
		{Filter{OrganizationID, NotEqual, []string{acme}}, false},
		{Filter{Timestamp, Equal, []string{at(0)}}, true},
		{Filter{Timestamp, Equal, []string{at(1)}}, false},
		{Filter{Timestamp, Greater, []string{at(-1)}}, true},
		{Filter{Timestamp, Greater, []string{at(0)}}, false},
		{Filter{Timestamp, GreaterOrEqual, []string{at(0)}}, true},
		{Filter{Timestamp, GreaterOrEqual, []string{at(1)}}, false},
		{Filter{Timestamp, Less, []string{at(0)}}, false},
		{Filter{Timestamp, Less, []string{at(1)}}, true},
		{Filter{Timestamp, LessOrEqual, []string{at(0)}}, true},
	} {
		s := Search{Filters: []Filter{c.f}, Sort: Timestamp, Size: 10}
		if got := s.of([]Event{e}).Items() == 1; got != c.want {
			t.Errorf("%+v: %v", c.f, got)
		}
		both := Search{Filters: []Filter{c.f, {ID, Equal, []string{"x"}}}, Sort: Timestamp, Size: 10}
		if both.of([]Event{e}).Items() != 0 {
			t.Errorf("%+v: one of two filters was enough", c.f)
		}
	}
}

// The window is where DynamoDB is asked; it may hold more than matches, and never less.
func TestAWindowHoldsWhatTheFiltersCanFind(t *testing.T) {
	t.Parallel()
	oldest := noon.Add(-Life).Add(time.Microsecond)
	hour := func(n int) string { return moment(noon.Add(time.Duration(n) * time.Hour)) }
	is := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	for name, c := range map[string]struct {
		filters []Filter
		want    Window
	}{
		"no filter":              {nil, Window{From: oldest}},
		"of another column":      {[]Filter{{ID, Equal, []string{"x"}}}, Window{From: oldest}},
		"from":                   {[]Filter{{Timestamp, GreaterOrEqual, []string{hour(-2)}}}, Window{From: is(-2)}},
		"until":                  {[]Filter{{Timestamp, Less, []string{hour(-2)}}}, Window{From: oldest, Until: is(-2)}},
		"from and until":         {[]Filter{{Timestamp, Greater, []string{hour(-2)}}, {Timestamp, LessOrEqual, []string{hour(-1)}}}, Window{From: is(-2), Until: is(-1)}},
		"the narrower of two":    {[]Filter{{Timestamp, Greater, []string{hour(-1)}}, {Timestamp, Greater, []string{hour(-2)}}}, Window{From: is(-1)}},
		"an instant":             {[]Filter{{Timestamp, Equal, []string{hour(-2)}}}, Window{From: is(-2), Until: is(-2)}},
		"some instants":          {[]Filter{{Timestamp, Equal, []string{hour(-2), hour(-1)}}}, Window{From: is(-2), Until: is(-1)}},
		"all but an instant":     {[]Filter{{Timestamp, NotEqual, []string{hour(-2)}}}, Window{From: oldest}},
		"older than events live": {[]Filter{{Timestamp, Greater, []string{hour(-9000)}}}, Window{From: oldest}},
	} {
		if diff := cmp.Diff(c.want, Search{Filters: c.filters}.Window(noon)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, filters := range map[string][]Filter{
		"no instants":          {{Timestamp, Equal, nil}},
		"before it begins":     {{Timestamp, Greater, []string{hour(-1)}}, {Timestamp, Less, []string{hour(-2)}}},
		"before events' lives": {{Timestamp, Less, []string{hour(-9000)}}},
	} {
		if w := (Search{Filters: filters}).Window(noon); !w.Empty() {
			t.Errorf("%s: %v is not empty", name, w)
		}
	}
}

// Pages are what cutting the sorted list of all that match makes, in whatever order it is told of.
func TestPagesCutTheSortedList(t *testing.T) {
	t.Parallel()
	all := entries(3 * slack)
	for _, by := range []Column{Timestamp, Actor, ActionType} {
		for _, descending := range []bool{false, true} {
			s := Search{Sort: by, Descending: descending, Filters: []Filter{{Role, NotEqual, []string{""}}}}
			var want []Event
			for _, e := range all {
				if e.Role != "" {
					want = append(want, e)
				}
			}
			slices.SortFunc(want, func(a, b Event) int {
				key := func(e Event) string { return e.column(by, "") + " " + e.ID }
				if descending {
					a, b = b, a
				}
				return strings.Compare(key(a), key(b))
			})
			for _, page := range [][2]int{{10, 0}, {10, 3}, {100, len(want) / 100}, {1, len(want) - 1}, {7, len(want)/7 + 1}, {100, 1 << 62}} {
				s.Size, s.Index = page[0], page[1]
				shuffled := slices.Clone(all)
				rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
				p := s.of(shuffled)
				from := len(want)
				if s.Index <= len(want)/s.Size {
					from = min(s.Index*s.Size, len(want))
				}
				if diff := cmp.Diff(ids(want[from:min(from+s.Size, len(want))]), ids(p.Events())); diff != "" {
					t.Fatalf("%s, descending %v, page %v (-want +got):\n%s", by, descending, page, diff)
				}
				if p.Items() != len(want) || p.Pages() != (len(want)+s.Size-1)/s.Size {
					t.Errorf("totals %d, %d", p.Items(), p.Pages())
				}
			}
		}
	}
}

func TestAPageKeepsNoMoreThanLeadsUpToIt(t *testing.T) {
	t.Parallel()
	p := Search{Sort: Timestamp, Descending: true, Size: 10}.of(entries(10 * slack))
	if len(p.kept) > slack+20 {
		t.Errorf("it keeps %d events for ten", len(p.kept))
	}
}

func TestNothingFoundIsNoPages(t *testing.T) {
	t.Parallel()
	p := Search{Sort: Timestamp, Size: 10}.Page(acme)
	if got := p.Events(); len(got) != 0 || p.Items() != 0 || p.Pages() != 0 {
		t.Errorf("%v, %d, %d", got, p.Items(), p.Pages())
	}
}

func TestOnlyTheOwnLogIsReadAndOnlyByAdmins(t *testing.T) {
	t.Parallel()
	const bolt = "1f8fad5b-d9cb-469f-a165-70867728950e"
	admin, technical := org.Member{Role: org.Admin}, org.Member{Role: org.Technical}
	of := func(is Comparison, ids ...string) Search {
		return Search{Filters: []Filter{{OrganizationID, is, ids}}}
	}
	for name, c := range map[string]struct {
		s    Search
		me   org.Member
		want error
		org  org.ID
	}{
		"an Admin":                        {Search{}, admin, nil, ""},
		"a Technical":                     {Search{}, technical, org.ErrAdminOnly, ""},
		"the own by id":                   {of(Equal, acme), admin, nil, acme},
		"another":                         {of(Equal, bolt), admin, org.ErrNotMember, bolt},
		"another, a Technical":            {of(Equal, bolt), technical, org.ErrNotMember, bolt},
		"the own among others":            {of(Equal, acme, bolt), admin, org.ErrNotMember, acme},
		"none":                            {of(Equal), admin, nil, ""},
		"all but another":                 {of(NotEqual, bolt), admin, nil, ""},
		"those behind another by its id":  {of(Greater, bolt), admin, nil, ""},
		"a second filter asks for others": {Search{Filters: append(of(Equal, acme).Filters, of(Equal, bolt).Filters...)}, admin, org.ErrNotMember, acme},
	} {
		if err := c.s.MayRead(org.Org{ID: acme}, c.me); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if got := c.s.Org(); got != c.org {
			t.Errorf("%s: it asks for %q", name, got)
		}
	}
}

func TestOnlyColumnsThatDecideAreAskedFor(t *testing.T) {
	t.Parallel()
	s := Search{Sort: ActionType, Filters: []Filter{{Column: Timestamp}, {Column: Role}, {Column: ID}, {Column: Role}, {Column: OrganizationID}}}
	if diff := cmp.Diff([]Column{ActionType, Role}, s.Columns()); diff != "" {
		t.Error(diff)
	}
	if got := (Search{Sort: Timestamp}).Columns(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

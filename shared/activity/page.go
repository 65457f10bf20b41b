package activity

import (
	"slices"

	"roster/shared/org"
)

// Page is what a search finds in an organization's events, which are added one by one, in any order.
// It counts all that match and keeps no more than lead up to the page.
type Page struct {
	search Search
	org    org.ID
	kept   []Event
	total  int
}

// Page returns an empty page of the search.
func (s Search) Page(o org.ID) *Page { return &Page{search: s, org: o} }

// slack is how many events may be kept beyond the page's end before the last ones are dropped.
const slack = 4096

// Add takes an event of which at least id, time and the search's columns are known.
func (p *Page) Add(e Event) {
	if !p.search.matches(p.org, e) {
		return
	}
	p.total++
	p.kept = append(p.kept, e)
	if most := p.end(); len(p.kept)-slack >= most {
		slices.SortFunc(p.kept, p.search.compare)
		p.kept = slices.Delete(p.kept, most, len(p.kept))
	}
}

// end is where the page ends among the events that were found so far.
func (p *Page) end() int {
	if p.search.Index >= p.total/p.search.Size {
		return p.total
	}
	return (p.search.Index + 1) * p.search.Size
}

// Events returns the page's events in their order.
func (p *Page) Events() []Event {
	slices.SortFunc(p.kept, p.search.compare)
	if p.search.Index > p.total/p.search.Size {
		return []Event{}
	}
	return p.kept[min(p.search.Index*p.search.Size, len(p.kept)):min(p.end(), len(p.kept))]
}

// Items is how many events match.
func (p *Page) Items() int { return p.total }

// Pages is how many pages those make.
func (p *Page) Pages() int { return (p.total + p.search.Size - 1) / p.search.Size }

package activity

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"roster/shared/fault"
	"roster/shared/org"
)

// FSP is a search as clients write it: filters, sorting and paging, each of which may be missing,
// null or empty.
type FSP struct {
	Paging struct {
		Size  *int `json:"page_size"`
		Index *int `json:"index"`
	} `json:"page_params"`
	Filters []struct {
		Field struct {
			Name  string          `json:"name"`
			Value json.RawMessage `json:"value"` // a text, or an array of texts
		} `json:"field"`
		Type json.RawMessage `json:"filter_type"` // a number, or its name
	} `json:"filters"`
	Sorting struct {
		Field string          `json:"field_name"`
		Order json.RawMessage `json:"order"` // a number, or its name
	} `json:"sorting_params"`
}

const (
	usualPage   = 10
	mostEntries = 100 // of a page
	mostFilters = 100
)

// The names of numbers that clients may write.
var (
	comparisons = []string{"EQUAL", "NOT_EQUAL", "GREATER", "GREATER_OR_EQUAL", "LESS", "LESS_OR_EQUAL"}
	orders      = []string{"ASC", "DESC"}
)

// Where the values stand, as refusals call them.
const (
	atSize   = "Fsp.PageParams.PageSize"
	atIndex  = "Fsp.PageParams.Index"
	atFilter = "Fsp.Filters"
	atValue  = "Fsp.Filters.Field.Value"
	atType   = "Fsp.Filters.FilterType"
	atOrder  = "Fsp.SortingParams.Order"
)

// Parse returns the search that f stands for; refusals name what is wrong.
func (f FSP) Parse() (s Search, err error) {
	if s.Size, s.Index, err = f.page(); err != nil {
		return Search{}, err
	}
	if len(f.Filters) > mostFilters {
		return Search{}, fault.Invalidf("invalid field %s: value must contain at most %d elements", atFilter, mostFilters)
	}
	for _, asked := range f.Filters {
		filter := Filter{Column: Column(asked.Field.Name)}
		if !filterable(filter.Column) {
			return Search{}, fault.Invalidf("filtering not allowed by this column: %s", filter.Column)
		}
		n, _, err := numbered(atType, asked.Type, comparisons)
		if err != nil {
			return Search{}, err
		}
		filter.Is = Comparison(n)
		if filter.Values, err = filter.values(asked.Field.Value); err != nil {
			return Search{}, err
		}
		s.Filters = append(s.Filters, filter)
	}
	s.Sort, s.Descending, err = f.order()
	return s, err
}

func (f FSP) page() (size, index int, err error) {
	size = usualPage
	if f.Paging.Size != nil {
		size = *f.Paging.Size
	}
	if f.Paging.Index != nil {
		index = *f.Paging.Index
	}
	switch {
	case size < 1 || size > mostEntries:
		return 0, 0, fault.Invalidf("invalid field %s: value '%d' must be between 1 and %d", atSize, size, mostEntries)
	case index < 0:
		return 0, 0, fault.Invalidf("invalid field %s: value '%d' must not be negative", atIndex, index)
	}
	return size, index, nil
}

// order is newest first where nothing is said. A column without an order is ascending, whose number
// is the one that clients leave out.
func (f FSP) order() (by Column, descending bool, err error) {
	n, said, err := numbered(atOrder, f.Sorting.Order, orders)
	if err != nil {
		return "", false, err
	}
	by = Column(f.Sorting.Field)
	switch {
	case by == "":
		return Timestamp, n == 1 || !said, nil
	case !sortable(by):
		return "", false, fault.Invalidf("sorting not allowed by this column: %s", by)
	}
	return by, n == 1, nil
}

// numbered takes a number or its name; said is false, and the number 0, for null and nothing.
func numbered(field string, raw json.RawMessage, names []string) (n int, said bool, err error) {
	if absent(raw) {
		return 0, false, nil
	}
	var name string
	if json.Unmarshal(raw, &name) == nil {
		n = slices.Index(names, name)
	} else if json.Unmarshal(raw, &n) != nil {
		n = -1
	}
	if n < 0 || n >= len(names) {
		return 0, false, fault.Invalidf("invalid field %s: value must be a number from 0 to %d, or its name", field, len(names)-1)
	}
	return n, true, nil
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// values takes a text, or an array of texts; null and nothing are the empty text.
func (f Filter) values(raw json.RawMessage) ([]string, error) {
	var one string
	var all []*string
	switch {
	case absent(raw) || json.Unmarshal(raw, &one) == nil:
		all = []*string{&one}
	case json.Unmarshal(raw, &all) != nil || slices.Contains(all, nil):
		return nil, fault.Invalidf("invalid field %s: value must be a string or an array of strings", atValue)
	case f.Is != Equal && f.Is != NotEqual:
		return nil, fault.Invalidf("invalid field %s: value '%s' does not compare to an array", atType, comparisons[f.Is])
	}
	values := make([]string, len(all))
	for i, text := range all {
		value, err := f.value(*text)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	slices.Sort(values)
	return values, nil
}

// value takes one text as events have it.
func (f Filter) value(text string) (string, error) {
	switch f.Column {
	case OrganizationID:
		o, err := org.ParseID(text)
		return string(o), err
	case Timestamp:
		t, ok := parseInstant(text)
		if !ok {
			return "", fault.Invalidf("invalid field %s: value '%s' must be an RFC 3339 timestamp", atValue, text)
		}
		return moment(t), nil
	}
	return text, nil
}

// parseInstant takes RFC 3339's text of an instant, t and z in either letter case. What the time package
// lets pass besides is none: a comma before the fraction, hours of one digit, offsets of a day.
func parseInstant(text string) (time.Time, bool) {
	text = strings.ToUpper(text)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || strings.Contains(text, ",") || text[len("2006-01-02T15")] != ':' || t.UTC().Year() < 0 || t.UTC().Year() > 9999 {
		return time.Time{}, false
	}
	offset := text[len(text)-len("+07:00"):]
	return t, strings.HasSuffix(text, "Z") || offset[1:3] < "24" && offset[4:] < "60"
}

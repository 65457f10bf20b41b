package customer

import (
	"slices"
	"strings"

	"roster/shared/fault"
)

// CheckPriority returns why a ticket may not have that priority, or nil. "" leaves it to the CRM, and
// without a CRM there are no priorities to hold it to.
func (c *Client) CheckPriority(given string) error {
	if c.None() {
		return nil
	}
	f := c.mapping.Ticket
	if _, ok := f.priority(given); ok {
		return nil
	}
	return fault.Invalidf("invalid field Priority: value '%s' must be one of %s", given, strings.Join(f.labels(), ", "))
}

// priority is the value of a priority that is given as the CRM shows it, 2 - High, by its name or by
// its value; "" for none. ok is false for what is none of these.
func (f TicketFields) priority(given string) (value string, ok bool) {
	given = strings.TrimSpace(given)
	number, name, isShown := strings.Cut(given, " - ")
	if !isShown {
		name = given
	}
	if value, ok := f.Priorities[strings.ToLower(name)]; ok && (!isShown || value == number) {
		return value, true
	}
	for _, value := range f.Priorities {
		if value == given {
			return value, true
		}
	}
	return "", given == ""
}

// labels are the priorities as they may be given, in the order of their values.
func (f TicketFields) labels() []string {
	var all []string
	for name, value := range f.Priorities {
		all = append(all, value+" - "+name)
	}
	slices.Sort(all)
	return all
}

package customer

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// Tickets returns the tickets of a customer account, the newest first, at most a thousand.
func (c *Client) Tickets(ctx context.Context, id AccountID) ([]Ticket, error) {
	if c.None() {
		return nil, nil
	}
	ctx, done := c.within(ctx)
	defer done()
	f := c.mapping.Ticket
	records, err := c.owned(ctx, id, f.Table, f.Account, f.Created, f.shown()...)
	if err != nil {
		return nil, unavailable(err)
	}
	all := make([]Ticket, len(records))
	for i, r := range records {
		if all[i], err = c.ticket(r); err != nil {
			return nil, unavailable(err)
		}
	}
	return all, nil
}

// Raise adds a ticket of the contact to the contact's account and returns it as the CRM shows it. It is
// never repeated after anything but refused credentials: when the answer got lost, ErrUnavailable,
// the ticket may be there.
func (c *Client) Raise(ctx context.Context, by Contact, p Problem) (Ticket, error) {
	if c.None() {
		return Ticket{}, unavailable(errors.New("there is no CRM"))
	}
	ctx, done := c.within(ctx)
	defer done()
	f := c.mapping.Ticket
	values := map[Field]string{
		f.Account: string(by.Account), f.Contact: by.ID, f.ShortDescription: p.ShortDescription, f.Description: p.Description,
	}
	if p.Priority != "" {
		values[f.Priority] = f.priority(p.Priority)
	}
	r, err := c.create(ctx, f.Table, values, append(f.shown(), f.Account, f.Created))
	if err != nil {
		return Ticket{}, unavailable(err)
	}
	t, err := c.ticket(r)
	return t, unavailable(err)
}

// priority is the value of a priority that is given as the CRM shows it, 2 - High, by its name or by
// its value. What is none of these is left to the CRM.
func (f TicketFields) priority(given string) string {
	given = strings.TrimSpace(given)
	number, name, isShown := strings.Cut(given, " - ")
	if !isShown {
		name = given
	}
	if value, ok := f.Priorities[strings.ToLower(name)]; ok && (!isShown || value == number) {
		return value
	}
	return given
}

// shown are the fields of a ticket besides its account and its instant.
func (f TicketFields) shown() []Field {
	return []Field{f.Number, f.ShortDescription, f.Priority, f.State, f.Department, f.Requester, f.TaskType, f.URL}
}

func (c *Client) ticket(r record) (Ticket, error) {
	f := c.mapping.Ticket
	if err := r.needs(sysID, f.Number, f.Created); err != nil {
		return Ticket{}, err
	}
	created, err := r.instant(f.Created)
	if err == nil && created.IsZero() {
		err = errors.New("a ticket has no instant")
	}
	return Ticket{
		Number: r.value(f.Number), ShortDescription: r.value(f.ShortDescription), Priority: r.shown(f.Priority), State: r.shown(f.State),
		Created: created, Department: r.shown(f.Department), Requester: r.shown(f.Requester), TaskType: r.shown(f.TaskType),
		URL: c.link(r.value(f.URL), strings.ReplaceAll(f.Page, "{id}", url.QueryEscape(r.value(sysID)))),
	}, err
}

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
	return within(ctx, c, func(ctx context.Context) ([]Ticket, error) { return c.tickets(ctx, id) })
}

func (c *Client) tickets(ctx context.Context, id AccountID) ([]Ticket, error) {
	f := c.mapping.Ticket
	records, err := c.owned(ctx, id, f.Table, f.Account, f.Created, f.shown()...)
	if err != nil {
		return nil, err
	}
	all := make([]Ticket, len(records))
	for i, r := range records {
		if all[i], err = c.ticket(r); err != nil {
			return nil, err
		}
	}
	return all, nil
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

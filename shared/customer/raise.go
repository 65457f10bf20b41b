package customer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// repeatable is how long the same words of the same contact are the same ticket, while that is open:
// whoever did not hear of the first may say them again.
const repeatable = 15 * time.Minute

// repeats is how many tickets of the same words are looked at, the newest first.
const repeats = 10

// Raise adds a ticket of the contact to the contact's account and returns it as the CRM shows it; one
// that the contact raised in the same words a moment ago is returned again. So what failed may be
// repeated: after ErrUnavailable the ticket may be there. Two calls at the same time are two tickets.
func (c *Client) Raise(ctx context.Context, by Contact, p Problem) (Ticket, error) {
	if c.None() {
		return Ticket{}, unavailable(errors.New("there is no CRM"))
	}
	return within(ctx, c, func(ctx context.Context) (Ticket, error) { return c.raise(ctx, by, p) })
}

func (c *Client) raise(ctx context.Context, by Contact, p Problem) (Ticket, error) {
	f := c.mapping.Ticket
	values := map[Field]string{
		f.Account: string(by.Account), f.Contact: by.ID, f.ShortDescription: p.ShortDescription, f.Description: p.Description,
	}
	if value, _ := f.priority(p.Priority); value != "" {
		values[f.Priority] = value
	}
	if f.Correlation != "" {
		mark := markOf(by.ID, p.ShortDescription, p.Description, values[f.Priority])
		if r, err := c.raised(ctx, by.Account, mark); err != nil || r != nil {
			return c.orTicket(r, err)
		}
		values[f.Correlation] = mark
	}
	return c.orTicket(c.create(ctx, f.Table, values, append(f.shown(), f.Account, f.Created)))
}

func (c *Client) orTicket(r record, err error) (Ticket, error) {
	if err != nil {
		return Ticket{}, err
	}
	return c.ticket(r)
}

// markOf is what a ticket of those words is known by.
func markOf(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return "roster-" + hex.EncodeToString(sum[:16])
}

// raised returns the open ticket of the account that has the mark since a moment ago, nil when there is
// none. A record that does not say so is none: the CRM leaves a condition out whose field it does not
// know.
func (c *Client) raised(ctx context.Context, id AccountID, mark string) (record, error) {
	f := c.mapping.Ticket
	query, err := equals(f.Account, string(id))
	if err != nil {
		return nil, err
	}
	query += "^" + string(f.Correlation) + "=" + mark
	if f.Active != "" {
		query += "^" + string(f.Active) + "=true"
	}
	found, err := c.portion(ctx, f.Table, query+newestFirst(f.Created), append(f.shown(), f.Account, f.Created, f.Correlation), 0, repeats)
	if err != nil {
		return nil, err
	}
	for _, r := range found.records {
		created, err := r.instant(f.Created)
		if err == nil && r.value(f.Correlation) == mark && r.value(f.Account) == string(id) && time.Since(created) < repeatable {
			return r, nil
		}
	}
	return nil, nil
}

package customer

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
)

// Account returns a customer account, active or not; the zero Account when there is none of that id.
func (c *Client) Account(ctx context.Context, id AccountID) (Account, error) {
	if c.None() {
		return Account{}, nil
	}
	return within(ctx, c, func(ctx context.Context) (Account, error) { return c.account(ctx, id) })
}

func (c *Client) account(ctx context.Context, id AccountID) (Account, error) {
	f := c.mapping.Account
	query, err := equals(sysID, string(id))
	if err != nil {
		return Account{}, err
	}
	records, err := c.all(ctx, f.Table, query, []Field{f.Name, f.Active, f.ManagerName, f.ManagerEmail, f.NewTicketURL})
	if err != nil || len(records) == 0 {
		return Account{}, err
	}
	r := records[0]
	if err := r.needs(f.Name); err != nil {
		return Account{}, err
	}
	if r.value(sysID) != string(id) {
		return Account{}, errOther(f.Table)
	}
	active, err := c.active(r)
	return Account{
		ID: id, Name: r.value(f.Name), Active: active,
		SuccessManager: Person{Name: r.shown(f.ManagerName), Email: r.value(f.ManagerEmail)},
		NewTicketURL:   c.link(r.value(f.NewTicketURL), f.NewTicketPage),
	}, err
}

func (c *Client) active(r record) (bool, error) {
	f := c.mapping.Account.Active
	if f == "" {
		return true, nil
	}
	if err := r.needs(f); err != nil {
		return false, err
	}
	return r.is(f)
}

// link is the record's own URL if it is one of the web, else a page of the instance. People click on
// it, so nothing else will do.
func (c *Client) link(own, page string) string {
	if u, err := url.Parse(own); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		return own
	}
	return c.base + page
}

// errOther says that the CRM answered with what was not asked for. It leaves a condition out of a
// query when it does not know the field, and then answers with everybody's records.
func errOther(table Field) error {
	return fmt.Errorf("%s: the CRM answers with records of another account", table)
}

// owned lists the records of a table that belong to an account, newest first, and makes sure that
// they do. Some of them may be hidden from the credential, which is for the log; that all are is an error.
func (c *Client) owned(ctx context.Context, id AccountID, table, account, created Field, fields ...Field) ([]record, error) {
	query, err := equals(account, string(id))
	if err != nil {
		return nil, err
	}
	found, err := c.list(ctx, table, query+newestFirst(created), append(fields, account, created))
	switch {
	case err != nil:
		return nil, err
	case found.hidden > 0 && len(found.records) == 0:
		return nil, errHidden(table)
	case found.hidden > 0:
		slog.WarnContext(ctx, "records hidden", "table", string(table), "hidden", found.hidden)
	}
	for _, r := range found.records {
		if err := r.needs(account, created); err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
		if r.value(account) != string(id) {
			return nil, errOther(table)
		}
	}
	return found.records, nil
}

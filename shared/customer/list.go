package customer

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
)

const (
	pageSize = 250  // records asked for at once
	most     = 1000 // records of one table that are read at all
)

// A listing is what came of a query. What the credential may not see is taken out after the query ran:
// the CRM counts it, and answers as if it were not there.
type listing struct {
	records []record
	hidden  int
}

func errHidden(table Field) error {
	return fmt.Errorf("%s: the CRM hides records from the credential", table)
}

// all returns every record of a table that the query matches. Where one is hidden, nobody knows what it
// says, and be it that it is the only one.
func (c *Client) all(ctx context.Context, table Field, query string, fields []Field) ([]record, error) {
	found, err := c.list(ctx, table, query, fields)
	if err == nil && found.hidden > 0 {
		err = errHidden(table)
	}
	return found.records, err
}

// list returns the records of a table that the query matches, in its order, the first most of them. The
// pages after the first are asked for side by side, because all of them share the request's time; one
// after the other where the CRM does not say how many there are.
func (c *Client) list(ctx context.Context, table Field, query string, fields []Field) (listing, error) {
	first, err := c.portion(ctx, table, query, fields, 0, pageSize)
	pages := []portion{first}
	switch {
	case err != nil:
		return listing{}, err
	case first.next && first.total >= 0:
		more, err := c.sideBySide(ctx, table, query, fields, min(first.total, most))
		if err != nil {
			return listing{}, err
		}
		pages = append(pages, more...)
	default:
		for last := first; last.next && len(pages)*pageSize < most; pages = append(pages, last) {
			if last, err = c.portion(ctx, table, query, fields, len(pages)*pageSize, pageSize); err != nil {
				return listing{}, err
			}
		}
	}
	return join(pages), nil
}

// sideBySide returns the pages after the first of so many records.
func (c *Client) sideBySide(ctx context.Context, table Field, query string, fields []Field, total int) ([]portion, error) {
	pages := make([]portion, (total-1)/pageSize)
	g, ctx := errgroup.WithContext(ctx)
	for i := range pages {
		g.Go(func() (err error) {
			pages[i], err = c.portion(ctx, table, query, fields, (i+1)*pageSize, pageSize)
			return err
		})
	}
	return pages, g.Wait()
}

// join puts pages together. A record that was made in between moves the others on, so that one may be
// on two pages.
func join(pages []portion) listing {
	var all listing
	seen := map[string]bool{}
	for _, p := range pages {
		all.hidden += p.hidden
		for _, r := range p.records {
			id := r.value(sysID)
			if id == "" || !seen[id] {
				all.records = append(all.records, r)
			}
			seen[id] = true
		}
	}
	return all
}

// A portion is a page of a listing.
type portion struct {
	listing

	total int  // records that the query matches, hidden ones too; -1 when the CRM does not say
	next  bool // there are more
}

// portion asks for up to limit records from an offset on.
func (c *Client) portion(ctx context.Context, table Field, query string, fields []Field, offset, limit int) (portion, error) {
	in := presented(fields)
	in.Set("sysparm_query", query)
	in.Set("sysparm_limit", strconv.Itoa(limit))
	in.Set("sysparm_offset", strconv.Itoa(offset))
	p := portion{total: -1}
	header, err := c.call(ctx, http.MethodGet, table, in, nil, &p.records)
	if err != nil {
		return portion{}, err
	}
	if n, err := strconv.Atoi(header.Get("X-Total-Count")); err == nil && n >= 0 {
		p.total, p.hidden = n, max(min(n-offset, limit)-len(p.records), 0)
	}
	p.next = goesOn(header.Values("Link"), p.total, offset+limit, len(p.records) >= limit)
	return p, nil
}

// goesOn reports whether there is a page at that offset. The Link header is believed first, then the
// count, then a page's being full: proxies take headers away, and instances can be told to spare them.
// The links themselves are not followed, or an answer could have the token sent elsewhere.
func goesOn(links []string, total, offset int, full bool) bool {
	if all := strings.Join(links, ","); all != "" {
		return strings.Contains(all, `rel="next"`)
	}
	if total >= 0 {
		return offset < total
	}
	return full
}

// Command member-search lists the members of an organization and who is invited to it, or finds one
// of them by e-mail.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/store"
)

type body struct {
	User *struct {
		Username string `json:"username"`
	} `json:"user"`
	PageSize  *int   `json:"page_size"`
	PageToken string `json:"page_token"`
}

type answer struct {
	Members []httpapi.Member `json:"members"`
	Next    string           `json:"next_page_token"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		size, from, err := r.Body.page(o)
		if err != nil {
			return answer{}, err
		}
		if r.Body.User != nil {
			return one(ctx, db, r.Caller, o, r.Body.User.Username)
		}
		seen, page, err := db.Members(ctx, r.Caller, o, from, size)
		return show(seen, page), err
	})
}

// mostRows is the largest page, and the usual one.
const mostRows = 1000

func (b body) page(o org.ID) (size int, from *store.Cursor, err error) {
	if b.User != nil && b.User.Username == "" {
		return 0, nil, fault.Empty("User.Username", "")
	}
	if size = mostRows; b.PageSize != nil {
		size = *b.PageSize
	}
	if size < 1 || size > mostRows {
		return 0, nil, fault.Invalidf("invalid field PageSize: value '%d' must be between 1 and %d", size, mostRows)
	}
	if b.PageToken != "" {
		from, err = parseToken(o, b.PageToken)
	}
	return size, from, err
}

// one finds the row of an address; what is no address has none.
func one(ctx context.Context, db *store.Store, c account.Caller, o org.ID, username string) (answer, error) {
	var targets []org.MemberID
	if a, err := account.ParseAddress(username); err == nil {
		targets = append(targets, org.MemberOf(o, a))
	}
	seen, err := db.Look(ctx, c, o, targets...)
	return show(seen, store.Page{Rows: seen.Rows}), err
}

func show(seen store.Seen, page store.Page) answer {
	a := answer{Members: []httpapi.Member{}, Next: token(seen.Org.ID, page.Next)}
	for _, row := range page.Rows {
		if row.Member.Exists() {
			a.Members = append(a.Members, httpapi.MemberOf(row.Member, row.Invitation, seen.At))
		}
	}
	httpapi.SortMembers(a.Members)
	return a
}

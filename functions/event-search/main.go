// Command event-search shows an Admin a page of the organization's log.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type body struct {
	FSP activity.FSP `json:"fsp"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		s, err := r.Body.FSP.Parse()
		if err != nil {
			return answer{}, err
		}
		return search(ctx, db, r.Caller, s)
	})
}

func search(ctx context.Context, db *store.Store, c account.Caller, s activity.Search) (answer, error) {
	seen, log, err := db.LookLog(ctx, c, s.Org(), s.Window(db.Now()))
	if err != nil {
		return answer{}, err
	}
	if err := s.MayRead(seen.Org, seen.Me); err != nil {
		return answer{}, err
	}
	page := s.Page(seen.Org.ID)
	if err := log.Each(ctx, s.Columns(), page.Add); err != nil {
		return answer{}, err
	}
	events, err := log.Whole(ctx, page.Events())
	if err != nil {
		return answer{}, err
	}
	return answer{shown(seen.Org.ID, events), totals{page.Items(), page.Pages()}}, nil
}

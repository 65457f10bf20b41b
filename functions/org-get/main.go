// Command org-get shows one organization, and whom its customers turn to.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/store"
)

type answer struct {
	Org      httpapi.Org `json:"org"`
	Contacts contacts    `json:"contacts"`
}

// contacts are filled for contacts of a linked customer account only; for everybody else they are
// null and "".
type contacts struct {
	CustomerSuccess *person `json:"customer_success"`
	NewTicketURL    string  `json:"new_ticket_url"`
}

type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		seen, err := db.Look(ctx, r.Caller, o)
		return answer{Org: httpapi.OrgOf(seen.Org)}, err
	})
}

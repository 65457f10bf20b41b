// Command ticket-search lists the tickets of the caller's company.
package main

import (
	"context"

	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type answer struct {
	Tickets []company.Ticket `json:"tickets"`
}

func main() {
	db, crm := store.Open(), customer.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		ctx, all := customer.WithBudget(ctx), answer{Tickets: []company.Ticket{}}
		contact, err := company.Look(ctx, db, crm, r.Caller, o)
		if err != nil || !contact.Exists() {
			return all, err
		}
		found, err := crm.Tickets(ctx, contact.Account)
		for _, t := range found {
			all.Tickets = append(all.Tickets, company.TicketOf(t))
		}
		return all, err
	})
}

// Command company-search tells a customer's contact the name of their company.
package main

import (
	"context"

	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type answer struct {
	Name string `json:"name"`
}

func main() {
	db, crm := store.Open(), customer.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		name, err := company.NameFor(customer.WithBudget(ctx), db, crm, r.Caller)
		return answer{name}, err
	})
}

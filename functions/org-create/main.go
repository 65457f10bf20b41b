// Command org-create makes an organization with the caller as its Admin, or links a customer's contact
// to their company's.
package main

import (
	"context"

	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type body struct {
	Name string `json:"name"`
}

func main() {
	db, crm := store.Open(), customer.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (httpapi.OneOrg, error) {
		made, err := company.Create(customer.WithBudget(ctx), db, crm, r.Caller, r.Body.Name)
		return httpapi.OneOrg{Org: httpapi.OrgOf(made)}, err
	})
}

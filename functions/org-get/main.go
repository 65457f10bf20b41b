// Command org-get shows one organization, and whom its customers turn to.
package main

import (
	"context"

	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/httpapi"
	"roster/shared/store"
	"roster/shared/telemetry"
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
	db, crm := store.Open(), customer.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		seen, err := db.Look(ctx, r.Caller, o)
		if err != nil {
			return answer{}, err
		}
		return answer{httpapi.OrgOf(seen.Org), look(customer.WithBudget(ctx), crm, seen)}, nil
	})
}

// look asks the CRM for the contacts. That it does not answer keeps nobody from seeing the organization.
func look(ctx context.Context, crm *customer.Client, seen store.Seen) contacts {
	contact, err := company.Contact(ctx, crm, seen)
	if err != nil || !contact.Exists() {
		return unknown(ctx, err)
	}
	a, err := crm.Account(ctx, contact.Account)
	if err != nil || !a.Exists() {
		return unknown(ctx, err)
	}
	known := contacts{NewTicketURL: a.NewTicketURL}
	if m := a.SuccessManager; m.Name != "" && m.Email != "" {
		known.CustomerSuccess = &person{m.Name, m.Email}
	}
	return known
}

func unknown(ctx context.Context, err error) contacts {
	if err != nil {
		telemetry.Failed(ctx, "contacts not found", err)
	}
	return contacts{}
}

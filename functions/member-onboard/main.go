// Command member-onboard takes the CRM's word that somebody is a contact of a customer account, or is none
// any more.
package main

import (
	"context"
	"os"
	"strings"

	"roster/shared/account"
	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/secret"
	"roster/shared/store"
)

// body is the part of what the CRM sends that says something here. What it does not say of being active
// counts as yes, so that nobody is taken out by an omission.
type body struct {
	Email   string `json:"email"`
	Admin   bool   `json:"admin"`
	Active  *bool  `json:"active"`
	Account struct {
		IDs struct {
			ServiceNow string `json:"servicenow"`
		} `json:"ids"`
		Active *bool  `json:"active"`
		Name   string `json:"name"`
	} `json:"account"`
}

type answer struct {
	Org org.ID `json:"platform_org_id"`
}

func main() {
	db, credentials := store.Open(), secret.OpenBearers(os.Getenv("ROSTER_ONBOARDING_SECRET"))
	httpapi.ServeClient(credentials.Check, func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		word, err := r.Body.parse()
		if err != nil {
			return answer{}, err
		}
		o, err := company.Onboard(ctx, db, r.Caller, word)
		return answer{o}, err
	})
}

func (b body) parse() (company.Word, error) {
	w := company.Word{
		Role: org.Technical, Customer: b.Account.IDs.ServiceNow, Company: b.Account.Name, Active: yes(b.Active) && yes(b.Account.Active),
	}
	if b.Admin {
		w.Role = org.Admin
	}
	if err := httpapi.Required("Email", b.Email); err != nil {
		return w, err
	}
	if err := httpapi.Required("Account.Ids.Servicenow", w.Customer); err != nil {
		return w, err
	}
	if strings.TrimSpace(w.Company) == "" {
		return w, fault.Empty("Account.Name", w.Company)
	}
	if _, ok := customer.ParseAccountID(w.Customer); !ok {
		return w, fault.Invalidf("invalid field Account.Ids.Servicenow: value must be an id of at most %d letters, digits, _ and -", customer.MaxID)
	}
	var err error
	if w.Address, err = account.ParseAddress(b.Email); err != nil {
		return w, fault.Invalidf("invalid field Email: value '%s' must be an e-mail address", b.Email)
	}
	return w, nil
}

func yes(b *bool) bool { return b == nil || *b }

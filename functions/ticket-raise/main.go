// Command ticket-raise adds a ticket of the caller to their company's in the CRM.
package main

import (
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type body struct {
	ShortDescription string `json:"short_description"`
	Description      string `json:"description"`
	Priority         string `json:"priority"`
}

type answer struct {
	Ticket company.Ticket `json:"ticket"`
}

// The longest texts that are taken, in characters: those of ServiceNow's columns.
const (
	maxShort    = 160
	maxText     = 4000
	maxPriority = 40
)

func main() {
	db, crm := store.Open(), customer.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		if err := cmp.Or(r.Body.check(), crm.CheckPriority(r.Body.Priority)); err != nil {
			return answer{}, err
		}
		ctx = customer.WithBudget(ctx)
		contact, err := company.Look(ctx, db, crm, r.Caller, o)
		if err != nil {
			return answer{}, err
		}
		if !contact.Exists() {
			return answer{}, company.ErrNoContact
		}
		raised, err := crm.Raise(ctx, contact, customer.Problem(r.Body))
		return answer{company.TicketOf(raised)}, err
	})
}

func (b body) check() error {
	if strings.TrimSpace(b.ShortDescription) == "" {
		return fault.Empty("ShortDescription", b.ShortDescription)
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{
		{"ShortDescription", b.ShortDescription, maxShort}, {"Description", b.Description, maxText}, {"Priority", b.Priority, maxPriority},
	} {
		if utf8.RuneCountInString(f.value) > f.most {
			return fault.Invalidf("invalid field %s: value must be at most %d characters", f.name, f.most)
		}
	}
	return nil
}

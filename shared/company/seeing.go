package company

import (
	"context"
	"time"

	"roster/shared/account"
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/store"
)

// ErrNoContact says that somebody has nobody to raise a ticket for.
var ErrNoContact = fault.New(fault.Forbidden, "Only contacts of a customer account can raise tickets.")

// Contact is the caller as a contact of the customer account that their organization is linked to; the
// zero one for everybody else, whatever their organization is. One that is not linked asks the CRM nothing.
func Contact(ctx context.Context, crm *customer.Client, seen store.Seen) (customer.Contact, error) {
	if seen.Org.Customer == "" {
		return customer.Contact{}, nil
	}
	contact, err := crm.Contact(ctx, seen.Caller.Address)
	if err != nil || !contact.Of(customer.AccountID(seen.Org.Customer)) {
		return customer.Contact{}, err
	}
	return contact, nil
}

// Look is the look of an active member of an organization, and who they are there to the CRM.
func Look(ctx context.Context, db *store.Store, crm *customer.Client, c account.Caller, o org.ID) (customer.Contact, error) {
	seen, err := db.Look(ctx, c, o)
	if err != nil {
		return customer.Contact{}, err
	}
	return Contact(ctx, crm, seen)
}

// NameFor is the company's name of a caller who is a contact, as an organization has it; "" for everybody
// else. Where the CRM does not answer, its word of the last day that they are none counts, which is kept
// anew here before it is too old, so that whoever comes by daily does not notice.
func NameFor(ctx context.Context, db *store.Store, crm *customer.Client, c account.Caller) (string, error) {
	a, err := db.Find(ctx, c.Account)
	if err != nil {
		return "", err
	}
	if err := account.MayCall(c, a); err != nil {
		return "", err
	}
	contact, err := crm.Contact(ctx, c.Address)
	switch {
	case err != nil && a.IsNoContact(db.Now()) && a.Address.Same(c.Address):
		return "", nil
	case err != nil:
		return "", err
	case !contact.Exists():
		return "", remind(ctx, db, crm, c, a)
	}
	return org.NameOf(contact.Company), nil
}

// soon is how long before its end the CRM's word that somebody is no contact is kept anew.
const soon = 12 * time.Hour

// remind keeps with the account that the CRM does not know it, unless that is fresh.
func remind(ctx context.Context, db *store.Store, crm *customer.Client, c account.Caller, a account.Account) error {
	if crm.None() || !a.Address.Same(c.Address) || a.IsNoContact(db.Now().Add(soon)) {
		return nil
	}
	return dismiss(db.NoteNoContact(ctx, a), store.ErrMoved)
}

// Ticket is a ticket on the wire.
type Ticket struct {
	Number           string       `json:"number"`
	ShortDescription string       `json:"short_description"`
	Priority         string       `json:"priority"`
	State            string       `json:"state"`
	CreateTime       httpapi.Time `json:"create_time"`
	Department       string       `json:"department"`
	Requester        string       `json:"requester"`
	TaskType         string       `json:"task_type"`
	URL              string       `json:"url"`
}

// TicketOf returns t as it is shown.
func TicketOf(t customer.Ticket) Ticket {
	return Ticket{
		Number: t.Number, ShortDescription: t.ShortDescription, Priority: t.Priority, State: t.State,
		CreateTime: httpapi.Time(t.Created), Department: t.Department, Requester: t.Requester, TaskType: t.TaskType, URL: t.URL,
	}
}

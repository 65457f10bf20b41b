// Package customer is the Customer Portal, the CRM in which the contacts, entitlements and tickets of
// customer accounts (companies) are kept: a ServiceNow instance, asked through its REST Table API.
// Roster keeps nothing of it but the account that an organization is linked to. Whatever keeps the
// CRM from answering, down, slow, refusing or answering nonsense, is ErrUnavailable; that somebody is
// no contact is a value. All work for one request shares one deadline of two seconds (WithBudget).
package customer

import (
	"strings"
	"time"

	"roster/shared/fault"
	"roster/shared/org"
)

// ErrUnavailable says that the CRM cannot answer now. What wraps it tells why, for the log; never
// with an address, a credential or anything that the CRM said.
var ErrUnavailable = fault.New(fault.Unavailable, "The Customer Portal does not answer. Please try again.")

// AccountID is a customer account's: what ServiceNow calls its sys_id.
type AccountID string

// MaxID is the length of the longest id of a customer account.
const MaxID = 128

// ParseAccountID takes a customer account's id from outside: letters, digits, _ and -, which mean
// nothing but themselves in a query.
func ParseAccountID(s string) (AccountID, bool) {
	const usable = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	return AccountID(s), s != "" && len(s) <= MaxID && strings.Trim(s, usable) == ""
}

// Contact is a person of a customer account. The zero value is nobody.
type Contact struct {
	ID      string
	Address string // as the CRM spells it
	Role    org.Role
	Account AccountID
	Company string // the account's name
}

// Exists reports whether there is such a contact.
func (c Contact) Exists() bool { return c.ID != "" }

// Of reports whether c is a contact of that customer account.
func (c Contact) Of(id AccountID) bool { return c.Exists() && c.Account == id }

// Account is a customer account. The zero value is none.
type Account struct {
	ID             AccountID
	Name           string
	Active         bool   // it still is a customer
	SuccessManager Person // empty while nobody is assigned
	NewTicketURL   string // where its contacts raise a ticket by hand; never empty
}

// Exists reports whether there is such an account.
func (a Account) Exists() bool { return a.ID != "" }

// Person is somebody on the vendor's side.
type Person struct{ Name, Email string }

// Entitlement is a support subscription of a customer account. What may be nil is null where it is
// shown (API.md §7).
type Entitlement struct {
	Number, Name, Summary          string
	Tier, TotalUnits, SupportLevel *string
	UnlimitedUnits                 *bool
	SoftwareFamilies               []string  // never nil
	Start, End                     time.Time // midnight UTC
	SecurityAdvisor, ConfigAdvisor *string
}

// Ticket is a case of a customer account.
type Ticket struct {
	Number, ShortDescription, Priority, State string
	Created                                   time.Time
	Department, Requester, TaskType, URL      string
}

// Problem is what a contact raises a ticket about.
type Problem struct {
	ShortDescription, Description string
	Priority                      string // one that CheckPriority takes; "" leaves it to the CRM
}

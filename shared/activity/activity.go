// Package activity is about the log of an organization: who did what to whom, one event for each
// change of API.md §9's table, written in the transaction of the change; and about searching it,
// which is plain values and functions over events.
package activity

import (
	"time"

	"roster/shared/account"
)

// Life is how long an event is kept.
const Life = 365 * 24 * time.Hour

// Action is what an event reports.
type Action string

// The actions.
const (
	Create         Action = "CREATE"
	Update         Action = "UPDATE"
	Delete         Action = "DELETE"
	LogIn          Action = "LOG_IN"
	LogOut         Action = "LOG_OUT"
	ChangePassword Action = "CHANGE_PASSWORD"
)

// Actions lists all of them.
func Actions() []Action {
	return []Action{Create, Update, Delete, LogIn, LogOut, ChangePassword}
}

// The types of objects.
const (
	Organization = "organization"
	Membership   = "organization_member"
	Inventory    = "inventory"
)

// Types lists all of them.
func Types() []string { return []string{Organization, Membership, Inventory} }

// Event is one entry of an organization's log.
type Event struct {
	ID        string
	At        time.Time
	Actor     account.ID // "" for an operator
	Role      string     // the actor's after the change, "" for who is no member then
	IP        string
	UserAgent string
	RequestID string
	Action    Action
	Objects   []Object
}

// Object is what an event happened to, named as it was that day.
type Object struct {
	ID      string
	Name    string
	Type    string
	Initial map[string]string
	Result  map[string]string
}

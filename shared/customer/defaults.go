package customer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// standard is the mapping for an instance with Customer Service Management as it comes. Names that
// begin with u_ are columns that a customer adds; on an instance without them, what they hold is
// absent, and nobody is an Admin there.
func standard() Mapping {
	return Mapping{
		Contact: ContactFields{
			Table: "customer_contact", Email: "email", Active: "active", Account: "account", Created: "sys_created_on",
			Admin: "u_admin", AdminValue: "true",
		},
		Account: AccountFields{
			Table: "customer_account", Name: "name", Active: "customer",
			ManagerName: "u_success_manager.name", ManagerEmail: "u_success_manager.email",
			NewTicketURL: "u_new_ticket_url", NewTicketPage: "/csm?id=csm_get_help",
		},
		Entitlement: EntitlementFields{
			Table: "service_entitlement", Account: "account", Created: "sys_created_on",
			Number: "number", Name: "name", Summary: "short_description", Tier: "u_tier",
			TotalUnits: "total_units", UnlimitedUnits: "u_unlimited_units", SupportLevel: "u_support_level",
			SoftwareFamilies: "u_software_families", Start: "start_date", End: "end_date",
			SecurityAdvisor: "u_security_advisor", ConfigAdvisor: "u_config_advisor",
		},
		Ticket: TicketFields{
			Table: "sn_customerservice_case", Account: "account", Contact: "contact", Created: "sys_created_on",
			Number: "number", ShortDescription: "short_description", Description: "description",
			Priority: "priority", State: "state", Department: "contact.department", Requester: "contact",
			TaskType: "sys_class_name", URL: "u_url", Correlation: "correlation_id", Active: "active",
			Priorities: map[string]string{"critical": "1", "high": "2", "moderate": "3", "low": "4"},
			Page:       "/csm?id=csm_ticket&table=sn_customerservice_case&sys_id={id}",
		},
	}
}

// parseMapping returns the standard mapping with what the JSON text overrides; "" overrides nothing.
// A name that it does not know is an error, or a misspelt override would go unnoticed.
func parseMapping(text string) (Mapping, error) {
	m := standard()
	if text == "" {
		return m, nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	given := &m
	if err := decoder.Decode(&given); err != nil {
		return Mapping{}, err
	}
	if given == nil {
		return Mapping{}, errors.New("null is no object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Mapping{}, errors.New("something follows the object")
	}
	return m, m.check()
}

// CheckMapping returns why Open would refuse the text as ROSTER_CRM_MAPPING, or nil.
func CheckMapping(text string) error {
	_, err := parseMapping(text)
	return err
}

// check returns what the mapping lacks. Tables, and columns that a ticket is written to, are no
// paths.
func (m Mapping) check() error {
	c, a, e, t := m.Contact, m.Account, m.Entitlement, m.Ticket
	for name, f := range map[string]Field{
		"contact.table": c.Table, "account.table": a.Table, "entitlement.table": e.Table, "ticket.table": t.Table,
		"ticket.account": t.Account, "ticket.contact": t.Contact, "ticket.short_description": t.ShortDescription,
		"ticket.description": t.Description, "ticket.priority": t.Priority,
	} {
		if !f.column() {
			return fmt.Errorf("%s must be one name", name)
		}
	}
	for name, f := range map[string]Field{
		"contact.email": c.Email, "contact.active": c.Active, "contact.account": c.Account, "contact.created": c.Created,
		"account.name": a.Name, "entitlement.account": e.Account, "entitlement.created": e.Created,
		"entitlement.number": e.Number, "entitlement.name": e.Name, "entitlement.start_date": e.Start,
		"entitlement.end_date": e.End, "ticket.created": t.Created, "ticket.number": t.Number, "ticket.state": t.State,
	} {
		if f == "" {
			return fmt.Errorf("%s must not be empty", name)
		}
	}
	for name, page := range map[string]string{"account.new_ticket_page": a.NewTicketPage, "ticket.page": t.Page} {
		if !strings.HasPrefix(page, "/") {
			return fmt.Errorf("%s must begin with a slash", name)
		}
	}
	return nil
}

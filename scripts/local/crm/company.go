package crm

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Company is a customer account with all that belongs to it, as POST /_local/crm takes it;
// entitlements and tickets as API.md §7 shows them. What is hidden is there, and not for the credential
// of Roster: the instance counts it, and leaves it out of its answers.
type Company struct {
	Account      Account       `json:"account"`
	Contacts     []Contact     `json:"contacts"`
	Entitlements []Entitlement `json:"entitlements"`
	Tickets      []Ticket      `json:"tickets"`
}

// Account is a customer account, active unless it says otherwise.
type Account struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Active         *bool  `json:"active,omitempty"`
	SuccessManager struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"success_manager"`
	NewTicketURL string `json:"new_ticket_url"`
	Hidden       bool   `json:"hidden,omitempty"`
}

// Contact is a contact, active unless it says otherwise. Without a role it is neither Admin nor Technical
// in the CRM.
type Contact struct {
	Email  string `json:"email"`
	Name   string `json:"name,omitempty"`
	Role   string `json:"role"`
	Active *bool  `json:"active,omitempty"`
	Hidden bool   `json:"hidden,omitempty"`
}

// Entitlement is an entitlement.
type Entitlement struct {
	Number           string   `json:"number"`
	Name             string   `json:"name"`
	Summary          string   `json:"summary"`
	Tier             *string  `json:"tier"`
	TotalUnits       *string  `json:"total_units"`
	UnlimitedUnits   *bool    `json:"unlimited_units"`
	SupportLevel     *string  `json:"support_level"`
	SoftwareFamilies []string `json:"software_families"`
	StartDate        string   `json:"start_date"`
	EndDate          string   `json:"end_date"`
	Platform         struct {
		SecurityAdvisor *string `json:"security_advisor"`
		ConfigAdvisor   *string `json:"config_advisor"`
	} `json:"platform"`
	Hidden bool `json:"hidden,omitempty"`
}

// Ticket is a case.
type Ticket struct {
	Number           string `json:"number"`
	ShortDescription string `json:"short_description"`
	Description      string `json:"description,omitempty"`
	Priority         string `json:"priority"`
	State            string `json:"state"`
	CreateTime       string `json:"create_time"`
	Department       string `json:"department"`
	Requester        string `json:"requester"`
	TaskType         string `json:"task_type"`
	URL              string `json:"url"`
	Hidden           bool   `json:"hidden,omitempty"`
}

// Add puts a company into the CRM, in place of one with the same id. It returns what is wrong with it.
func (s *Server) Add(c Company) error {
	if c.Account.ID == "" || c.Account.Name == "" {
		return errors.New("account.id and account.name must not be empty")
	}
	rows, err := c.records()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(c.Account.ID)
	for table, of := range rows {
		s.tables[table] = append(s.tables[table], of...)
	}
	return nil
}

// Remove takes a company out with all that belongs to it, and reports whether there was one.
func (s *Server) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove(id)
}

func (s *Server) remove(id string) bool {
	there := s.find(accounts, id) != nil
	for table := range s.tables {
		s.tables[table] = slices.DeleteFunc(s.tables[table], func(r record) bool {
			return r["account"].value == id || (table == accounts || table == users) && r["sys_id"].value == id
		})
	}
	return there
}

// records are the rows of a company, by table. Its success manager's has the account's id.
func (c Company) records() (map[string][]record, error) {
	a := c.Account
	manager := cell{"", ""}
	rows := map[string][]record{}
	if m := a.SuccessManager; m.Name != "" || m.Email != "" {
		manager = cell{a.ID, m.Name}
		rows[users] = []record{{"sys_id": plain(a.ID), "sys_created_on": created(0), "name": plain(m.Name), "email": plain(m.Email)}}
	}
	rows[accounts] = []record{{
		"sys_id": plain(a.ID), "sys_created_on": created(0), "name": plain(a.Name), "number": plain("ACCT-" + a.ID),
		"customer": flag(a.Active == nil || *a.Active), "u_success_manager": manager, "u_new_ticket_url": plain(a.NewTicketURL),
		hidden: flag(a.Hidden),
	}}
	account := cell{a.ID, a.Name}
	for i, p := range c.Contacts {
		if p.Role != "" && p.Role != "Admin" && p.Role != "Technical" {
			return nil, fmt.Errorf("contact %s: role %q is neither Admin nor Technical", p.Email, p.Role)
		}
		rows[contacts] = append(rows[contacts], p.record(account, i))
	}
	for i, e := range c.Entitlements {
		r, err := e.record(account, i)
		if err != nil {
			return nil, fmt.Errorf("entitlement %s: %w", e.Number, err)
		}
		rows[entitlements] = append(rows[entitlements], r)
	}
	for i, t := range c.Tickets {
		r, err := t.record(account, i)
		if err != nil {
			return nil, fmt.Errorf("ticket %s: %w", t.Number, err)
		}
		rows[cases] = append(rows[cases], r)
	}
	return rows, nil
}

func (p Contact) record(account cell, i int) record {
	return record{
		"sys_id": plain(newID()), "sys_created_on": created(i), "name": plain(p.Name), "email": plain(p.Email), "account": account,
		"active": flag(p.Active == nil || *p.Active), "u_admin": flag(p.Role == "Admin"), "u_technical": flag(p.Role == "Technical"),
		hidden: flag(p.Hidden),
	}
}

func (e Entitlement) record(account cell, i int) (record, error) {
	start, err := moment(e.StartDate, time.DateOnly)
	if err != nil {
		return nil, err
	}
	end, err := moment(e.EndDate, time.DateOnly)
	unlimited := plain("")
	if e.UnlimitedUnits != nil {
		unlimited = flag(*e.UnlimitedUnits)
	}
	return record{
		"sys_id": plain(newID()), "sys_created_on": created(-i), "account": account, "number": plain(e.Number), "name": plain(e.Name),
		"short_description": plain(e.Summary), "u_tier": orEmpty(e.Tier), "total_units": orEmpty(e.TotalUnits),
		"u_unlimited_units": unlimited, "u_support_level": orEmpty(e.SupportLevel),
		"u_software_families": {strings.Join(e.SoftwareFamilies, ","), strings.Join(e.SoftwareFamilies, ", ")},
		"start_date":          plain(start), "end_date": plain(end),
		"u_security_advisor": orEmpty(e.Platform.SecurityAdvisor), "u_config_advisor": orEmpty(e.Platform.ConfigAdvisor),
		hidden: flag(e.Hidden),
	}, err
}

func (t Ticket) record(account cell, i int) (record, error) {
	at, err := moment(t.CreateTime, "2006-01-02 15:04:05.999999") // finer than ServiceNow's, so that what was given comes back
	if at == "" {
		at = created(-i).value
	}
	kind := t.TaskType
	if kind == "" {
		kind = "Case"
	}
	return record{
		"sys_id": plain(newID()), "sys_created_on": plain(at), "account": account, "number": plain(t.Number),
		"short_description": plain(t.ShortDescription), "description": plain(t.Description),
		"priority": priority(t.Priority), "state": plain(t.State), "sys_class_name": {cases, kind}, "u_url": plain(t.URL),
		"contact": {"", t.Requester}, "contact.department": plain(t.Department),
		"active": plain("true"), hidden: flag(t.Hidden),
	}, err
}

// priority is one as the CRM holds it, when it is given as the CRM shows it.
func priority(shown string) cell {
	for value, label := range priorities() {
		if label == shown {
			return cell{value, label}
		}
	}
	return plain(shown)
}

// created is the moment at which the i-th record of a company was made: earlier ones first.
func created(i int) cell {
	return plain(time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Second).Format(time.DateTime))
}

func flag(b bool) cell { return plain(strconv.FormatBool(b)) }

func orEmpty(s *string) cell {
	if s == nil {
		return plain("")
	}
	return plain(*s)
}

// moment takes a date, or an instant as RFC 3339 has it, to ServiceNow's form.
func moment(s, layout string) (string, error) {
	if s == "" {
		return "", nil
	}
	for _, given := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(given, s); err == nil {
			return t.UTC().Format(layout), nil
		}
	}
	return "", fmt.Errorf("%q is no date", s)
}

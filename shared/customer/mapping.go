package customer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A Field is the name of a column, or the way to one through references, such as account.name. An
// empty one says that the instance has no such column, where that is allowed.
type Field string

// UnmarshalJSON takes a name as ServiceNow makes them, so that nothing else gets into a query.
func (f *Field) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return errors.New("a field or table must be text")
	}
	for part := range strings.SplitSeq(s, ".") {
		if s != "" && !isName(part) {
			return fmt.Errorf("%q is no name of a field or table", s)
		}
	}
	*f = Field(s)
	return nil
}

// isName holds a name to lower-case letters, digits and underscores, a letter first.
func isName(s string) bool {
	return s != "" && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// column reports whether f is a column of the table itself.
func (f Field) column() bool { return f != "" && !strings.Contains(string(f), ".") }

// dot returns the way to a column of what f refers to.
func (f Field) dot(to Field) Field {
	if to == "" {
		return ""
	}
	return f + "." + to
}

// Mapping says in which tables and fields an instance keeps what Roster asks for. Dates are of the
// types date or date/time, flags true/false.
type Mapping struct {
	Contact     ContactFields     `json:"contact"`
	Account     AccountFields     `json:"account"`
	Entitlement EntitlementFields `json:"entitlement"`
	Ticket      TicketFields      `json:"ticket"`
}

// ContactFields are a contact's. A contact is an Admin when Admin has AdminValue, as its value or as
// it is displayed, and Technical otherwise.
type ContactFields struct {
	Table      Field  `json:"table"`
	Email      Field  `json:"email"`
	Active     Field  `json:"active"`
	Account    Field  `json:"account"` // refers to the customer account
	Created    Field  `json:"created"`
	Admin      Field  `json:"admin"`
	AdminValue string `json:"admin_value"`
}

// AccountFields are a customer account's. Without Active every account is a customer.
type AccountFields struct {
	Table        Field `json:"table"`
	Name         Field `json:"name"`
	Active       Field `json:"active"`
	ManagerName  Field `json:"success_manager_name"`
	ManagerEmail Field `json:"success_manager_email"`
	NewTicketURL Field `json:"new_ticket_url"`
	// NewTicketPage is the page of the instance where tickets are raised, for accounts without a URL of
	// their own.
	NewTicketPage string `json:"new_ticket_page"`
}

// EntitlementFields are an entitlement's.
type EntitlementFields struct {
	Table            Field `json:"table"`
	Account          Field `json:"account"`
	Created          Field `json:"created"`
	Number           Field `json:"number"`
	Name             Field `json:"name"`
	Summary          Field `json:"summary"`
	Tier             Field `json:"tier"`
	TotalUnits       Field `json:"total_units"`
	UnlimitedUnits   Field `json:"unlimited_units"`
	SupportLevel     Field `json:"support_level"`
	SoftwareFamilies Field `json:"software_families"` // a list, or text with commas
	Start            Field `json:"start_date"`
	End              Field `json:"end_date"`
	SecurityAdvisor  Field `json:"security_advisor"`
	ConfigAdvisor    Field `json:"config_advisor"`
}

// TicketFields are a case's.
type TicketFields struct {
	Table            Field `json:"table"`
	Account          Field `json:"account"`
	Contact          Field `json:"contact"`
	Created          Field `json:"created"`
	Number           Field `json:"number"`
	ShortDescription Field `json:"short_description"`
	Description      Field `json:"description"`
	Priority         Field `json:"priority"`
	State            Field `json:"state"`
	Department       Field `json:"department"`
	Requester        Field `json:"requester"`
	TaskType         Field `json:"task_type"`
	URL              Field `json:"url"`
	// Correlation holds what a ticket is known by to whoever raised it, and Active whether it is open. An
	// instance without the former does not notice that a ticket is raised again.
	Correlation Field `json:"correlation"`
	Active      Field `json:"active"`
	// Priorities are the values of the names that people give to priorities, in lower case.
	Priorities map[string]string `json:"priorities"`
	// Page is the page of the instance that shows a ticket without a URL of its own; {id} stands for its
	// sys_id.
	Page string `json:"page"`
}

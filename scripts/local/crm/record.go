package crm

import (
	"slices"
	"strings"
)

// The tables.
const (
	accounts     = "customer_account"
	contacts     = "customer_contact"
	entitlements = "service_entitlement"
	cases        = "sn_customerservice_case"
	users        = "sys_user"
)

// schema are the columns of each table, with the table that a reference refers to.
func schema() map[string]map[string]string {
	return map[string]map[string]string{
		accounts: columns("name number customer u_success_manager>sys_user u_new_ticket_url"),
		contacts: columns("name email active account>customer_account u_admin u_technical department"),
		users:    columns("name email"),
		entitlements: columns("number name short_description account>customer_account start_date end_date total_units u_tier " +
			"u_unlimited_units u_support_level u_software_families u_security_advisor u_config_advisor"),
		cases: columns("number short_description description account>customer_account contact>customer_contact priority state sys_class_name u_url " +
			"active correlation_id"),
	}
}

func columns(list string) map[string]string {
	all := map[string]string{"sys_id": "", "sys_created_on": ""}
	for _, c := range strings.Fields(list) {
		name, refers, _ := strings.Cut(c, ">")
		all[name] = refers
	}
	return all
}

// A cell is what a field holds, and how it is displayed.
type cell struct{ value, display string }

func plain(s string) cell { return cell{s, s} }

// hidden is set in records that the credential may not see. No table has such a column.
const hidden = "-hidden"

// A record is a row of a table, by column. One that is told of instead of the record it refers to
// keeps a path, such as contact.department, as it is.
type record map[string]cell

// at returns a field of a record, through references, with the table it refers to; ok is false for
// one that does not exist. The caller holds the lock.
func (s *Server) at(table string, r record, path string) (c cell, refers string, ok bool) {
	if c, ok := r[path]; ok {
		return c, s.schema[table][path], true
	}
	name, rest, through := strings.Cut(path, ".")
	refers, ok = s.schema[table][name]
	if !through || !ok {
		return r[name], refers, ok
	}
	if refers == "" {
		return cell{}, "", false
	}
	return s.at(refers, s.find(refers, r[name].value), rest)
}

// find returns the record of a table with that id, or nil. The caller holds the lock.
func (s *Server) find(table, id string) record {
	i := slices.IndexFunc(s.tables[table], func(r record) bool { return r["sys_id"].value == id })
	if i < 0 || id == "" {
		return nil
	}
	return s.tables[table][i]
}

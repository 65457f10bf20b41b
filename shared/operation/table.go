package operation

// Keys is a set of families of items, by what their partition keys begin with.
type Keys uint8

const (
	// Accounts are the items under ACCOUNT#<sub>.
	Accounts Keys = 1 << iota
	// Addresses are the items under EMAIL#<normalized>: where an address leads, and its notices.
	Addresses
	// Orgs are the items under ORG#<org>: all that belongs to one organization.
	Orgs
	// Customers are the items under CUSTOMER#<id>: which organization a customer account is linked to.
	Customers
	// Servers are the items under PMM#<server>: which organization has connected a server.
	Servers
)

// prefixes are the families in the order of their bits.
func prefixes() []string {
	return []string{"ACCOUNT#", "EMAIL#", "ORG#", "CUSTOMER#", "PMM#"}
}

// Prefixes returns what the partition keys of the set begin with.
func (k Keys) Prefixes() []string {
	var all []string
	for i, p := range prefixes() {
		if k&(1<<i) != 0 {
			all = append(all, p)
		}
	}
	return all
}

// Of returns the family of a partition key; 0 for a key of none.
func Of(pk string) Keys {
	for i, p := range prefixes() {
		if len(pk) > len(p) && pk[:len(p)] == p {
			return 1 << i
		}
	}
	return 0
}

// Table is what a function may do to the table, action by action, and to items of which families.
// What is not here it may not do: no function scans.
type Table struct {
	Get   Keys // read by keys, which is always BatchGetItem
	Query Keys // read a range of one partition

	Check, Put, Update, Delete Keys // inside a transaction, and only there

	UpdateAlone, DeleteAlone Keys // of one item, outside of transactions
	DeleteMany               Keys // BatchWriteItem
}

// transaction is the operation that encloses what a transaction does. There is no right to it: IAM
// asks for the rights to its parts.
const transaction = "TransactWriteItems"

// A Right is one action of DynamoDB on items of some families.
type Right struct {
	Action string // without "dynamodb:"
	Within string // the operation that must enclose it; "" for none
	Keys   Keys
}

// Rights lists what t allows, reads first. An action that is allowed on nothing is left out.
func (t Table) Rights() []Right {
	all := []Right{
		{"BatchGetItem", "", t.Get},
		{"Query", "", t.Query},
		{"ConditionCheckItem", transaction, t.Check},
		{"PutItem", transaction, t.Put},
		{"UpdateItem", transaction, t.Update},
		{"DeleteItem", transaction, t.Delete},
		{"UpdateItem", "", t.UpdateAlone},
		{"DeleteItem", "", t.DeleteAlone},
		{"BatchWriteItem", "", t.DeleteMany},
	}
	some := all[:0]
	for _, r := range all {
		if r.Keys != 0 {
			some = append(some, r)
		}
	}
	return some
}

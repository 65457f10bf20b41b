package main

import (
	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
)

const customers = "Customers"

var (
	ticket = strict(object{
		{"number", text("The CRM's.")},
		{"short_description", text("What it is about.")},
		{"priority", text("As the CRM shows it: `2 - High`.")},
		{"state", text("As the CRM shows it.")},
		{"create_time", ref("schemas", "Time")},
		{"department", text("The requester's; may be empty.")},
		{"requester", text("The contact who raised it.")},
		{"task_type", text("As the CRM shows it.")},
		{"url", text("Where people read it.")},
	})
	sampleTicket = company.Ticket{
		Number: "CS0010001", ShortDescription: "Replica falls behind", Priority: "2 - High", State: "Open",
		CreateTime: httpapi.Time(noon), Department: "Databases", Requester: "Ann Lee", TaskType: "Case", URL: "https://crm.example/CS0010001",
	}
	nullable = func(description string) object { return described(orNull(object{{"type", "string"}}), description) }
	day      = func(description string) object {
		return text(description).with(field{"format", "date-time"}, field{"pattern", `^\d{4}-\d{2}-\d{2}T00:00:00Z$`})
	}
)

var entitlement = strict(object{
	{"number", text("The CRM's.")},
	{"name", text("What it is called.")},
	{"summary", text("What it is for.")},
	{"tier", nullable("Null where the CRM has none.")},
	{"total_units", nullable("Null where the CRM has none.")},
	{"unlimited_units", described(orNull(object{{"type", "boolean"}}), "Null where the CRM does not say.")},
	{"support_level", nullable("Null where the CRM has none.")},
	{"software_families", listOf(object{{"type", "string"}})},
	{"start_date", day("Midnight UTC.")},
	{"end_date", day("Midnight UTC; of one without an end, in the year 9999.")},
	{"platform", strict(object{
		{"security_advisor", nullable("Text, never a boolean.")},
		{"config_advisor", nullable("Text, never a boolean.")},
	})},
})

var crmDown = []*fault.Error{customer.ErrUnavailable}

var customerRoutes = []route{
	{
		at: "POST /v1/orgs/company:search", tag: customers, who: signedIn,
		summary: "Name the caller's company",
		text:    "Empty for a caller who is no contact of a customer account.",
		body:    noBody,
		answer:  strict(object{{"name", text("As an organization of it would be called.")}}),
		sample:  object{{"name", "Acme"}}, refusals: crmDown,
	},
	{
		at: "POST /v1/orgs/{org_id}/entitlements:search", tag: customers, who: member,
		summary: "List the company's support entitlements",
		text:    "The newest first, at most a thousand; none for a caller who is no contact of the linked customer account.",
		body:    noBody,
		answer:  strict(object{{"entitlements", listOf(entitlement).with(field{"maxItems", 1000})}}),
		sample: object{{"entitlements", []any{object{
			{"number", "ENT0010001"},
			{"name", "Premium Support MySQL"},
			{"summary", "24x7"},
			{"tier", "Premium"},
			{"total_units", "50"},
			{"unlimited_units", false},
			{"support_level", nil},
			{"software_families", []string{"MySQL"}},
			{"start_date", "2026-01-01T00:00:00Z"},
			{"end_date", "2027-12-31T00:00:00Z"},
			{"platform", object{{"security_advisor", "Enabled"}, {"config_advisor", nil}}},
		}}}},
		refusals: crmDown,
	},
	{
		at: "POST /v1/orgs/{org_id}/tickets:search", tag: customers, who: member,
		summary: "List the company's tickets",
		text:    "The newest first, at most a thousand; none for a caller who is no contact of the linked customer account.",
		body:    noBody,
		answer:  strict(object{{"tickets", listOf(ticket).with(field{"maxItems", 1000})}}),
		sample:  object{{"tickets", []any{sampleTicket}}}, refusals: crmDown,
	},
	{
		at: "POST /v1/orgs/{org_id}/tickets", tag: customers, who: member,
		summary: "Raise a ticket",
		text: "In the caller's name, who must be a contact of the linked customer account. Where the Customer Portal's answer got lost the ticket may be " +
			"there although this is 503; raising it again is safe: the same words and priority within a quarter of an hour are the same ticket, while that is open.",
		body: &body{
			object{
				{"short_description", text("At most 160 characters.").with(field{"minLength", 1}, field{"maxLength", 160}, field{"pattern", `\S`})},
				{"description", optional(text("At most 4000 characters.").with(field{"maxLength", 4000}))},
				{"priority", optional(text("`High`, `2 - High` or `2`, in the deployment's own words where it has others; the Customer Portal decides where it is missing.").with(field{"maxLength", 40}))},
			},
			[]string{"short_description"},
			object{{"short_description", "Replica falls behind"}, {"description", "Since the upgrade."}, {"priority", "2 - High"}},
		},
		answer: strict(object{{"ticket", ticket}}), sample: object{{"ticket", sampleTicket}},
		refusals: append(crmDown, company.ErrNoContact),
	},
	{
		at: "POST /v1/orgs/members:onboard", tag: customers, who: anybody, client: true, writes: true,
		summary: "Tell of a contact",
		text: "For the Customer Portal, with a credential of its own. Finds the organization that is linked to the customer account, or makes it, and invites the " +
			"contact; `admin` wins over `technical`, and neither means Technical. Nobody is Admin of an organization made this way until the first person " +
			"confirms, who becomes it. Who is a member, or has an open invitation, stays as they are; an expired one is sent again. Who was removed by an Admin, " +
			"left or declined stays out while the organization has an Admin. With `active` false, the contact's or the account's, the person is taken out, and may " +
			"be invited again; the last Admin only while nobody else is a member. The call that arrives last counts, the times in it decide nothing.",
		body: &body{
			object{
				{"email", email},
				{"first_name", optional(text("Not used: people name themselves."))},
				{"last_name", optional(text("Not used: people name themselves."))},
				{"admin", optional(truth("Whether they are invited as Admin."))},
				{"technical", optional(truth("Not used: who is no Admin is Technical."))},
				{"active", optional(truth("Yes, where it is missing."))},
				{"created_at", optional(text("Not used."))},
				{"account", object{{"type", "object"}, {"properties", object{
					{"ids", object{{"type", "object"}, {"properties", object{
						{"servicenow", text("The customer account's sys_id.").with(field{"minLength", 1}, field{"maxLength", 128}, field{"pattern", "^[A-Za-z0-9_-]+$"})},
						{"salesforce", optional(text("Not used."))},
						{"platform", optional(text("Not used."))},
					}}, {"required", []string{"servicenow"}}}},
					{"active", optional(truth("Yes, where it is missing."))},
					{"name", text("What the organization is called from now on.").with(field{"pattern", `\S`})},
					{"created_at", optional(text("Not used."))},
					{"updated_at", optional(text("Not used."))},
				}}, {"required", []string{"ids", "name"}}}},
			},
			[]string{"email", "account"},
			object{
				{"email", bobEmail},
				{"technical", true},
				{"active", true},
				{"account", object{{"ids", object{{"servicenow", "1a2b3c4d5e6f47081920304050607081"}}}, {"active", true}, {"name", "Acme"}}},
			},
		},
		answer:   strict(object{{"platform_org_id", text("The organization's id; empty when a contact is taken out of none.")}}),
		sample:   object{{"platform_org_id", sampleOrg.ID}},
		refusals: []*fault.Error{org.ErrLastAdmin},
	},
}

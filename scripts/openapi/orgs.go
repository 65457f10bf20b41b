package main

import (
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
)

const orgs = "Organizations"

var (
	anOrg   = httpapi.OneOrg{Org: sampleOrg}
	nothing = object{}
	noBody  = &body{fields: object{}, sample: nothing} // of routes whose clients send {} often
)

var orgRoutes = []route{
	{
		at: "POST /v1/orgs", tag: orgs, who: signedIn, writes: true,
		summary: "Create an organization",
		text: "The caller becomes its Admin. A caller who is in an organization already is told which one, in details. " +
			"For a contact of a customer account, the account's organization is made, joined, or answered again, and its name is the account's whatever was sent.",
		body:   &body{object{{"name", orgName}}, []string{"name"}, object{{"name", "Acme"}}},
		answer: oneOrg, sample: anOrg,
		refusals: []*fault.Error{customer.ErrUnavailable, org.ErrAskAdmin, org.ErrAlready},
	},
	{
		at: "POST /v1/orgs:search", tag: orgs, who: signedIn,
		summary: "Find the caller's organization",
		text:    "None or one.",
		body:    noBody,
		answer:  strict(object{{"orgs", listOf(ref("schemas", "Org")).with(field{"maxItems", 1})}}),
		sample:  object{{"orgs", []any{sampleOrg}}},
	},
	{
		at: "GET /v1/orgs/{org_id}", tag: orgs, who: member,
		summary: "Read an organization",
		text: "`contacts` is filled for a caller who is a contact of the linked customer account; for everybody else, and while the Customer Portal " +
			"does not answer, `customer_success` is null and `new_ticket_url` empty. An account to which the Customer Portal has no success manager " +
			"assigned has the URL, and null for `customer_success`.",
		answer: strict(object{
			{"org", ref("schemas", "Org")},
			{"contacts", strict(object{
				{"customer_success", orNull(strict(object{{"name", text("Of the success manager.")}, {"email", text("Of the success manager.")}}))},
				{"new_ticket_url", text("Where a ticket is raised by hand.")},
			})},
		}),
		sample: object{{"org", sampleOrg}, {"contacts", object{{"customer_success", nil}, {"new_ticket_url", ""}}}},
	},
	{
		at: "PUT /v1/orgs/{org_id}", tag: orgs, who: admin, writes: true,
		summary: "Rename an organization",
		text:    "The name of one that is linked to a customer account is managed in the Customer Portal.",
		body:    &body{object{{"name", orgName}}, []string{"name"}, object{{"name", "Acme"}}},
		answer:  oneOrg, sample: anOrg,
		refusals: []*fault.Error{org.ErrLinked},
	},
	{
		at: "DELETE /v1/orgs/{org_id}", tag: orgs, who: admin, writes: true,
		summary: "Delete an organization",
		text: "From this answer on every former member is in no organization, and every route of this one is 403. " +
			"What it held is erased for good in the background; links of its invitations are dead.",
		answer: empty, sample: nothing,
	},
	{
		at: "POST /v1/orgs/{org_id}:leave", tag: orgs, who: member, writes: true,
		summary: "Leave an organization",
		text:    "The last Admin cannot.",
		body:    noBody,
		answer:  empty, sample: nothing,
		refusals: []*fault.Error{org.ErrLastAdmin},
	},
}

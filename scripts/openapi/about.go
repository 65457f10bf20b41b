package main

var info = object{
	{"title", "Roster"},
	{"version", "1.0.0"},
	{"summary", "Accounts, organizations, memberships and invitations of a customer platform."},
	{"description", `Everything is JSON over HTTPS.

**Success is HTTP 200 with a JSON object**, {} when there is nothing to say. Every list is present, [] when empty; an absent string is "", an absent object null.

**Requests** are documented in snake_case; camelCase is taken as well, and fields that nobody knows are ignored. No body at all, and null, are the same as {}. A body of more than 64 KB, invalid JSON or a wrong type is 400 with code 3.

**Errors** have a gRPC code, a sentence and details, also when they come from the gateway. The checks run in this order: token (401), unverified e-mail address (403), syntax of ids and body (400/3), closed or signed-out account (401), membership (403), role (403), existence (404), state (400/9, 409), quota and cool-down (429). 401 is only ever about the token. Codes 10 and 14 are safe to retry. An organization that the caller is not an active member of is 403 whether it exists, was deleted, or never was.

**Repeating a change** that is done already is 200 and changes nothing; removing somebody again is 404, creating again is 409 with the organization's id.

**Reads show every change that was answered before them.** A GET never changes anything.`},
	{"license", object{{"name", "Apache 2.0"}, {"identifier", "Apache-2.0"}}},
	{"contact", object{{"name", "Roster"}}},
}

var tags = []any{
	object{{"name", "Organizations"}, {"description", "A person is in one organization at most. It always has an active Admin."}},
	object{{"name", "Members"}, {"description", "Members, and people who are invited. Nobody changes their own row here."}},
	object{{"name", "Invitations"}, {"description", "From an activation link, or inside the portal, to a membership."}},
	object{{"name", "Customers"}, {"description", "What the Customer Portal, a CRM, knows of the caller's company. Whoever it knows by their e-mail address is in the company's organization as soon as they sign in."}},
	object{{"name", "PMM servers"}, {"description", "Database-monitoring servers of an organization; a server is of one at a time."}},
	object{{"name", "Accounts"}, {"description", "Signing up and in, sessions, passwords, profiles."}},
	object{{"name", "Activity"}, {"description", "The log of an organization: one event for each change, kept for a year."}},
	object{{"name", "About"}, {"description", "This document."}},
}

var securitySchemes = object{{"accessToken", object{
	{"type", "http"},
	{"scheme", "bearer"},
	{"bearerFormat", "JWT"},
	{"description", "An access token of the user pool with the scope roster/api. SignIn answers one."},
}}, {"onboarding", object{
	{"type", "http"},
	{"scheme", "bearer"},
	{"description", "The Customer Portal's own credential; two are good at once, so that it can be changed."},
}}, {"serverCredentials", object{
	{"type", "http"},
	{"scheme", "basic"},
	{"description", "The pmm_managed_client_id and pmm_managed_client_secret that connecting a PMM server answers."},
}}}

var aboutRoutes = []route{{
	at:      "GET /v1/openapi.json",
	tag:     "About",
	summary: "Read this document",
	text:    "The OpenAPI 3.1 description of this API. It may be kept for an hour.",
	who:     anybody,
	answer: object{{"type", "object"}, {"properties", object{
		{"openapi", object{{"type", "string"}, {"pattern", `^3\.1\.`}}},
		{"info", object{{"type", "object"}}},
		{"paths", object{{"type", "object"}}},
	}}, {"required", []string{"openapi", "info", "paths"}}},
	sample: object{{"openapi", "3.1.1"}, {"info", object{{"title", "Roster"}, {"version", "1.0.0"}}}, {"paths", object{}}},
}}

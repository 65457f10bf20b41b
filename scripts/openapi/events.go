package main

import (
	"roster/shared/activity"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
)

const logbook = "Activity"

// What names a column that the log is not filtered or sorted by.
var (
	errFilter  = fault.Invalidf("filtering not allowed by this column: user_agent")
	errSorting = fault.Invalidf("sorting not allowed by this column: request_id")
)

// columns are what events are filtered by.
var columns = []string{"id", "organization_id", "okta_user_id", "action_type", "user_role", "timestamp", "request_id"}

// numbered is a number of a request, or its name.
func numbered(description string, names ...any) object {
	all := []any{nil}
	for n, name := range names {
		all = append(all, n, name)
	}
	return object{{"description", description}, {"enum", all}}
}

var fsp = optional(object{
	{"type", "object"},
	{"description", "Filter, sorting and paging. Each part may lack."},
	{"properties", object{
		{"page_params", optional(object{{"type", "object"}, {"properties", object{
			{"page_size", optional(object{{"type", "integer"}, {"minimum", 1}, {"maximum", 100}, {"default", 10}})},
			{"index", optional(object{{"type", "integer"}, {"minimum", 0}, {"default", 0}, {"description", "Of the page, from 0."}})},
		}}})},
		{"filters", optional(listOf(filter).with(field{"maxItems", 100}))},
		{"sorting_params", optional(object{{"type", "object"}, {"properties", object{
			{"field_name", object{{"description", "Ties are by id, in the same direction."}, {"enum", []any{"timestamp", "okta_user_id", "action_type", "", nil}}}},
			{"order", numbered("`ASC` where only the column is said.", "ASC", "DESC")},
		}}})},
	}},
})

var filter = object{
	{"type", "object"},
	{"description", "All filters must hold."},
	{"properties", object{
		{"field", object{{"type", "object"}, {"properties", object{
			{"name", object{{"type", "string"}, {"enum", columns}}},
			{"value", object{
				{"description", "A text, or of `EQUAL` and `NOT_EQUAL` a list of them, which is in and not in. Times are RFC 3339, with any offset and fraction."},
				{"type", []any{"string", "array", "null"}},
				{"items", object{{"type", "string"}}},
			}},
		}}, {"required", []string{"name"}}}},
		{"filter_type", numbered("`EQUAL` where it lacks.", "EQUAL", "NOT_EQUAL", "GREATER", "GREATER_OR_EQUAL", "LESS", "LESS_OR_EQUAL")},
	}},
	{"required", []string{"field"}},
}

// stateOf is what an object of an event was before, or after: as much of it as the change was about.
func stateOf(description string) object {
	name, status := field{"name", text("Of the organization.")}, field{"status", oneOf("Of the member.", "ACTIVE", "PROVISIONED")}
	return object{{"description", description}, {"anyOf", []any{
		strict(object{}), strict(object{name}), strict(object{{"role", role}}), strict(object{status}), strict(object{{"role", role}, status}),
	}}}
}

func actions() (all []string) {
	for _, a := range activity.Actions() {
		all = append(all, string(a))
	}
	return all
}

var event = strict(object{
	{"id", ref("schemas", "UUID")},
	{"okta_user_id", text("The account that did it; empty for an operator and for the CRM.")},
	{"request_id", text("")},
	{"user_ip_address", text("Where it came from; empty where the user pool does not tell.")},
	{"user_agent", text("With what; empty where the user pool does not tell.")},
	{"user_role", oneOf("The actor's role after the change; empty for who was no member then.", "Admin", "Technical", "")},
	{"organization_id", ref("schemas", "UUID")},
	{"action_type", oneOf("What was done.", actions()...)},
	{"timestamp", ref("schemas", "Time")},
	{"event_source", text("")},
	{"action_status", strict(object{{"code", oneOf("", "SUCCESS", "FAILURE")}, {"message", text("")}})},
	{"objects", listOf(strict(object{
		{"id", text("Of the organization, the member, the server.")},
		{"name", text("As it was called that day; of a member the account's id, or the e-mail address while there is none.")},
		{"type", oneOf("", activity.Types()...)},
		{"initial_state", stateOf("What changed, before.")},
		{"result_state", stateOf("What changed, after.")},
	}))},
})

var sampleEvent = object{
	{"id", "9b2d5c1e-3f64-4a7b-8c21-5d0e6f7a8b90"},
	{"okta_user_id", "11111111-1111-4111-8111-111111111111"},
	{"request_id", "55555555-5555-4555-8555-555555555555"},
	{"user_ip_address", "192.0.2.1"},
	{"user_agent", "Mozilla/5.0"},
	{"user_role", "Admin"},
	{"organization_id", sampleOrg.ID},
	{"action_type", activity.Create},
	{"timestamp", httpapi.Time(noon)},
	{"event_source", "orgs"},
	{"action_status", object{{"code", "SUCCESS"}, {"message", ""}}},
	{"objects", []any{object{
		{"id", bob.ID},
		{"name", bobEmail},
		{"type", activity.Membership},
		{"initial_state", object{}},
		{"result_state", object{{"role", "Technical"}, {"status", "PROVISIONED"}}},
	}}},
}

var eventRoutes = []route{
	{
		at: "POST /v1/events:search", tag: logbook, who: admin,
		summary: "Search the activity log",
		text: "Of the caller's own organization, newest first where nothing else is asked for. One event for each change, and for each sign-in, sign-out " +
			"and change of a password of a member; events end after a year. What was refused is not in it.",
		body: &body{object{{"fsp", fsp}}, nil, object{{"fsp", object{
			{"page_params", object{{"page_size", 10}, {"index", 0}}},
			{"filters", []any{
				object{{"field", object{{"name", "organization_id"}, {"value", sampleOrg.ID}}}},
				object{{"field", object{{"name", "timestamp"}, {"value", "2025-12-31T12:00:00Z"}}}, {"filter_type", 3}},
			}},
			{"sorting_params", object{{"field_name", "timestamp"}, {"order", 1}}},
		}}}},
		answer: strict(object{
			{"events", listOf(event).with(field{"maxItems", 100})},
			{"page_totals", strict(object{
				{"total_items", object{{"type", "integer"}, {"minimum", 0}, {"description", "Events that match, on all pages."}}},
				{"total_pages", object{{"type", "integer"}, {"minimum", 0}}},
			})},
		}),
		sample:   object{{"events", []any{sampleEvent}}, {"page_totals", object{{"total_items", 1}, {"total_pages", 1}}}},
		refusals: []*fault.Error{errFilter, errSorting, org.ErrID},
	},
	{
		at: "GET /v1/events/types", tag: logbook, who: signedIn,
		summary: "List what events are about",
		text:    "The kinds of actions and of objects that the log knows.",
		answer:  strict(object{{"action_types", listOf(oneOf("", actions()...))}, {"object_types", listOf(oneOf("", activity.Types()...))}}),
		sample:  object{{"action_types", activity.Actions()}, {"object_types", activity.Types()}},
	},
}

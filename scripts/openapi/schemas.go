package main

import "slices"

// strict is an object of exactly those properties.
func strict(properties object) object {
	var names []string
	for _, p := range properties {
		names = append(names, p.name)
	}
	o := object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
	if names != nil {
		o = o.with(field{"required", names})
	}
	return o
}

// Parts of schemas.

func text(description string) object {
	return object{{"type", "string"}, {"description", description}}
}

func truth(description string) object {
	return object{{"type", "boolean"}, {"description", description}}
}

func listOf(item object) object { return object{{"type", "array"}, {"items", item}} }

func orNull(schema object) object {
	return object{{"anyOf", []any{schema, object{{"type", "null"}}}}}
}

func oneOf(description string, values ...string) object {
	return object{{"type", "string"}, {"description", description}, {"enum", values}}
}

// optional is a property of requests that may lack; null is the same.
func optional(schema object) object {
	o := slices.Clone(schema)
	for i, f := range o {
		if f.name == "type" {
			o[i].value = []any{f.value, "null"}
		}
	}
	return o
}

// described is a component with a description of its own, as OpenAPI 3.1 allows.
func described(schema object, description string) object {
	return schema.with(field{"description", description})
}

var (
	uuidOf = func(description string) object { return described(ref("schemas", "UUID"), description) }
	timeOf = func(description string) object { return described(ref("schemas", "Time"), description) }
	role   = ref("schemas", "Role")
	email  = ref("schemas", "Email")
)

// Answers.
var (
	empty  = ref("schemas", "Empty")
	oneOrg = strict(object{{"org", ref("schemas", "Org")}})
)

// control is what a character class has of control characters.
const control = `\x00-\x1f\x7f-\x9f`

// written matches 1 to 256 characters but the forbidden ones, and any space around them.
func written(forbidden string) string {
	const space = `[\t-\r\x85 ]*`
	edge, inner := `[^\s`+forbidden+`]`, `[^`+forbidden+`]`
	return `^` + space + edge + `(` + inner + `{0,254}` + edge + `)?` + space + `$`
}

// given is a personal name that a request gives.
func given(description string) object {
	return text(description + " 1 to 256 characters, none of them a control character; space around them is cut off.").
		with(field{"pattern", written(control)})
}

var orgName = text("1 to 256 characters of any Unicode except control characters and angle brackets; space around them is cut off. Not unique.").
	with(field{"pattern", written(control + "<>")})

// token is a text that only Roster or the user pool makes.
func token(description string) object {
	return object{{"type", "string"}, {"description", description}, {"minLength", 1}}
}

// schemas are the components.
var schemas = object{
	{"UUID", object{
		{"type", "string"},
		{"format", "uuid"},
		{"pattern", "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"},
	}},
	{"Time", object{
		{"type", "string"},
		{"description", "RFC 3339 in UTC with exactly six fractional digits, so that times sort as text."},
		{"format", "date-time"},
		{"pattern", `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$`},
	}},
	{"Email", object{
		{"type", "string"},
		{"description", "One e-mail address with an ASCII local part, without a display name. " +
			"Two are the same when they are equal after trimming and lower-casing, the domain in IDNA form; answers keep the letter case given."},
		{"format", "email"},
		{"maxLength", 254},
	}},
	{"Password", object{
		{"type", "string"},
		{"description", "With a lower-case letter, an upper-case letter and a digit, and without the first or the last name in any letter case; no symbol is needed. " +
			"No control characters, and no space at either end."},
		{"format", "password"},
		{"minLength", 10},
		{"maxLength", 256},
		{"pattern", `^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$`},
		{"allOf", []any{object{{"pattern", "[a-z]"}}, object{{"pattern", "[A-Z]"}}, object{{"pattern", "[0-9]"}}}},
	}},
	{"ServerID", serverID},
	{"ServerURL", serverURL},
	{"Role", oneOf("What a member may do. The letter case counts.", "Admin", "Technical")},
	{"Empty", strict(object{}).with(field{"description", "Success, and nothing to say."})},
	{"Error", strict(object{
		{"code", object{
			{"type", "integer"},
			{"description", "The gRPC code, which the HTTP status follows from."},
			{"enum", []int{3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 16}},
		}},
		{"message", text("A sentence for people, or `invalid field <Field>: …`, the field in Go style, nested ones dotted: `Users.Username`.")},
		{"details", listOf(strict(object{{"org_id", uuidOf("The organization that the caller is in.")}}))},
	})},
	{"GrantError", strict(object{
		{"error", oneOf("RFC 6749, §5.2.", "invalid_client", "invalid_request", "unsupported_grant_type", "invalid_scope")},
	})},
	{"Org", strict(object{
		{"id", ref("schemas", "UUID")},
		{"name", text("1 to 256 characters.")},
		{"created_at", ref("schemas", "Time")},
		{"updated_at", ref("schemas", "Time")},
		{"tier", oneOf("`PAID` when it is linked to a customer account.", "REGISTERED", "PAID")},
	})},
	{"Member", strict(object{
		{"member_id", ref("schemas", "UUID")},
		{"username", text("The account's e-mail address; of somebody invited, the address as the inviter wrote it.")},
		{"first_name", text("Empty while nobody confirmed.")},
		{"last_name", text("Empty while nobody confirmed.")},
		{"role", role},
		{"status", oneOf("`PROVISIONED` is invited and not confirmed.", "ACTIVE", "PROVISIONED")},
		{"invitation", described(orNull(ref("schemas", "Invitation")), "The latest mail to somebody invited; null for members.")},
	})},
	{"Invitation", strict(object{
		{"state", oneOf("An expired invitation stays until it is sent again or removed.", "pending", "expired")},
		{"sent_at", described(orNull(ref("schemas", "Time")), "Null until the mail went out, and again long after it expired.")},
		{"expires_at", timeOf("Seven days after the invitation, or after it was sent again.")},
		{"delivery", oneOf("What is known of the mail.", "queued", "sent", "delivered", "bounced", "complained", "failed")},
		{"invited_by", text("As that person is called.")},
	})},
	{"OpenInvitation", strict(object{
		{"id", uuidOf("The invitation's, which is the organization's.")},
		{"org_id", ref("schemas", "UUID")},
		{"org_name", text("The organization's name.")},
		{"role", role},
		{"invited_by", text("As that person is called.")},
		{"sent_at", described(orNull(ref("schemas", "Time")), "Null until the mail went out; accepting works before that.")},
		{"expires_at", ref("schemas", "Time")},
	})},
	{"Session", strict(object{
		{"access_token", text("What the other routes ask for, as `Authorization: Bearer`.")},
		{"token_type", object{{"type", "string"}, {"const", "Bearer"}}},
		{"expires_in", object{{"type", "integer"}, {"description", "Seconds that the access token lives."}, {"minimum", 1}}},
		{"id_token", text("Says who signed in, and opens nothing.")},
		{"refresh_token", text("For RefreshSession.")},
		{"session_id", object{{"type", "string"}, {"const", ""}}},
		{"expire_time", timeOf("When the access token ends.")},
	})},
}

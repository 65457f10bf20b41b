package contract

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
	"roster/shared/operation"
)

// access is whom an operation lets in at all.
type access int

const (
	anybody access = iota // asks for no token
	account               // anybody with an account
	member                // active members of the organization
	admin                 // its Admins
)

// A shape is what these tests know of an operation's requests. TestEveryRouteIsDescribed holds the
// shapes to the list of operations, so that a new one cannot escape the tests made of them.
type shape struct {
	access access
	verbs  []string              // behind the path's last parameter
	body   func(s *scene) object // a good one
	fields []field
	caller string   // who the one is, to the organization, whose good request is answered 200
	barred *refusal // what a good request is answered instead, by members of an organization that is not linked
	bearer string   // the credential of a client that is no person
	lax    bool     // no field is required
	grant  bool     // it takes RFC 6749's grants, and refuses in that one's words
	// wrong are good bodies of a public operation but for the secret in them, and refuses what they are all
	// answered. One that asks for no secret says why it needs none.
	wrong   func(s *scene) map[string]object
	refuses refusal
	free    string
	// answers are the refusals of people with an account, for operations that are open to them all,
	// by who they are, or by the verb and who they are; the others are answered 200.
	answers map[string]refusal
}

// A field is one of a body's. path is dotted, through lists to their first element.
type field struct {
	path  string
	kind  string    // string, boolean, number, array or object
	texts []refusal // what may be answered to a bad value, besides what names the field
	says  string    // how what may be answered to a bad value begins, besides those
}

// name is the field's in Go style, nested ones dotted.
func (f field) name() string {
	var b strings.Builder
	for i, r := range f.path {
		if i == 0 || f.path[i-1] == '_' || f.path[i-1] == '.' {
			r += 'A' - 'a'
		}
		if r != '_' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func none(*scene) object { return object{} }

func shapes() map[string]shape {
	all := orgShapes()
	for _, more := range []map[string]shape{memberShapes(), invitationShapes(), customerShapes(), serverShapes(), accountShapes(), eventShapes(), {"openapi": {body: none, free: "it is the same for everybody"}}} {
		for name, s := range more {
			all[name] = s
		}
	}
	return all
}

func orgShapes() map[string]shape {
	named := func(*scene) object { return object{"name": "Another"} }
	name := []field{{path: "name", kind: "string"}}
	return map[string]shape{
		"org-create": {
			access: account, body: named, fields: name, caller: "no organization",
			answers: map[string]refusal{"another organization's member": already, "Technical": already},
		},
		"org-search": {access: account, body: none},
		"org-get":    {access: member, body: none},
		"org-rename": {access: admin, body: named, fields: name},
		"org-delete": {access: admin, body: none},
		"org-leave":  {access: member, verbs: []string{"leave"}, body: none},
	}
}

func memberShapes() map[string]shape {
	one := func(*scene) object { return invite(cloudtest.Address("new"), "Technical") }
	return map[string]shape{
		"member-invite": {access: admin, body: one, fields: []field{
			{path: "username", kind: "string", texts: []refusal{badInvitee}},
			{path: "role", kind: "string", texts: []refusal{badRole}},
		}},
		"member-invite-bulk": {
			access: admin, body: func(s *scene) object { return object{"users": list{one(s)}} },
			fields: []field{
				{path: "users", kind: "array"},
				{path: "users.username", kind: "string"},
				{path: "users.role", kind: "string"},
			},
		},
		"member-search": {access: member, body: none, lax: true, fields: []field{
			{path: "user", kind: "object"},
			{path: "user.username", kind: "string"},
			{path: "page_size", kind: "number"},
			{path: "page_token", kind: "string"},
		}},
		"member-role": {
			access: admin, body: func(*scene) object { return object{"role": "Admin"} },
			fields: []field{{path: "role", kind: "string", texts: []refusal{badRole}}},
		},
		"member-remove":     {access: admin, body: none},
		"member-reactivate": {access: admin, verbs: []string{"reactivate"}, body: none},
	}
}

func invitationShapes() map[string]shape {
	missing := refusal{404, 5, "Invitation not found."}
	foreign := refusal{403, 7, "The invitation is addressed to another e-mail address."}
	everybody := func(r refusal) map[string]refusal {
		return map[string]refusal{
			"no organization": r, "another organization's member": r, "removed": r, "pending": r, "Technical": r, "deleted organization": r,
		}
	}
	activation := []field{{path: "activation_token", kind: "string", texts: []refusal{deadLink}}}
	open := everybody(missing)
	delete(open, "Technical") // who accepted already is answered 200 again
	delete(open, "pending")
	open["decline Technical"] = missing
	link := func(s *scene) object { return object{"activation_token": s.link} }
	return map[string]shape{
		"link-validate":     {body: link, fields: activation, wrong: wrongLinks, refuses: deadLink},
		"link-accept":       {access: account, body: link, fields: activation, caller: "pending", answers: everybody(foreign)},
		"invitation-search": {access: account, body: none},
		"invitation-answer": {
			access: account, verbs: []string{"accept", "decline"}, body: none, caller: "pending", answers: open,
		},
		"profile-activate": {body: func(s *scene) object { return profile(s.state) }, wrong: wrongStates, refuses: deadLink, fields: []field{
			{path: "profile", kind: "object"},
			{path: "profile.first_name", kind: "string", texts: []refusal{deadLink}}, // what was fine used it up
			{path: "profile.last_name", kind: "string", texts: []refusal{deadLink}},
			{path: "profile.tos", kind: "boolean"},
			{path: "profile.marketing", kind: "boolean"},
			{path: "password", kind: "string", texts: []refusal{deadLink}},
			{path: "token", kind: "string", texts: []refusal{deadLink}},
		}},
	}
}

func customerShapes() map[string]shape {
	return map[string]shape{
		"company-search":     {access: account, body: none},
		"entitlement-search": {access: member, body: none},
		"ticket-search":      {access: member, body: none},
		"ticket-raise": {
			access: member, barred: &noContact,
			body: func(*scene) object {
				return object{"short_description": "It is slow", "description": "Since noon.", "priority": "2 - High"}
			},
			fields: []field{
				{path: "short_description", kind: "string"}, {path: "description", kind: "string"}, {path: "priority", kind: "string"},
			},
		},
		"member-onboard": {
			bearer: crm.Onboarding, body: func(*scene) object { return onboarding(cloudtest.Address("new"), someID(), "Acme") },
			fields: []field{
				{path: "email", kind: "string"},
				{path: "admin", kind: "boolean"},
				{path: "active", kind: "boolean"},
				{path: "account", kind: "object"},
				{path: "account.ids", kind: "object"},
				{path: "account.ids.servicenow", kind: "string"},
				{path: "account.active", kind: "boolean"},
				{path: "account.name", kind: "string"},
			},
		},
	}
}

func serverShapes() map[string]shape {
	refused := func(r refusal) map[string]refusal {
		return map[string]refusal{"no organization": r, "removed": r, "pending": r, "deleted organization": r}
	}
	gone := refused(noServer)
	gone["another organization's member"], gone["Technical"] = noServer, notYours
	return map[string]shape{
		"server-connect": {
			access: account, answers: refused(noOrg),
			body: func(*scene) object { return server("pmm-" + uuid.NewString()) },
			fields: []field{
				{path: "pmm_server_id", kind: "string"},
				{path: "pmm_server_name", kind: "string"},
				{path: "pmm_server_url", kind: "string"},
				{path: "pmm_server_oauth_callback_url", kind: "string"},
			},
		},
		"server-disconnect": {access: account, verbs: []string{"disconnect"}, body: none, answers: gone},
		"server-search":     {access: member, body: none},
		"server-token":      {body: none, grant: true},
	}
}

func accountShapes() map[string]shape {
	email := field{path: "email", kind: "string"}
	first, last := field{path: "first_name", kind: "string"}, field{path: "last_name", kind: "string"}
	password := field{path: "password", kind: "string"}
	paired := func(f field) field { f.texts = []refusal{wrongPair}; return f }
	coded := func(f field) field { f.texts = []refusal{wrongCode}; return f }
	code := field{path: "code", kind: "string", texts: []refusal{wrongCode}}
	return map[string]shape{
		"sign-in": {
			body: func(s *scene) object {
				return object{"email": s.who["Technical"].Email, "password": cloudtest.Password}
			},
			fields: []field{paired(email), paired(password)}, wrong: wrongPairs, refuses: wrongPair,
		},
		"sign-up": {
			body: func(*scene) object {
				return object{"email": cloudtest.Address("new"), "first_name": "Nora", "last_name": "Noon", "password": cloudtest.Password}
			},
			fields: []field{email, first, last, password}, free: "anybody may sign up",
		},
		"sign-up-confirm": {
			body:   func(*scene) object { return object{"email": cloudtest.Address("nobody"), "code": "123456"} },
			fields: []field{coded(email), code}, refuses: wrongCode,
			wrong: func(s *scene) map[string]object {
				return map[string]object{"of a member": {"email": s.who["Technical"].Email, "code": "123456"}, "of nobody": {"email": cloudtest.Address("nobody"), "code": "123456"}}
			},
		},
		"session-refresh": {
			body:   func(*scene) object { return object{"refresh_token": "dead"} },
			fields: []field{{path: "refresh_token", kind: "string", texts: []refusal{credentials}}}, refuses: credentials,
			wrong: func(s *scene) map[string]object {
				return map[string]object{"garbage": {"refresh_token": "dead"}, "an access token": {"refresh_token": s.admin.Token}, "a link": {"refresh_token": s.link}}
			},
		},
		"sign-out":       {access: account, body: none},
		"password-reset": {body: func(*scene) object { return object{"email": cloudtest.Address("nobody")} }, fields: []field{email}, free: "the code goes to the address"},
		"password-reset-confirm": {
			body: func(*scene) object {
				return object{"email": cloudtest.Address("nobody"), "code": "123456", "password": "Narwhal-88-horn"}
			},
			fields: []field{coded(email), code, coded(password)}, refuses: wrongCode,
			wrong: func(s *scene) map[string]object {
				body := func(email string) object {
					return object{"email": email, "code": "123456", "password": "Narwhal-88-horn"}
				}
				return map[string]object{"of a member": body(s.who["Technical"].Email), "of nobody": body(cloudtest.Address("nobody"))}
			},
		},
		"profile-get": {access: account, body: none},
		"profile-update": {
			access: account,
			body:   func(*scene) object { return object{"first_name": "Nora", "last_name": "Noon"} },
			fields: []field{first, last, {path: "tos", kind: "boolean"}, {path: "marketing", kind: "boolean"}},
		},
	}
}

// A request is one of an operation: one route, and one verb where the route has some.
type request struct {
	name, method, path, verb string // path with its parameters' names
	shape
}

// requests returns what every operation takes, in the list's order.
func requests(t testing.TB) []request {
	t.Helper()
	known := shapes()
	var all []request
	for _, o := range operation.All() {
		if o.Page {
			continue // what people do with a page, scripts/browser tests
		}
		s, ok := known[o.Name]
		if !ok && len(o.Routes) > 0 {
			t.Fatalf("%s is not described in shapes: say whom it lets in and what it takes", o.Name)
		}
		for _, r := range o.Routes {
			method, path, _ := strings.Cut(r, " ")
			if len(s.verbs) == 0 {
				all = append(all, request{r, method, path, "", s})
			}
			for _, v := range s.verbs {
				all = append(all, request{r + ":" + v, method, path + ":" + v, v, s})
			}
		}
	}
	return all
}

func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	known := shapes()
	routes := 0
	for _, o := range operation.All() {
		if s, ok := known[o.Name]; ok && (s.access == anybody) != o.Public {
			t.Errorf("%s: Public is %v", o.Name, o.Public)
		}
		if s := known[o.Name]; o.Public && !o.Page && s.bearer == "" && !s.grant && (s.wrong == nil) == (s.free == "") {
			t.Errorf("%s is public: say which secrets it refuses, or why it asks for none", o.Name)
		}
		delete(known, o.Name)
		if !o.Page {
			routes += len(o.Routes)
		}
	}
	for name := range known {
		t.Errorf("%s is described and no operation", name)
	}
	if n := len(requests(t)); n < routes {
		t.Errorf("%d requests for %d routes", n, routes)
	}
}

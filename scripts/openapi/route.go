package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"roster/shared/fault"
	"roster/shared/operation"
)

// A route is what callers need to know of one route. Whose it is, and whether it asks for a token,
// the list of operations says.
type route struct {
	at       string // "METHOD /path" as clients call it, verbs and API.md's names of parameters included
	id       string // operationId, where the operation has several routes; else its name
	tag      string
	summary  string
	text     string
	who      access
	client   bool // the CRM calls it, with its own credential
	writes   bool // it may lose races, which is 409/10
	grant    bool // it takes RFC 6749's grants, and refuses what is wrong about them in that one's words
	body     *body
	answer   object // schema of 200
	sample   any    // of it
	refusals []*fault.Error
}

// A body is that of a route which reads one. None at all is the same as {}.
type body struct {
	fields   object   // its properties
	required []string // those that must be there
	sample   any
}

// access is whom a route lets in; each is let in by fewer routes than the one before.
type access int

const (
	anybody  access = iota // without a token
	signedIn               // everybody with an account
	member                 // active members of the organization
	admin                  // its Admins
)

// parameters are those of paths: the name that callers read, and the one of the operation list.
var parameters = []struct {
	name, listed, component, text, schema string
	example                               any
}{
	{"org_id", "org", "OrgID", "Id of an organization.", "UUID", sampleOrg.ID},
	{"member_id", "member", "MemberID", "Id of a member, or of somebody invited, in that organization.", "UUID", sampleOrg.ID},
	{"id", "invitation", "InvitationID", "Id of an invitation, which is the organization's.", "UUID", sampleOrg.ID},
	{"pmm_server_id", "server", "ServerID", "What a PMM server calls itself.", "ServerID", "pmm-1"},
}

func parameterComponents() (all object) {
	for _, p := range parameters {
		all = append(all, field{p.component, object{
			{"name", p.name},
			{"in", "path"},
			{"required", true},
			{"description", p.text},
			{"schema", ref("schemas", p.schema)},
			{"example", p.example},
		}})
	}
	return all
}

// verb is what stands behind a parameter, which API Gateway takes as a part of the parameter.
var verb = regexp.MustCompile(`\}:\w+`)

// listed returns the route as the list of operations has it.
func (r route) listed() string {
	at := verb.ReplaceAllString(r.at, "}")
	for _, p := range parameters {
		at = strings.ReplaceAll(at, "{"+p.name+"}", "{"+p.listed+"}")
	}
	return at
}

// operation returns whose the route is.
func (r route) operation() (operation.Operation, error) {
	for _, o := range operation.All() {
		if slices.Contains(o.Routes, r.listed()) {
			if o.Client != r.client {
				return o, fmt.Errorf("%s: it is for the CRM: %v, and its operation: %v", r.at, r.client, o.Client)
			}
			if o.Public != (r.who == anybody) {
				return o, fmt.Errorf("%s: it lets in %d, and its operation is public: %v", r.at, r.who, o.Public)
			}
			return o, nil
		}
	}
	return operation.Operation{}, fmt.Errorf("%s: no operation has the route %s", r.at, r.listed())
}

// paths returns all routes by their paths, or what the list of operations does not say.
func paths(routes []route) (all object, err error) {
	for _, r := range routes {
		o, err := r.operation()
		if err != nil {
			return nil, err
		}
		method, path, _ := strings.Cut(r.at, " ")
		i := slices.IndexFunc(all, func(f field) bool { return f.name == path })
		if i < 0 {
			i = len(all)
			all = append(all, field{path, r.parameters()})
		}
		all[i].value = all[i].value.(object).with(field{strings.ToLower(method), r.describe(o)})
	}
	return all, nil
}

func (r route) parameters() object {
	var all []any
	for _, p := range parameters {
		if strings.Contains(r.at, "{"+p.name+"}") {
			all = append(all, ref("parameters", p.component))
		}
	}
	if all == nil {
		return object{}
	}
	return object{{"parameters", all}}
}

func (r route) describe(o operation.Operation) object {
	id := o.Name
	if r.id != "" {
		id = r.id
	}
	d := object{{"operationId", id}, {"tags", []any{r.tag}}, {"summary", r.summary}, {"description", r.text}}
	switch {
	case o.Client:
		d = d.with(field{"security", []any{object{{"onboarding", []any{}}}}})
	case r.grant:
		d = d.with(field{"security", []any{object{{"serverCredentials", []any{}}}}}, field{"parameters", grantParameters})
	case o.Public:
		d = d.with(field{"security", []any{}})
	}
	if r.body != nil {
		d = d.with(field{"requestBody", r.body.describe()})
	}
	return d.with(field{"responses", r.responses()})
}

func (b *body) describe() object {
	schema := object{{"type", "object"}, {"properties", b.fields}, {"required", b.required}}
	if len(b.required) == 0 {
		schema = optional(schema[:2])
	}
	return object{
		{"required", len(b.required) > 0},
		{"content", object{{"application/json", object{{"schema", schema}, {"example", b.sample}}}}},
	}
}

// responses returns every status that the route can answer.
func (r route) responses() object {
	all := object{{"200", object{
		{"description", http.StatusText(http.StatusOK)},
		{"content", object{{"application/json", object{{"schema", r.answer}, {"example", r.sample}}}}},
	}}}
	for _, status := range statuses {
		if of := r.refused(status); len(of) > 0 {
			all = all.with(field{fmt.Sprint(status), response(of)})
		}
	}
	return all
}

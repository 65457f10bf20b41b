package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"roster/shared/account"
	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/pmm"
	"roster/shared/refusal"
	"roster/shared/userpool"
)

// A refused is an answer that is an error, and an example of the document under its name.
type refused struct {
	name         string
	status, code int
	message      string
	details      []any
	grant        bool // it is one of RFC 6749's
}

func of(name string, err *fault.Error) refused {
	status, code := httpapi.Codes(err.Kind)
	return refused{name, status, code, err.Message, err.Details, httpapi.IsGrantError(err)}
}

func ofGateway(name string, t refusal.Type) refused {
	r := refusal.Of(t)
	return refused{name, r.Status, r.Code, r.Message, nil, false}
}

// The refusals that belong to no noun of Roster's, and those of the gateway.
var (
	invalidBody  = of("InvalidBody", fault.Invalidf("invalid field Body: value must be valid JSON"))
	largeForm    = of("LargeForm", fault.Invalidf("invalid field Body: value must be at most 65536 bytes"))
	invalidField = of("InvalidField", fault.Empty("Name", ""))
	aborted      = of("Aborted", fault.ErrAborted)
	unavailable  = of("Unavailable", fault.ErrUnavailable)
	noToken      = ofGateway("NoToken", refusal.Unauthorized)
	badToken     = ofGateway("BadToken", refusal.AccessDenied)
	blocked      = ofGateway("Blocked", refusal.WAFFiltered)
	throttled    = ofGateway("Throttled", refusal.Throttled)
	tooLarge     = ofGateway("TooLarge", refusal.RequestTooLarge)
	timedOut     = ofGateway("TimedOut", refusal.IntegrationTimeout)
	internal     = ofGateway("Internal", refusal.Default5XX)
	unverified   = of("Unverified", account.ErrUnverified)
	badOrgID     = of("BadOrgID", org.ErrID)
	notMember    = of("NotMember", org.ErrNotMember)
	adminOnly    = of("AdminOnly", org.ErrAdminOnly)
)

// named are the refusals of single routes.
var named = []struct {
	err  *fault.Error
	name string
}{
	{org.ErrAlready, "AlreadyInOrg"},
	{org.ErrAlreadyMember, "AlreadyMember"},
	{org.ErrMemberElsewhere, "MemberElsewhere"},
	{org.ErrMemberMissing, "NoSuchMember"},
	{org.ErrOwnRole, "OwnRole"},
	{org.ErrOwnRow, "OwnRow"},
	{org.ErrLastAdmin, "LastAdmin"},
	{org.ErrLinked, "NameIsManaged"},
	{org.ErrAskAdmin, "AskAdmin"},
	{company.ErrNoContact, "NoContact"},
	{customer.ErrUnavailable, "CRMUnavailable"},
	{org.ErrActive, "AlreadyActive"},
	{org.ErrCoolDown, "CoolDown"},
	{org.ErrQuota, "Quota"},
	{org.ErrInvitee, "BadInvitee"},
	{org.ErrRole, "BadRole"},
	{org.ErrNoInvitation, "NoInvitation"},
	{org.ErrNotAddressee, "NotAddressee"},
	{org.ErrExpired, "InvitationExpired"},
	{org.ErrHasAccount, "HasAccount"},
	{org.ErrLink, "DeadLink"},
	{org.ErrID, "BadOrgID"},
	{errFilter, "BadFilter"},
	{errSorting, "BadSorting"},
	{account.ErrRevoked, "BadToken"},
	{account.ErrAddress, "BadAddress"},
	{pmm.ErrNoOrg, "NoOrg"},
	{pmm.ErrElsewhere, "ServerElsewhere"},
	{pmm.ErrMissing, "NoSuchServer"},
	{pmm.ErrNotYours, "NotYourServer"},
	{httpapi.ErrClient, "InvalidClient"},
	{httpapi.ErrGrantMissing, "InvalidRequest"},
	{httpapi.ErrGrantType, "UnsupportedGrantType"},
	{httpapi.ErrScope, "InvalidScope"},
	{userpool.ErrCredentials, "WrongPair"},
	{userpool.ErrUnconfirmed, "Unconfirmed"},
	{userpool.ErrMustReset, "MustReset"},
	{userpool.ErrEmail, "BadEmail"},
	{userpool.ErrCode, "BadCode"},
	{userpool.ErrPassword, "BadPassword"},
	{userpool.ErrTooMany, "TooManyAttempts"},
}

func nameOf(err *fault.Error) refused {
	for _, n := range named {
		if n.err == err {
			return of(n.name, err)
		}
	}
	panic("no name for the refusal " + err.Message)
}

var statuses = []int{400, 401, 403, 404, 409, 413, 429, 500, 503, 504}

// refused returns the route's refusals with that status.
func (r route) refused(status int) (all []refused) {
	for _, x := range r.all() {
		if x.status == status {
			all = append(all, x)
		}
	}
	return all
}

// all returns the route's refusals in the order in which they are found out.
func (r route) all() []refused {
	all := []refused{blocked, throttled, tooLarge, internal, unavailable, timedOut}
	if r.grant {
		all = append(all, largeForm)
	} else {
		all = append(all, invalidBody)
	}
	if r.client {
		all = append(all, noToken, badToken)
	}
	if r.who >= signedIn {
		all = append(all, noToken, badToken, unverified)
	}
	if r.body != nil && len(r.body.fields) > 0 || strings.Contains(r.at, "{member_id}") || strings.Contains(r.at, "{pmm_server_id}") {
		all = append(all, invalidField)
	}
	if strings.Contains(r.at, "{org_id}") || strings.Contains(r.at, "{id}") {
		all = append(all, badOrgID)
	}
	if r.who >= member {
		all = append(all, notMember)
	}
	if r.who == admin {
		all = append(all, adminOnly)
	}
	for _, err := range r.refusals {
		all = append(all, nameOf(err))
	}
	if r.writes {
		all = append(all, aborted)
	}
	return all
}

// shared are the responses of many routes.
var shared = []struct {
	name     string
	refusals []refused
}{
	{"InvalidBody", []refused{invalidBody}},
	{"InvalidInput", []refused{invalidBody, invalidField}},
	{"InvalidOrg", []refused{invalidBody, badOrgID}},
	{"Unauthenticated", []refused{noToken, badToken}},
	{"Blocked", []refused{blocked}},
	{"Unverified", []refused{blocked, unverified}},
	{"NotMember", []refused{blocked, unverified, notMember}},
	{"AdminOnly", []refused{blocked, unverified, notMember, adminOnly}},
	{"NoSuchMember", []refused{nameOf(org.ErrMemberMissing)}},
	{"NoInvitation", []refused{nameOf(org.ErrNoInvitation)}},
	{"Aborted", []refused{aborted}},
	{"TooLarge", []refused{tooLarge}},
	{"Throttled", []refused{throttled}},
	{"TooManyAttempts", []refused{throttled, nameOf(userpool.ErrTooMany)}},
	{"Internal", []refused{internal}},
	{"Unavailable", []refused{unavailable}},
	{"CRMUnavailable", []refused{unavailable, nameOf(customer.ErrUnavailable)}},
	{"TimedOut", []refused{timedOut}},
}

func sharedResponses() (all object) {
	for _, s := range shared {
		all = append(all, field{s.name, refusing(s.refusals)})
	}
	return all
}

// response returns the refusals of one status, by reference where others share them.
func response(all []refused) object {
	for _, s := range shared {
		if slices.EqualFunc(s.refusals, all, func(a, b refused) bool { return a.name == b.name }) {
			return ref("responses", s.name)
		}
	}
	return refusing(all)
}

func refusing(all []refused) object {
	var codes []string
	var examples object
	for _, r := range all {
		examples = append(examples, field{r.name, ref("examples", r.name)})
		if meaning := fmt.Sprintf("%d %s", r.code, meanings[r.code]); !slices.Contains(codes, meaning) {
			codes = append(codes, meaning)
		}
	}
	status, schema := all[0].status, ref("schemas", "Error")
	d := object{{"description", http.StatusText(status) + ": code " + strings.Join(codes, "; code ") + "."}}
	isGrant := func(r refused) bool { return r.grant }
	switch {
	case !slices.ContainsFunc(all, isGrant):
	case all[0].grant:
		schema, d = ref("schemas", "GrantError"), object{{"description", http.StatusText(status) + ", in the words of RFC 6749."}}
	default:
		schema = object{{"anyOf", []any{ref("schemas", "GrantError"), schema}}}
		d = object{{"description", http.StatusText(status) + ", in the words of RFC 6749, but for a body that is too large."}}
	}
	if status == http.StatusTooManyRequests {
		d = d.with(field{"headers", object{{"Retry-After", ref("headers", "RetryAfter")}}})
	}
	return d.with(field{"content", object{{"application/json", object{
		{"schema", schema}, {"examples", examples},
	}}}})
}

var retryAfter = object{
	{"description", "Seconds after which a repeat may succeed. Quotas and cool-downs know it; the gateway, which throttles by the second, says 1."},
	{"schema", object{{"type", "integer"}, {"minimum", 1}}},
	{"example", 42},
}

// refusalExamples returns every refusal of the document once, by its name.
func refusalExamples() (all object) {
	seen := map[string]bool{}
	for _, r := range routes() {
		for _, x := range r.all() {
			if !seen[x.name] {
				all = append(all, field{x.name, x.example()})
			}
			seen[x.name] = true
		}
	}
	slices.SortFunc(all, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return all
}

func (r refused) example() object {
	details := r.details
	if r.name == "AlreadyInOrg" {
		details = []any{object{{"org_id", sampleOrg.ID}}}
	}
	if r.grant {
		return object{{"value", object{{"error", r.message}}}}
	}
	if details == nil {
		details = []any{}
	}
	return object{{"value", object{{"code", r.code}, {"message", r.message}, {"details", details}}}}
}

// meanings are those of the codes (API.md §1).
var meanings = map[int]string{
	3:  "malformed input",
	4:  "the gateway gave up waiting",
	5:  "there is no such thing",
	6:  "it exists already",
	7:  "not allowed",
	8:  "too much, or too soon",
	9:  "the state forbids it",
	10: "lost too many races in a row, safe to retry",
	13: "our fault",
	14: "a dependency is down or slow, safe to retry",
	16: "no, a bad or a revoked token",
}

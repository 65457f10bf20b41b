// Package contract holds Roster to API.md §1–§6 as its clients meet it: over HTTP, against the local
// cloud with the functions' own binaries and a real DynamoDB engine. Every test names a sentence of
// API.md and has people of its own; only those that look at the whole table have a cloud of their own.
package contract

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

type (
	object = map[string]any
	list   = []any
)

// A refusal is an answer that API.md §1 calls an error.
type refusal struct {
	status, code int
	message      string
}

// The refusals that many routes share, in API.md's words.
var (
	authentication = refusal{401, 16, "Authentication fail."}
	credentials    = refusal{401, 16, "Invalid credentials."}
	unverified     = refusal{403, 7, "The e-mail address of the account is not verified."}
	notFound       = refusal{404, 5, "Not Found"}
	badOrg         = refusal{400, 3, "Incorrect organization ID"}
	notMember      = refusal{403, 7, "User must belong to the requested organization to perform this action."}
	adminOnly      = refusal{403, 7, "Only an organization admin can perform this action."}
	noSuchMember   = refusal{404, 5, "Organization member not found."}
	badRole        = refusal{400, 3, "Invalid organization member role."}
	badInvitee     = refusal{400, 3, "Failed to invite user"}
	already        = refusal{409, 6, "You are already a member of an organization."}
	alreadyMember  = refusal{409, 6, "User is already a member of this organization."}
	elsewhere      = refusal{409, 6, "User is already a member of another organization."}
	lastAdmin      = refusal{400, 9, "The last admin cannot leave the organization."}
	ownRole        = refusal{400, 9, "You cannot change your own role."}
	ownRow         = refusal{400, 9, "You cannot remove yourself from the organization."}
	isActive       = refusal{400, 9, "The member is already active."}
	deadLink       = refusal{400, 3, "The activation link is not valid."}
	hasAccount     = refusal{400, 9, "An account with this e-mail already exists. Sign in to accept the invitation."}
	overQuota      = refusal{429, 8, "Too many invitations today."}
	wrongPair      = refusal{400, 3, "Incorrect username or password."}
	wrongCode      = refusal{400, 3, "The code is not valid."}
)

func empty(field, value string) refusal {
	return refusal{400, 3, fmt.Sprintf("invalid field %s: value '%s' must not be an empty string", field, value)}
}

// want fails the test unless a is r, with details that are [].
func (r refusal) want(t testing.TB, a cloudtest.Answer) {
	t.Helper()
	a.WantError(t, r.status, r.code, r.message)
	if len(a.At("details").([]any)) != 0 {
		t.Fatalf("details of %s; want []", a.Raw)
	}
}

// wantOrg fails the test unless a is r with the organization's id in details.
func (r refusal) wantOrg(t testing.TB, a cloudtest.Answer, org string) {
	t.Helper()
	a.WantError(t, r.status, r.code, r.message)
	if len(a.At("details").([]any)) != 1 || a.Text("details.0.org_id") != org {
		t.Fatalf("details of %s; want org_id %s", a.Raw, org)
	}
}

// nothing fails the test unless a is 200 {}.
func nothing(t testing.TB, a cloudtest.Answer) {
	t.Helper()
	if a.Status != 200 || a.Raw != "{}" {
		t.Fatalf("answer %d %s; want 200 {}", a.Status, a.Raw)
	}
}

// retryAfter fails the test unless a says in whole seconds, from 1 to most, when to come again.
func retryAfter(t testing.TB, a cloudtest.Answer, most int) {
	t.Helper()
	n, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || n < 1 || n > most {
		t.Fatalf("Retry-After %q; want 1 to %d seconds", a.Header.Get("Retry-After"), most)
	}
}

// eventually waits for what happens in the background.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never happened: %s", what)
		}
	}
}

// few returns the cloud in which an organization may send three mails a day, and without a pause
// between two to the same row.
func few(t testing.TB) *cloudtest.Cloud {
	t.Helper()
	return cloudtest.Shared(t, "ROSTER_INVITES_PER_DAY=3", "ROSTER_RESEND_AFTER=0")
}

// join returns the cloud in which whoever has an account becomes a member by being invited.
func join(t testing.TB) *cloudtest.Cloud {
	t.Helper()
	return cloudtest.Shared(t, "ROSTER_INVITE_EXISTING=join")
}

// found returns somebody new and their new organization.
func found(t testing.TB, c *cloudtest.Cloud, name string) (p *cloudtest.Person, org string) {
	t.Helper()
	p = c.Person(t, name)
	return p, p.Org(t, name+"'s")
}

// route returns the path of an organization's route.
func route(org string, parts ...string) string {
	return "/v1/orgs/" + org + strings.Join(parts, "")
}

// members returns the rows of an organization as p sees them, and its one page.
func members(t testing.TB, p *cloudtest.Person, org string) list {
	t.Helper()
	return p.Do(t, "POST", route(org, "/members:search"), nil).Want(t, 200).At("members").(list)
}

// row returns the row of an address as p sees it; nil when there is none.
func row(t testing.TB, p *cloudtest.Person, org, email string) object {
	t.Helper()
	a := p.Do(t, "POST", route(org, "/members:search"), object{"user": object{"username": email}}).Want(t, 200)
	one, _ := a.At("members.0").(object)
	return one
}

// orgs returns what orgs:search shows p.
func orgs(t testing.TB, p *cloudtest.Person) list {
	t.Helper()
	return p.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200).At("orgs").(list)
}

// invitations returns what invitations:search shows p.
func invitations(t testing.TB, p *cloudtest.Person) list {
	t.Helper()
	return p.Do(t, "POST", "/v1/invitations:search", nil).Want(t, 200).At("invitations").(list)
}

func invite(email, role string) object { return object{"username": email, "role": role} }

// validate looks at a link.
func validate(t testing.TB, c *cloudtest.Cloud, link string) cloudtest.Answer {
	t.Helper()
	return c.Do(t, "POST", "/v1/auth/ValidateToken", "", object{"activation_token": link})
}

// profile is a good body for ActivateProfile.
func profile(state string) object {
	return object{
		"profile":  object{"first_name": "Pia", "last_name": "Pearl", "tos": true, "marketing": false},
		"password": cloudtest.Password, "token": state,
	}
}

// activate goes from a link to an account and a membership.
func activate(t testing.TB, c *cloudtest.Cloud, link string) cloudtest.Answer {
	t.Helper()
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	return c.Do(t, "POST", "/v1/auth/ActivateProfile", "", profile(state))
}

// send is Do with a content type.
func send(t testing.TB, p *cloudtest.Person, method, path, contentType, body string) cloudtest.Answer {
	t.Helper()
	req, err := http.NewRequest(method, p.Cloud.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+p.Token)
	a, err := p.Cloud.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// someID is a well-formed id of nothing.
func someID() string { return uuid.NewString() }

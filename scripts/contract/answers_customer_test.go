package contract

import (
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
)

// theFirm is a company of the same name each time, with its Admin contact signed in, and somebody who is
// in its organization and no contact.
func theFirm(t *testing.T) (p, bob *cloudtest.Person, org string) {
	t.Helper()
	c := cloudtest.Shared(t)
	p = signedUp(t, c, "ada")
	known(t, c, someID(), "Globex", contact(p, "Admin"))
	org = enter(t, p)["id"].(string)
	return p, p.Join(t, org, "bob", "Technical"), org
}

func TestAnswersOfCompanySearch(t *testing.T) {
	t.Parallel()
	g := newGolden(t, "company-search")
	p, bob, _ := theFirm(t)
	g.keep("a contact", p.Do(t, "POST", "/v1/orgs/company:search", nil))
	g.keep("anybody else", bob.Do(t, "POST", "/v1/orgs/company:search", nil))
}

func TestAnswersOfEntitlementSearch(t *testing.T) {
	t.Parallel()
	g := newGolden(t, "entitlement-search")
	p, bob, org := theFirm(t)
	g.keep("a contact", p.Do(t, "POST", route(org, "/entitlements:search"), nil))
	g.keep("a member who is none", bob.Do(t, "POST", route(org, "/entitlements:search"), nil))
	g.keep("no member", bob.Do(t, "POST", route(someID(), "/entitlements:search"), nil))
}

func TestAnswersOfTicketSearch(t *testing.T) {
	t.Parallel()
	g := newGolden(t, "ticket-search")
	p, bob, org := theFirm(t)
	g.keep("a contact", p.Do(t, "POST", route(org, "/tickets:search"), nil))
	g.keep("a member who is none", bob.Do(t, "POST", route(org, "/tickets:search"), nil))
	g.keep("no member", bob.Do(t, "POST", route(someID(), "/tickets:search"), nil))
}

func TestAnswersOfTicketRaise(t *testing.T) {
	t.Parallel()
	g := newGolden(t, "ticket-raise")
	p, bob, org := theFirm(t)
	for _, sent := range []struct {
		sentence string
		body     any
	}{
		{"nothing", nil},
		{"no short description", object{"short_description": " ", "description": "x"}},
		{"161 characters", object{"short_description": strings.Repeat("é", 161)}},
		{"a description of 4001 characters", object{"short_description": "x", "description": strings.Repeat("é", 4001)}},
		{"a priority of another type", object{"short_description": "x", "priority": 2}},
	} {
		g.keep(sent.sentence, p.Do(t, "POST", route(org, "/tickets"), sent.body))
	}
	g.keep("a member who is no contact", bob.Do(t, "POST", route(org, "/tickets"), aTicket))
	a := p.Do(t, "POST", route(org, "/tickets"), aTicket).Want(t, 200)
	a.Raw = strings.ReplaceAll(a.Raw, a.Text("ticket.number"), "<number>")
	if at := strings.Index(a.Raw, `"url":"`); at >= 0 { // the CRM's own page of it
		a.Raw = a.Raw[:at] + `"url":"<url>"}}`
	}
	g.keep("a contact", a)
}

func TestAnswersOfMemberOnboard(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "member-onboard")
	good := onboarding(cloudtest.Address("bob"), someID(), "Acme")
	call := func(credential string, body any) cloudtest.Answer {
		return c.Do(t, "POST", "/v1/orgs/members:onboard", credential, body)
	}
	g.keep("no credential", call("", good))
	g.keep("a wrong one", call("wrong", good))
	for _, sent := range []struct {
		sentence string
		body     any
	}{
		{"nothing", nil},
		{"no e-mail", with(good, "email", "")},
		{"no e-mail address", with(good, "email", "bob")},
		{"no account", with(good, "account", object{})},
		{"no id of the account", with(good, "account.ids.servicenow", "")},
		{"a bad id", with(good, "account.ids.servicenow", "a b")},
		{"no name of the account", with(good, "account.name", " ")},
		{"active of another type", with(good, "active", "true")},
		{"somebody who is none, of an unknown company", with(good, "active", false)},
		{"a contact", good},
		{"once more", good},
		{"none any more", with(good, "active", false)},
	} {
		g.keep(sent.sentence, call(crm.Onboarding, sent.body))
	}
}

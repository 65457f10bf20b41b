package contract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
)

// TestAnOrganizationWithoutANameIsRefusedToWhoIsNoContactOnly has a cloud of its own for its faults.
func TestAnOrganizationWithoutANameIsRefusedToWhoIsNoContactOnly(t *testing.T) {
	t.Parallel()
	c := cloudtest.Start(t, cloud.Options{})
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	f.start(t, f.tech)
	nothing(t, f.tech.Do(t, "POST", route(org, ":leave"), nil))
	f.admin.Invite(t, org, f.other.Email, "Technical")
	f.other.SignIn(t)
	ann, free := found(t, c, "ann")
	late, nick := signedUp(t, c, "late"), c.Person(t, "nick") // the CRM said no of the latter
	gone := newFirm(t, c)
	for _, sent := range []any{nil, object{"name": ""}, object{"name": " \t"}, object{"name": "<b>"}} {
		askAdmin.want(t, f.tech.Do(t, "POST", "/v1/orgs", sent))
		ann.Do(t, "POST", "/v1/orgs", sent).Want(t, 400)
		if got := f.admin.Do(t, "POST", "/v1/orgs", sent).Want(t, 200).Text("org.id"); got != org {
			t.Errorf("%v: a member is in %q", sent, got)
		}
		nick.Do(t, "POST", "/v1/orgs", sent).Want(t, 400)
	}
	malformed := object{"name": 7}
	f.admin.Do(t, "POST", "/v1/orgs", malformed).Want(t, 400)
	crmIs(t, c, crm.Down)
	late.SignIn(t)
	gone.tech.SignIn(t)
	for _, sent := range []any{nil, object{"name": "<b>"}} {
		crmDown.want(t, late.Do(t, "POST", "/v1/orgs", sent))
		crmDown.want(t, gone.tech.Do(t, "POST", "/v1/orgs", sent))
		crmDown.want(t, f.admin.Do(t, "POST", "/v1/orgs", sent))
		nick.Do(t, "POST", "/v1/orgs", sent).Want(t, 400)
		ann.Do(t, "POST", "/v1/orgs", sent).Want(t, 400)
	}
	already.wantOrg(t, ann.Do(t, "POST", "/v1/orgs", object{"name": "Acme"}), free)
	late.Do(t, "POST", "/v1/orgs", malformed).Want(t, 400)
}

func TestWhoDeclinedIsAskedForNoName(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t, "ROSTER_LINK_AT_SIGN_IN=off")
	f := newFirm(t, c)
	f.admin.SignIn(t)
	org := f.admin.Do(t, "POST", "/v1/orgs", nil).Want(t, 200).Text("org.id")
	f.admin.Invite(t, org, f.tech.Email, "Technical")
	f.tech.SignIn(t)
	nothing(t, f.tech.Do(t, "POST", "/v1/invitations/"+org+":decline", nil))
	askAdmin.want(t, f.tech.Do(t, "POST", "/v1/orgs", nil))
}

func TestAContactWhomTheCRMHidesIsNotTakenForNone(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	p, id := signedUp(t, c, "hid"), someID()
	known(t, c, id, "Firm", with(contact(p, "Admin"), "hidden", true))
	if o := enter(t, p); o != nil {
		t.Fatalf("they are in %v", o)
	}
	crmDown.want(t, p.Do(t, "POST", "/v1/orgs", object{"name": "Mine"}))
	crmDown.want(t, p.Do(t, "POST", "/v1/orgs/company:search", nil))
	known(t, c, id, "Firm", contact(p, "Admin"))
	if o := enter(t, p); o == nil || o["name"] != "Firm" { // nothing was remembered
		t.Errorf("seen, they are in %v", o)
	}
}

// renames counts what the log says of the organization's name.
func renames(all []event) []event {
	var some []event
	for _, e := range all {
		if e.Type == "organization" && e.Action == "UPDATE" {
			some = append(some, e)
		}
	}
	return some
}

func TestACompanyThatIsCalledOtherwiseRenamesItsOrganization(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	l := logOf(c, org)
	l.bySignIn = true
	l.since(t)
	was := f.name
	people := []object{contact(f.admin, "Admin"), contact(f.tech, "Technical"), contact(f.other, "Technical")}
	named := func(name, by string, bring func()) {
		t.Helper()
		known(t, c, f.id, name, people...)
		bring()
		if got := orgs(t, f.admin)[0].(object)["name"]; got != name {
			t.Errorf("%s: it is called %v; want %q", by, got, name)
		}
		want := []event{{Action: "UPDATE", Type: "organization", ID: org, Name: name, Initial: "name=" + was, Result: "name=" + name}}
		if diff := cmp.Diff(want, renames(l.since(t))); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", by, diff)
		}
		was = name
	}
	named("Firm One", "a member posts", func() {
		for range 2 {
			if got := f.admin.Do(t, "POST", "/v1/orgs", object{"name": "Mine"}).Want(t, 200).Text("org.name"); got != "Firm One" {
				t.Errorf("answered %q", got)
			}
		}
	})
	named("Firm Two", "a contact joins", func() {
		if got := enter(t, f.tech)["name"]; got != "Firm Two" {
			t.Errorf("they are in %v", got)
		}
	})
	named("Firm Three", "the CRM tells of a member", func() {
		for range 2 {
			onboard(t, c, onboarding(f.tech.Email, f.id, "Firm Three")).Want(t, 200)
		}
	})
	named("Firm Four", "the CRM tells of somebody new", func() {
		onboard(t, c, onboarding(cloudtest.Address("eve"), f.id, " Firm\nFour")).Want(t, 200)
	})
	if enter(t, f.admin); len(renames(l.since(t))) != 0 {
		t.Error("a member's sign-in renamed it")
	}
}

func TestTheCRMsWordOutweighsWhatItSaidBefore(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p, q := n.c.Person(t, "new"), n.c.Person(t, "kim") // of whom the CRM said no
	known(t, n.c, n.account, "Acme", contact(p, "Technical"), contact(q, "Technical"))
	org := n.says(p.Email, asAdmin)
	if o := enter(t, p); o == nil || o["id"] != org {
		t.Fatalf("they are in %v; want %s", o, org)
	}
	if got := roleOf(t, p, org, p.Email); got != "Admin" {
		t.Errorf("their role is %q", got)
	}
	p.Invite(t, org, q.Email, "Admin") // what the CRM says then changes nothing else
	n.says(q.Email)
	if o := enter(t, q); o == nil || o["id"] != org || roleOf(t, p, org, q.Email) != "Admin" {
		t.Errorf("the second is in %v", o)
	}
}

func TestWhoIsKeptOutComesBackWhereNobodyIsAdmin(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(t *testing.T, p *cloudtest.Person) string{
		"at sign-in":         func(t *testing.T, p *cloudtest.Person) string { o, _ := enter(t, p)["id"].(string); return o },
		"from POST /v1/orgs": func(t *testing.T, p *cloudtest.Person) string { return p.Do(t, "POST", "/v1/orgs", nil).Text("org.id") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cloudtest.Shared(t)
			f := newFirm(t, c)
			org := f.start(t, f.admin)
			f.start(t, f.tech)
			nothing(t, f.tech.Do(t, "POST", route(org, ":leave"), nil))
			askAdmin.want(t, f.tech.Do(t, "POST", "/v1/orgs", nil))
			onboard(t, c, onboarding(f.admin.Email, f.id, f.name), inactive).Want(t, 200)
			if got := back(t, f.tech); got != org {
				t.Fatalf("they are in %q; want %s", got, org)
			}
			f.tech.SignIn(t)
			if got := roleOf(t, f.tech, org, f.tech.Email); got != "Admin" {
				t.Errorf("their role is %q", got)
			}
		})
	}
}

func TestAnAccountsIDIsOneThatTheCRMCanBeAskedFor(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for _, id := range []string{"abc^NQx=1", "a b", "a.b", "é", "javascript:1", "a\nb", strings.Repeat("a", 129)} {
		a := onboard(t, c, onboarding(cloudtest.Address("bob"), id, "Acme"))
		refusal{400, 3, "invalid field Account.Ids.Servicenow: value must be an id of at most 128 letters, digits, _ and -"}.want(t, a)
	}
	onboard(t, c, onboarding(cloudtest.Address("bob"), "Aa0_-"+someID(), "Acme")).Want(t, 200)
}

// TestWhoLooksForTheirCompanyIsRememberedToHaveNone has a cloud of its own for its fault.
func TestWhoLooksForTheirCompanyIsRememberedToHaveNone(t *testing.T) {
	t.Parallel()
	c := cloudtest.Start(t, cloud.Options{Settings: map[string]string{"ROSTER_LINK_AT_SIGN_IN": "off"}})
	seen, unseen := c.Person(t, "ann"), c.Person(t, "bob")
	seen.Do(t, "POST", "/v1/orgs/company:search", nil).Want(t, 200)
	crmIs(t, c, crm.Down)
	seen.Do(t, "POST", "/v1/orgs/company:search", nil).Want(t, 200)
	seen.Do(t, "POST", "/v1/orgs", object{"name": "Mine"}).Want(t, 200)
	crmDown.want(t, unseen.Do(t, "POST", "/v1/orgs/company:search", nil))
}

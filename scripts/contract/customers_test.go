package contract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// The refusals of the routes for customers.
var (
	askAdmin  = refusal{400, 9, "Ask an admin of your organization to invite you."}
	noContact = refusal{403, 7, "Only contacts of a customer account can raise tickets."}
	crmDown   = refusal{503, 14, "The Customer Portal does not answer. Please try again."}
)

// onboarding is what the CRM sends of a Technical contact.
func onboarding(email, account, name string) object {
	return object{
		"email": email, "first_name": "Bob", "last_name": "Lee", "admin": false, "technical": true, "active": true, "created_at": "2026-01-01T12:00:00Z",
		"account": object{
			"ids": object{"salesforce": "", "servicenow": account, "platform": ""}, "active": true, "name": name,
			"created_at": "2026-01-01T12:00:00Z", "updated_at": "2026-01-01T12:00:00Z",
		},
	}
}

// A firm is a customer account that the CRM knows, with contacts who have accounts and did not sign in.
type firm struct {
	id, name string
	admin    *cloudtest.Person // the contacts, by their roles in the CRM
	tech     *cloudtest.Person
	other    *cloudtest.Person // Technical too
}

// newFirm makes a company with an Admin and two Technical contacts.
func newFirm(t testing.TB, c *cloudtest.Cloud) *firm {
	t.Helper()
	f := &firm{id: strings.ReplaceAll(uuid.NewString(), "-", "")}
	f.name = "Firm " + f.id[:6]
	f.admin, f.tech, f.other = signedUp(t, c, "ada"), signedUp(t, c, "ben"), signedUp(t, c, "cleo")
	known(t, c, f.id, f.name, contact(f.admin, "Admin"), contact(f.tech, "Technical"), contact(f.other, "Technical"))
	return f
}

func contact(p *cloudtest.Person, role string) object {
	return object{"email": p.Email, "name": "Ada Marsh", "role": role}
}

// known has the CRM know a company and its contacts, with two entitlements and a ticket.
func known(t testing.TB, c *cloudtest.Cloud, id, name string, contacts ...object) {
	t.Helper()
	c.Do(t, "POST", "/_local/crm", "", object{
		"account": object{
			"id": id, "name": name, "success_manager": object{"name": "Sarah Field", "email": "sarah.field@vendor.example"},
			"new_ticket_url": "https://portal.vendor.example/new-ticket",
		},
		"contacts": contacts,
		"entitlements": list{
			object{
				"number": "ENT1", "name": "Premium", "summary": "All of it", "tier": "Premium", "total_units": "5", "unlimited_units": false,
				"support_level": "24x7", "software_families": list{"MySQL"}, "start_date": "2026-01-01", "end_date": "2027-12-31",
				"platform": object{"security_advisor": "Enabled", "config_advisor": nil},
			},
			object{"number": "ENT2", "name": "Bare", "start_date": "2026-01-01", "end_date": "2026-06-30"},
		},
		"tickets": list{object{
			"number": "CS1", "short_description": "It is slow", "priority": "2 - High", "state": "Open", "create_time": "2026-02-03T09:15:42Z",
			"department": "Databases", "requester": "Ada", "task_type": "Case", "url": "https://crm.example/1",
		}},
	}).Want(t, 200)
}

// signedUp returns somebody with a verified account who never signed in.
func signedUp(t testing.TB, c *cloudtest.Cloud, name string) *cloudtest.Person {
	t.Helper()
	return c.SignedUp(t, cloudtest.Address(name), name, "Test")
}

// enter signs somebody in and returns their organization.
func enter(t testing.TB, p *cloudtest.Person) object {
	t.Helper()
	p.SignIn(t)
	one, _ := p.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200).At("orgs.0").(object)
	return one
}

// start signs in somebody of the firm and returns the firm's organization.
func (f *firm) start(t testing.TB, p *cloudtest.Person) string {
	t.Helper()
	o := enter(t, p)
	if o == nil {
		t.Fatalf("%s is in no organization", p.Email)
	}
	return o["id"].(string)
}

// role is somebody's role as p sees it; "" for who is no ACTIVE member.
func roleOf(t testing.TB, p *cloudtest.Person, org, email string) string {
	t.Helper()
	m := row(t, p, org, email)
	if m == nil || m["status"] != "ACTIVE" {
		return ""
	}
	return m["role"].(string)
}

// lazy returns the cloud in which signing in links nobody.
func lazy(t testing.TB) *cloudtest.Cloud {
	t.Helper()
	return cloudtest.Shared(t, "ROSTER_LINK_AT_SIGN_IN=off")
}

func TestTheFirstContactWhoSignsInFindsTheirCompanysOrganization(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	o := enter(t, f.tech) // Technical in the CRM, and the first
	want := object{"id": o["id"], "name": f.name, "tier": "PAID", "created_at": o["created_at"], "updated_at": o["created_at"]}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Fatalf("the organization (-want +got):\n%s", diff)
	}
	org := o["id"].(string)
	if got := f.start(t, f.other); got != org {
		t.Errorf("the second is in %s; want %s", got, org)
	}
	if got := f.start(t, f.admin); got != org {
		t.Errorf("the third is in %s; want %s", got, org)
	}
	for p, want := range map[*cloudtest.Person]string{f.tech: "Admin", f.other: "Technical", f.admin: "Admin"} {
		if got := roleOf(t, f.tech, org, p.Email); got != want {
			t.Errorf("%s is %q; want %s", p.Email, got, want)
		}
	}
}

func TestPostingAnOrganizationLinksAContactWhateverTheyName(t *testing.T) {
	t.Parallel()
	c := lazy(t)
	f := newFirm(t, c)
	for _, p := range []*cloudtest.Person{f.admin, f.tech} {
		if o := enter(t, p); o != nil {
			t.Fatalf("signing in led into %v", o)
		}
	}
	var first string
	for _, body := range []any{object{"name": "Mine"}, nil, object{"name": ""}, object{"name": "<b>"}, object{"name": "Other"}} {
		a := f.tech.Do(t, "POST", "/v1/orgs", body).Want(t, 200)
		if first == "" {
			first = a.Text("org.id")
		}
		if a.Text("org.id") != first || a.Text("org.name") != f.name || a.Text("org.tier") != "PAID" {
			t.Errorf("%v: %s", body, a.Raw)
		}
	}
	if got := f.admin.Do(t, "POST", "/v1/orgs", nil).Want(t, 200).Text("org.id"); got != first {
		t.Errorf("the second is in %s; want %s", got, first)
	}
	f.other.SignIn(t)
	f.other.Do(t, "POST", "/v1/orgs", object{"name": "Mine"}).Want(t, 200)
	for p, want := range map[*cloudtest.Person]string{f.tech: "Admin", f.admin: "Admin", f.other: "Technical"} {
		if got := roleOf(t, f.tech, first, p.Email); got != want {
			t.Errorf("%s is %q; want %s", p.Email, got, want)
		}
	}
	nick := c.Person(t, "nick")
	empty("Name", "").want(t, nick.Do(t, "POST", "/v1/orgs", nil))
}

func TestAContactWithAnOpenInvitationEntersWithTheInvitedRole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*cloudtest.Cloud{"at sign-in": cloudtest.Shared(t), "from POST /v1/orgs": lazy(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFirm(t, c)
			f.admin.SignIn(t)
			org := f.admin.Do(t, "POST", "/v1/orgs", nil).Want(t, 200).Text("org.id")
			f.admin.Invite(t, org, f.tech.Email, "Admin")
			f.tech.SignIn(t)
			if got := f.tech.Do(t, "POST", "/v1/orgs", nil).Want(t, 200).Text("org.id"); got != org {
				t.Errorf("they are in %s; want %s", got, org)
			}
			if got := roleOf(t, f.admin, org, f.tech.Email); got != "Admin" {
				t.Errorf("their role is %q; want Admin", got)
			}
			if left := invitations(t, f.tech); len(left) != 0 {
				t.Errorf("invitations %v are left", left)
			}
		})
	}
}

func TestWhoWasRemovedLeftOrDeclinedStaysOutUntilInvited(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for name, out := range map[string]func(t *testing.T, f *firm, org string){
		"removed": func(t *testing.T, f *firm, org string) {
			f.start(t, f.tech)
			nothing(t, f.admin.Do(t, "DELETE", route(org, "/members/", f.admin.MemberID(t, org, f.tech.Email)), nil))
		},
		"left": func(t *testing.T, f *firm, org string) {
			f.start(t, f.tech)
			nothing(t, f.tech.Do(t, "POST", route(org, ":leave"), nil))
		},
		"declined": func(t *testing.T, f *firm, org string) {
			f.start(t, f.tech)
			nothing(t, f.tech.Do(t, "POST", route(org, ":leave"), nil))
			f.admin.Invite(t, org, f.tech.Email, "Technical")
			nothing(t, f.tech.Do(t, "POST", "/v1/invitations/"+org+":decline", nil))
		},
		"revoked": func(t *testing.T, f *firm, org string) {
			f.start(t, f.tech)
			nothing(t, f.tech.Do(t, "POST", route(org, ":leave"), nil))
			nothing(t, f.admin.Do(t, "DELETE", route(org, "/members/", f.admin.Invite(t, org, f.tech.Email, "Technical")), nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFirm(t, c)
			org := f.start(t, f.admin)
			out(t, f, org)
			if o := enter(t, f.tech); o != nil {
				t.Fatalf("the next sign-in led into %v", o)
			}
			askAdmin.want(t, f.tech.Do(t, "POST", "/v1/orgs", object{"name": "Mine"}))
			f.admin.Invite(t, org, f.tech.Email, "Technical")
			if got := f.start(t, f.tech); got != org {
				t.Errorf("invited, they are in %s; want %s", got, org)
			}
		})
	}
}

func TestADeletedLinkedOrganizationStartsAnew(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	f.start(t, f.tech)
	nothing(t, f.tech.Do(t, "POST", route(org, ":leave"), nil)) // stays out of that one only
	f.start(t, f.other)
	nothing(t, f.admin.Do(t, "DELETE", route(org), nil))
	anew := f.start(t, f.tech)
	if anew == org {
		t.Fatal("it is the deleted one")
	}
	for _, p := range []*cloudtest.Person{f.admin, f.other} {
		if got := f.start(t, p); got != anew {
			t.Errorf("%s is in %s; want %s", p.Email, got, anew)
		}
	}
	if got := roleOf(t, f.tech, anew, f.tech.Email); got != "Admin" {
		t.Errorf("the founder is %q", got)
	}
}

func TestAContactInAnotherOrganizationStaysThere(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f, g := newFirm(t, c), newFirm(t, c)
	org := f.start(t, f.admin)
	ann, free := found(t, c, "ann") // founded, and known to the CRM only then
	known(t, c, g.id, g.name, contact(ann, "Admin"), contact(f.tech, "Technical"))
	if got := enter(t, ann)["id"]; got != free {
		t.Errorf("the founder of %s is in %v", free, got)
	}
	already.wantOrg(t, ann.Do(t, "POST", "/v1/orgs", object{"name": "x"}), free)
	f.start(t, f.other)
	known(t, c, g.id, g.name, contact(f.other, "Technical"))
	already.wantOrg(t, f.other.Do(t, "POST", "/v1/orgs", object{"name": "x"}), org)
	bob := f.admin.Join(t, org, "bob", "Technical") // nobody's contact
	already.wantOrg(t, bob.Do(t, "POST", "/v1/orgs", object{"name": "x"}), org)
}

func TestAnUnverifiedAddressLinksNobody(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	id, email := someID(), cloudtest.Address("uma")
	known(t, c, id, "Firm", object{"email": email, "role": "Admin"})
	c.Do(t, "POST", "/_local/accounts", "", object{
		"email": email, "first_name": "Uma", "last_name": "Test", "password": cloudtest.Password, "verified": false,
	}).Want(t, 200)
	uma := &cloudtest.Person{Email: email, Cloud: c}
	uma.SignIn(t)
	unverified.want(t, uma.Do(t, "POST", "/v1/orgs", object{"name": "x"}))
	unverified.want(t, uma.Do(t, "POST", "/v1/orgs/company:search", nil))
	if got := tableOf(c).partition(t, "CUSTOMER#"+id, ""); len(got) != 0 {
		t.Errorf("the company has an organization: %v", got)
	}
}

func TestAddressesAreComparedWhole(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	local, domain, _ := strings.Cut(f.tech.Email, "@")
	for _, email := range []string{local + "+x@" + domain, "x" + f.tech.Email, local + "@sub." + domain, local[1:] + "@" + domain} {
		p := c.SignedUp(t, email, "Mal", "Test")
		if o := enter(t, p); o != nil {
			t.Errorf("%s is in %v", email, o)
		}
		if a := p.Do(t, "POST", "/v1/orgs/company:search", nil).Want(t, 200); a.Raw != `{"name":""}` {
			t.Errorf("%s: %s", email, a.Raw)
		}
	}
	known(t, c, f.id, f.name, object{"email": strings.ToUpper(f.other.Email), "role": "Admin"})
	if got := f.start(t, f.other); got != org || roleOf(t, f.other, org, f.other.Email) != "Admin" {
		t.Errorf("in other letters they are in %s; want %s", got, org)
	}
}

func TestALinkedOrganizationIsNamedInTheCRM(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	refusal{400, 9, "The organization name is managed in the Customer Portal."}.want(t, f.admin.Do(t, "PUT", route(org), object{"name": "Mine"}))
	for company, want := range map[string]string{
		" A <b>firm</b>\x00\n& Sons ": "A b firm /b & Sons",
		strings.Repeat("é", 300):      strings.Repeat("é", 256),
		"<>":                          "Customer",
	} {
		p := signedUp(t, c, "ada")
		known(t, c, someID(), company, contact(p, "Technical"))
		if got := enter(t, p)["name"]; got != want {
			t.Errorf("%q is called %q; want %q", company, got, want)
		}
	}
}

func TestInactiveContactsAndCompaniesAreNone(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	p, q := signedUp(t, c, "ina"), signedUp(t, c, "ino")
	known(t, c, someID(), "Firm", object{"email": p.Email, "role": "Admin", "active": false})
	c.Do(t, "POST", "/_local/crm", "", object{
		"account": object{"id": someID(), "name": "Gone", "active": false}, "contacts": list{contact(q, "Admin")},
	}).Want(t, 200)
	for _, x := range []*cloudtest.Person{p, q} {
		if o := enter(t, x); o != nil {
			t.Errorf("%s is in %v", x.Email, o)
		}
	}
}

func TestThatSomebodyIsNoContactIsRememberedAtSignIn(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	p := c.Person(t, "new")
	id := someID()
	known(t, c, id, "Firm", contact(p, "Technical"))
	if o := enter(t, p); o != nil {
		t.Errorf("they are in %v within the day", o)
	}
	if got := p.Do(t, "POST", "/v1/orgs", nil).Want(t, 200).Text("org.name"); got != "Firm" {
		t.Errorf("asked for, they are in %q", got)
	}
}

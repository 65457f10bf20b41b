package contract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

var askAdmin = refusal{400, 9, "Ask an admin of your organization to invite you."}

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
	return object{"email": p.Email, "role": role}
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

var _ = cloud.Options{}

package contract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// seen is what somebody sees of their company through its organization.
type seen struct{ Contacts, Entitlements, Tickets, Company string }

func see(t *testing.T, p *cloudtest.Person, org string) seen {
	t.Helper()
	return seen{
		encode(t, p.Do(t, "GET", route(org), nil).Want(t, 200).At("contacts")),
		p.Do(t, "POST", route(org, "/entitlements:search"), nil).Want(t, 200).Raw,
		p.Do(t, "POST", route(org, "/tickets:search"), nil).Want(t, 200).Raw,
		p.Do(t, "POST", "/v1/orgs/company:search", nil).Want(t, 200).Raw,
	}
}

// blank is what everybody sees who is no contact.
var blank = seen{`{"customer_success":null,"new_ticket_url":""}`, `{"entitlements":[]}`, `{"tickets":[]}`, `{"name":""}`}

var aTicket = object{"short_description": "Since noon", "description": "It is slower than usual.", "priority": "2 - High"}

func TestWhatACallerSeesIsDecidedByTheirOwnContactRecord(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f, g := newFirm(t, c), newFirm(t, c)
	org := f.start(t, f.admin)
	f.start(t, f.tech)
	bob := f.admin.Join(t, org, "bob", "Admin")       // nobody's contact
	f.admin.Invite(t, org, g.tech.Email, "Technical") // another company's
	c.Do(t, "DELETE", "/_local/crm/accounts/"+g.id, "", nil).Want(t, 200)
	g.tech.SignIn(t)
	g.tech.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	known(t, c, g.id, g.name, contact(g.tech, "Admin"))
	ann, free := found(t, c, "ann")

	want := seen{
		`{"customer_success":{"email":"sarah.field@vendor.example","name":"Sarah Field"},"new_ticket_url":"https://portal.vendor.example/new-ticket"}`,
		`{"entitlements":[{"number":"ENT1","name":"Premium","summary":"All of it","tier":"Premium","total_units":"5","unlimited_units":false,` +
			`"support_level":"24x7","software_families":["MySQL"],"start_date":"2026-01-01T00:00:00Z","end_date":"2027-12-31T00:00:00Z",` +
			`"platform":{"security_advisor":"Enabled","config_advisor":null}},{"number":"ENT2","name":"Bare","summary":"","tier":null,"total_units":null,` +
			`"unlimited_units":null,"support_level":null,"software_families":[],"start_date":"2026-01-01T00:00:00Z","end_date":"2026-06-30T00:00:00Z",` +
			`"platform":{"security_advisor":null,"config_advisor":null}}]}`,
		`{"tickets":[{"number":"CS1","short_description":"It is slow","priority":"2 - High","state":"Open","create_time":"2026-02-03T09:15:42.000000Z",` +
			`"department":"Databases","requester":"Ada","task_type":"Case","url":"https://crm.example/1"}]}`,
		`{"name":"` + f.name + `"}`,
	}
	foreign := blank
	foreign.Company = `{"name":"` + g.name + `"}`
	for _, x := range []struct {
		who  string
		p    *cloudtest.Person
		org  string
		want seen
	}{
		{"an Admin contact", f.admin, org, want},
		{"a Technical contact", f.tech, org, want},
		{"an Admin who is no contact", bob, org, blank},
		{"a contact of another company", g.tech, org, foreign},
		{"somebody in a free organization", ann, free, blank},
	} {
		if diff := cmp.Diff(x.want, see(t, x.p, x.org)); diff != "" {
			t.Errorf("%s sees (-want +got):\n%s", x.who, diff)
		}
		if x.want != want {
			noContact.want(t, x.p.Do(t, "POST", route(x.org, "/tickets"), aTicket))
		}
	}
}

func TestARaisedTicketIsTheCallersAndShows(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	org := f.start(t, f.tech)
	a := f.tech.Do(t, "POST", route(org, "/tickets"), aTicket).Want(t, 200)
	if a.Text("ticket.short_description") != "Since noon" || a.Text("ticket.priority") != "2 - High" || a.Text("ticket.number") == "" {
		t.Errorf("ticket %s", a.Raw)
	}
	if got := f.tech.Do(t, "POST", route(org, "/tickets:search"), nil).At("tickets.0.number"); got != a.Text("ticket.number") {
		t.Errorf("the newest is %v; want %s", got, a.Text("ticket.number"))
	}
}

// TestEveryFaultOfTheCRMHeals has a cloud of its own for its faults.
func TestEveryFaultOfTheCRMHeals(t *testing.T) {
	t.Parallel()
	c := cloudtest.Start(t, cloud.Options{})
	ann, free := found(t, c, "ann")
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	for _, mode := range []string{"down", "slow", "garbage"} {
		fault := func(m string) { c.Do(t, "POST", "/_local/crm/fault", "", object{"mode": m}).Want(t, 200) }
		t.Run(mode, func(t *testing.T) {
			was := c.Person(t, "was") // of whom the CRM said no
			g := newFirm(t, c)
			fault(mode)
			defer fault("none")
			g.admin.SignIn(t)
			refresh := signIn(t, g.admin).Text("refresh_token")
			if got := orgs(t, g.admin); len(got) != 0 {
				t.Errorf("a contact of a broken CRM is in %v", got)
			}
			crmDown.want(t, g.admin.Do(t, "POST", "/v1/orgs", object{"name": "x"}))
			crmDown.want(t, g.admin.Do(t, "POST", "/v1/orgs/company:search", nil))
			was.Do(t, "POST", "/v1/orgs", object{"name": "x"}).Want(t, 200)

			f.admin.SignIn(t)
			for _, path := range []string{"/entitlements:search", "/tickets:search"} {
				crmDown.want(t, f.admin.Do(t, "POST", route(org, path), nil))
			}
			crmDown.want(t, f.admin.Do(t, "POST", route(org, "/tickets"), aTicket))
			crmDown.want(t, f.admin.Do(t, "POST", "/v1/orgs", object{"name": "x"}))
			if got := f.admin.Do(t, "GET", route(org), nil).Want(t, 200).At("contacts"); encode(t, got) != blank.Contacts {
				t.Errorf("contacts %v", got)
			}
			members(t, f.admin, org)
			ann.SignIn(t)
			if diff := cmp.Diff(blank, see(t, ann, free)); diff != "" {
				t.Errorf("a free organization sees (-want +got):\n%s", diff)
			}

			fault("none")
			a := post(t, c, "RefreshSession", object{"refresh_token": refresh}).Want(t, 200)
			g.admin.Token = a.Text("access_token")
			if got := orgs(t, g.admin); len(got) != 1 || got[0].(object)["name"] != g.name {
				t.Errorf("healed, the contact is in %v", got)
			}
			see(t, f.admin, org)
		})
	}
}

func TestWithoutACRMEverythingElseWorks(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t, "ROSTER_CRM_URL=")
	ann, free := found(t, c, "ann")
	if diff := cmp.Diff(blank, see(t, ann, free)); diff != "" {
		t.Errorf("they see (-want +got):\n%s", diff)
	}
	noContact.want(t, ann.Do(t, "POST", route(free, "/tickets"), aTicket))
	empty("Name", "").want(t, c.Person(t, "nick").Do(t, "POST", "/v1/orgs", nil))
}

package rights

import (
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
)

// customers links contacts in every way, by signing in and by POST /v1/orgs, shows them what the CRM knows,
// and has the CRM bring and take people.
func customers(t *testing.T, g *guard) {
	for name, enter := range map[string]func(p *cloudtest.Person){
		"sign-in": func(p *cloudtest.Person) { p.SignIn(t) },
		"post":    func(p *cloudtest.Person) { p.Do(t, "POST", "/v1/orgs", object{"name": "x"}).Want(t, 200) },
	} {
		account, people := uuid.NewString(), []*cloudtest.Person{}
		for _, who := range []string{"first", "later", "invited", "locked"} {
			people = append(people, g.contact(t, who))
		}
		g.knows(t, account, people...)
		first, invited, locked := people[0], people[2], people[3]
		g.set(t, "ACCOUNT#"+locked.ID, "ACCOUNT", "org_id", uuid.NewString())
		g.set(t, "CUSTOMER#"+account, "CUSTOMER", "org", uuid.NewString())
		enter(first)
		first.SignIn(t)
		id := first.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200).Text("orgs.0.id")
		first.Invite(t, id, invited.Email, "Technical")
		for _, p := range people[1:] {
			enter(p)
		}
		for _, path := range []string{"/entitlements:search", "/tickets:search"} {
			first.Do(t, "POST", org(id)+path, nil).Want(t, 200)
		}
		first.Do(t, "POST", org(id, "tickets"), object{"short_description": name}).Want(t, 200)
		first.Do(t, "POST", "/v1/orgs/company:search", nil).Want(t, 200)
		first.Do(t, "GET", org(id), nil).Want(t, 200)
		first.Do(t, "DELETE", org(id), nil).Want(t, 200)
	}
	g.contact(t, "stranger").Do(t, "POST", "/v1/orgs/company:search", nil).Want(t, 200)
	g.settle(t)
	onboarding(t, g)
}

// onboarding makes an organization of a company, where a gone one was, and takes everybody out again.
func onboarding(t *testing.T, g *guard) {
	account := uuid.NewString()
	says := func(email string, active bool) string {
		return g.Do(t, "POST", "/v1/orgs/members:onboard", crm.Onboarding, object{
			"email": email, "active": active, "account": object{"ids": object{"servicenow": account}, "name": "Acme"},
		}).Want(t, 200).Text("platform_org_id")
	}
	g.set(t, "CUSTOMER#"+account, "CUSTOMER", "org", uuid.NewString())
	p, q := g.Person(t, "pat"), g.Person(t, "quin")
	id := says(p.Email, true)
	says(q.Email, true)
	p.Do(t, "POST", "/v1/invitations/"+id+":accept", nil).Want(t, 200)
	says(q.Email, false)
	says(p.Email, false)
	g.settle(t)
}

// contact returns somebody signed in whom the CRM does not know yet, and of whom that is not remembered.
func (g *guard) contact(t testing.TB, name string) *cloudtest.Person {
	t.Helper()
	p := g.Person(t, name)
	g.drop(t, "ACCOUNT#"+p.ID, "ACCOUNT")
	g.drop(t, "EMAIL#"+p.Email, "ACCOUNT")
	p.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200) // makes the row anew
	return p
}

// knows has the CRM know a company and its contacts.
func (g *guard) knows(t testing.TB, account string, people ...*cloudtest.Person) {
	t.Helper()
	var contacts []object
	for _, p := range people {
		contacts = append(contacts, object{"email": p.Email, "role": "Technical"})
	}
	g.Do(t, "POST", "/_local/crm", "", object{"account": object{"id": account, "name": "Acme"}, "contacts": contacts}).Want(t, 200)
}

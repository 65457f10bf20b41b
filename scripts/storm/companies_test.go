package storm

import (
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// companyRaces are about organizations of customer accounts: who founds, enters and leaves them.
func companyRaces() []race {
	return []race{
		{"contacts of one company post an organization", foundBoth, func(s *scene, got []tally) {
			s.firm(1)
		}},
		{"a contact posts while another signs in", foundAndSignIn, func(s *scene, got []tally) {
			s.firm(1)
		}},
		{"a contact posts while they accept another organization's invitation", linkWhileAccepting, nil},
		{"a contact posts while they accept their company's invitation", linkWhileInvited, func(s *scene, got []tally) {
			s.wantLogged(s.orgs[0], "UPDATE", "organization_member", 1)
		}},
		{"a contact is removed while they post", linkWhileRemoved, func(s *scene, got []tally) {
			s.once(got[0])
		}},
		{"a linked organization is deleted while a contact posts", linkWhileDeleted, nil},
		{"the last Admin is taken out while another enters", offboardWhileEntering, nil},
		{"a company is told of and found by a contact", onboardWhileLinking, nil},
		{"two who were told of confirm at once", confirmBoth, func(s *scene, got []tally) {
			s.wantLogged(s.orgs[0], "UPDATE", "organization_member", 2)
		}},
		{"somebody is told of and taken out", onAndOff, nil},
	}
}

// firm notes the company's organization, of which there is one, with so many events of its making.
func (s *scene) firm(made int) {
	s.t.Helper()
	o := s.people[0].Do(s.t, "POST", "/v1/orgs:search", nil).Want(s.t, 200).Text("orgs.0.id")
	s.orgs = append(s.orgs, o)
	s.wantLogged(o, "CREATE", "organization", made)
	s.wantLogged(o, "CREATE", "organization_member", len(s.people))
}

func foundBoth(s *scene) []racer {
	two := s.waiting(2)
	return []racer{create(two[0], "200"), create(two[1], "200")}
}

func foundAndSignIn(s *scene) []racer {
	two := []*cloudtest.Person{s.person("ada"), s.newcomer("ben")}
	s.employ(0, two...)
	two[1].Token = two[0].Token // until they sign in, nobody asks in their name
	return []racer{create(two[0], "200"), signIn(two[1])}
}

func linkWhileAccepting(s *scene) []racer {
	ada, ann := s.waiting(1)[0], s.person("ann")
	o := s.found(ann)
	ann.Invite(s.t, o, ada.Email, "Technical")
	return []racer{create(ada, "200 409/6"), accept(ada, o, "200 409/6")}
}

func linkWhileInvited(s *scene) []racer {
	two := s.waiting(2)
	o := two[0].Do(s.t, "POST", "/v1/orgs", nil).Want(s.t, 200).Text("org.id")
	s.orgs = append(s.orgs, o)
	two[0].Invite(s.t, o, two[1].Email, "Technical")
	return []racer{create(two[1], "200"), accept(two[1], o, "200")}
}

func linkWhileRemoved(s *scene) []racer {
	o, two := s.linked(2)
	return []racer{
		{as: two[0], method: "DELETE", path: row(o, two[1].Email), allows: "200 404/5"},
		create(two[1], "200 400/9"),
	}
}

func linkWhileDeleted(s *scene) []racer {
	o, two := s.linked(2)
	return []racer{
		{as: two[0], method: "DELETE", path: "/v1/orgs/" + o, allows: "200 403/7"},
		create(two[1], "200 409/6"),
	}
}

// told makes people of whom the CRM told, and who did not confirm yet.
func (s *scene) told(n int) (account, o string, all []*cloudtest.Person) {
	s.t.Helper()
	account = uuid.NewString()
	s.customers = append(s.customers, account)
	for range n {
		p := s.person("ada")
		a, err := onboard(account, p.Email, true, "200").send(s.c, 0)
		if s.kind(a, err) != "200" {
			s.t.Fatalf("told of: %s", a.Raw)
		}
		o, all = a.Text("platform_org_id"), append(all, p)
	}
	s.orgs = append(s.orgs, o)
	return account, o, all
}

func offboardWhileEntering(s *scene) []racer {
	account, o, two := s.told(2)
	two[0].Do(s.t, "POST", "/v1/invitations/"+o+":accept", nil).Want(s.t, 200)
	return []racer{onboard(account, two[0].Email, false, "200 400/9"), accept(two[1], o, "200")}
}

func onboardWhileLinking(s *scene) []racer {
	ada := s.waiting(1)[0]
	return []racer{create(ada, "200"), onboard(s.customers[0], s.stranger("eve"), true, "200")}
}

func confirmBoth(s *scene) []racer {
	_, o, two := s.told(2)
	return []racer{accept(two[0], o, "200"), accept(two[1], o, "200")}
}

func onAndOff(s *scene) []racer {
	account, o, two := s.told(2)
	two[0].Do(s.t, "POST", "/v1/invitations/"+o+":accept", nil).Want(s.t, 200)
	email := two[1].Email
	return []racer{onboard(account, email, true, "200 409/10"), onboard(account, email, false, "200 409/10"), accept(two[1], o, "200 404/5 409/10")}
}

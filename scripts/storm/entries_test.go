package storm

import (
	"roster/scripts/local/cloud/cloudtest"
)

// entryRaces are about becoming a member, and about what ends at the same time.
func entryRaces() []race {
	return []race{
		{"one account accepts by id and by link", acceptTwice, func(s *scene, got []tally) {
			s.wantLogged(s.orgs[0], "UPDATE", "organization_member", 1)
		}},
		{"one link is activated twice", activateTwice, activated},
		{"somebody creates while accepting", createWhileAccepting, func(s *scene, got []tally) {
			s.one(got...)
		}},
		{"two organizations are accepted at once", acceptBoth, func(s *scene, got []tally) {
			s.one(got...)
		}},
		{"an invitation is accepted while revoked", acceptWhileRevoked, func(s *scene, got []tally) {
			s.once(got[0])
			s.wantLogged(s.orgs[0], "DELETE", "organization_member", 1)
		}},
		{"an invitation is accepted while declined", acceptWhileDeclined, nil},
		{"an invitation is accepted while the organization is deleted", acceptWhileDeleted, deletedOnce},
		{"somebody is invited while the organization is deleted", inviteWhileDeleted, deletedOnce},
		{"names are changed while an invitation is accepted", renamedWhileAccepting, nil},
		{"somebody signs out while everything else", signOutWhile, func(s *scene, got []tally) {
			if got[0].wins() > 0 {
				s.people[1].Do(s.t, "POST", "/v1/orgs:search", nil).WantError(s.t, 401, 16, "Invalid credentials.")
			}
		}},
	}
}

func accept(p *cloudtest.Person, o, allows string) racer {
	return racer{as: p, method: "POST", path: "/v1/invitations/" + o + ":accept", allows: allows}
}

func create(p *cloudtest.Person, allows string) racer {
	return racer{as: p, method: "POST", path: "/v1/orgs", body: object{"name": "Mine"}, allows: allows}
}

func acceptTwice(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	link := object{"activation_token": s.c.Link(s.t, bob.Email, 0)}
	return []racer{
		accept(bob, o, "200"),
		{as: bob, method: "POST", path: "/v1/invitations:accept", body: link, allows: "200"},
	}
}

func activateTwice(s *scene) []racer {
	ann := s.person("ann")
	o, eve := s.found(ann), s.stranger("eve")
	ann.Invite(s.t, o, eve, "Technical")
	link := object{"activation_token": s.c.Link(s.t, eve, 0)}
	called := func(first string) racer {
		state := s.c.Do(s.t, "POST", "/v1/auth/ValidateToken", "", link).Want(s.t, 200).Text("state_token")
		return racer{method: "POST", path: "/v1/auth/ActivateProfile", body: profile(first, state), allows: "200 400/3 400/9"}
	}
	return []racer{called("Eve"), called("Evelyn")}
}

// activated: eve became a member once, and whoever was cut off on the way can go on where they were.
func activated(s *scene, got []tally) {
	s.t.Helper()
	s.once(got...)
	s.wantLogged(s.orgs[0], "UPDATE", "organization_member", 1)
	eve := &cloudtest.Person{Email: s.others[0], Cloud: s.c}
	if links := mails(s.c, eve.Email); s.noisy && len(links) > 0 {
		s.activate(links[0].token, "Eve") // changes nothing where it is done
	}
	eve.SignIn(s.t)
	eve.Do(s.t, "POST", "/v1/invitations/"+s.orgs[0]+":accept", nil).Want(s.t, 200)
}

// activate follows a link to its end.
func (s *scene) activate(token, first string) {
	a, _ := s.c.Send("POST", "/v1/auth/ValidateToken", "", object{"activation_token": token})
	s.c.Send("POST", "/v1/auth/ActivateProfile", "", profile(first, a.Text("state_token")))
}

func profile(first, state string) object {
	return object{
		"profile": object{"first_name": first, "last_name": "Example", "tos": true}, "password": cloudtest.Password, "token": state,
	}
}

func createWhileAccepting(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	return []racer{accept(bob, o, "200 409/6"), create(bob, "200 409/6")}
}

func acceptBoth(s *scene) []racer {
	ann, cat := s.person("ann"), s.person("cat")
	mine, other := s.found(ann), s.found(cat)
	bob := s.invited(ann, mine, "bob", "Admin")
	cat.Invite(s.t, other, bob.Email, "Technical")
	return []racer{accept(bob, mine, "200 409/6"), accept(bob, other, "200 409/6")}
}

func acceptWhileRevoked(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	return []racer{
		{as: ann, method: "DELETE", path: row(o, bob.Email), allows: "200 404/5"},
		accept(bob, o, "200 404/5"),
	}
}

func acceptWhileDeclined(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	return []racer{
		accept(bob, o, "200 404/5"),
		{as: bob, method: "POST", path: "/v1/invitations/" + o + ":decline", allows: "200 404/5"},
	}
}

func acceptWhileDeleted(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	return []racer{
		{as: ann, method: "DELETE", path: "/v1/orgs/" + o, allows: "200 403/7"},
		accept(bob, o, "200 404/5"),
	}
}

func inviteWhileDeleted(s *scene) []racer {
	ann := s.person("ann")
	o, guests := s.found(ann), s.strangers(crowd/2)
	return []racer{
		{as: ann, method: "DELETE", path: "/v1/orgs/" + o, allows: "200 403/7"},
		{as: ann, method: "POST", path: "/v1/orgs/" + o + "/members", allows: "200 403/7", each: func(i int) any {
			return object{"username": guests[i], "role": "Technical"}
		}},
	}
}

// deletedOnce: one request deleted the organization, nothing of it is left, and its former members
// are free at once.
func deletedOnce(s *scene, got []tally) {
	s.t.Helper()
	s.once(got[0])
	if got[0].wins() == 0 {
		return
	}
	s.examine() // waits for the purge
	s.nothing(s.orgs[0])
	for _, p := range s.people {
		if orgs := p.Do(s.t, "POST", "/v1/orgs:search", nil).Want(s.t, 200).At("orgs").([]any); len(orgs) > 0 {
			s.t.Errorf("%s is still in %v", p.Email, orgs)
		}
	}
}

func renamedWhileAccepting(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	return []racer{
		accept(bob, o, "200 409/10"),
		{as: bob, method: "POST", path: "/v1/auth/UpdateProfile", allows: "200 409/10", each: func(int) any {
			return object{"first_name": "Bob " + fresh(), "last_name": "Example"}
		}},
	}
}

func signOutWhile(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.joined(ann, o, "bob", "Admin")
	const open = "200 401/16 409/10"
	return []racer{
		{as: bob, method: "POST", path: "/v1/auth/SignOut", allows: open},
		{as: bob, method: "POST", path: "/v1/orgs:search", allows: open},
		{as: bob, method: "PUT", path: "/v1/orgs/" + o, allows: open, each: func(int) any { return object{"name": "Acme " + fresh()} }},
		{as: bob, method: "POST", path: "/v1/auth/UpdateProfile", allows: open, each: func(int) any {
			return object{"first_name": "Bob " + fresh(), "last_name": "Example"}
		}},
	}
}

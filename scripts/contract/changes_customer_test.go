package contract

// customerChanges are what the customers' CRM causes. What happens by signing in is from nowhere: Cognito does
// not tell from where that was, and only the entry of the sign-in itself learns it.
func customerChanges() []change {
	return []change{
		{"linked, by the first to sign in", nil, func(p *plot) []event {
			f := newFirm(p, p.c)
			p.ann, p.org = f.tech, f.start(p, f.tech)
			p.log = journalOf(p.ann)
			return append(linkedBy(p, f.name, nowhere), did(p.ann, "Admin", "LOG_IN"))
		}},
		{"linked, by a later one", nil, func(p *plot) []event {
			f := newFirm(p, p.c)
			p.ann, p.org = f.admin, f.start(p, f.admin)
			p.begin()
			f.start(p, f.tech)
			id := p.ann.MemberID(p, p.org, f.tech.Email)
			return []event{
				aMember(f.tech.ID, "Technical", "CREATE", id, f.tech.ID, "", "role=Technical "+active).elsewhere(nowhere), did(f.tech, "Technical", "LOG_IN"),
			}
		}},
		{"linked, by POST /v1/orgs", lazy, func(p *plot) []event {
			f := newFirm(p, p.c)
			p.ann = f.tech
			p.ann.SignIn(p)
			p.org = p.ann.Do(p, "POST", "/v1/orgs", object{"name": "Mine"}).Want(p, 200).Text("org.id")
			p.does(p.ann, "POST", "/v1/orgs", nil) // again
			p.refused(400, p.ann, "PUT", route(p.org), object{"name": "Mine"})
			p.log = journalOf(p.ann)
			return linkedBy(p, f.name, "")
		}},
		{"confirmed, by signing in", nil, func(p *plot) []event {
			f := newFirm(p, p.c)
			p.ann, p.org = f.admin, f.start(p, f.admin)
			id := p.ann.Invite(p, p.org, f.tech.Email, "Admin")
			p.begin()
			f.start(p, f.tech)
			return []event{
				aMember(f.tech.ID, "Admin", "UPDATE", id, f.tech.ID, pending, active).elsewhere(nowhere), did(f.tech, "Admin", "LOG_IN"),
			}
		}},
		{"onboarded, and confirmed by the first", nil, func(p *plot) []event {
			n := newHerald(p)
			p.ann = signedUp(p, n.c, "ann")
			p.c.Do(p, "POST", "/v1/orgs/members:onboard", "wrong", onboarding(p.ann.Email, n.account, "Acme")).Want(p, 401)
			p.org = n.says(p.ann.Email)
			n.says(p.ann.Email) // again
			n.accepts(p.ann, p.org)
			p.log = journalOf(p.ann)
			id := p.ann.MemberID(p, p.org, p.ann.Email)
			return []event{
				{Action: "CREATE", Type: "organization", ID: p.org, Name: "Acme", Result: "name=Acme"},
				aMember("", "", "CREATE", id, p.ann.Email, "", "role=Technical "+pending),
				aMember(p.ann.ID, "Admin", "UPDATE", id, p.ann.ID, "role=Technical "+pending, "role=Admin "+active), // Admin, for there was none
			}
		}},
		{"no contact any more", nil, func(p *plot) []event {
			n := newHerald(p)
			p.ann = signedUp(p, n.c, "ann")
			tom := signedUp(p, n.c, "tom")
			p.org = n.says(p.ann.Email, asAdmin)
			n.accepts(p.ann, p.org)
			n.says(tom.Email)
			n.accepts(tom, p.org)
			id := p.ann.MemberID(p, p.org, tom.Email)
			p.begin()
			n.says(tom.Email, inactive)
			n.says(tom.Email, inactive) // again
			return []event{aMember("", "", "DELETE", id, tom.ID, "role=Technical", "")}
		}},
	}
}

// linkedBy are the entries of a company's organization that Ann brought about.
func linkedBy(p *plot, name, from string) []event {
	p.Helper()
	ann := p.ann
	return []event{
		event{Actor: ann.ID, Role: "Admin", Action: "CREATE", Type: "organization", ID: p.org, Name: name, Result: "name=" + name}.elsewhere(from),
		aMember(ann.ID, "Admin", "CREATE", p.ann.MemberID(p, p.org, ann.Email), ann.ID, "", "role=Admin "+active).elsewhere(from),
	}
}

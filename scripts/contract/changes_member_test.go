package contract

import (
	"roster/scripts/local/cloud/cloudtest"
)

const (
	pending = "status=PROVISIONED"
	active  = "status=ACTIVE"
)

func invitationChanges() []change {
	return []change{
		{"invited", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			p.begin()
			bob, people := cloudtest.Address("bob"), route(p.org, "/members")
			p.refused(403, tom, "POST", people, invite(bob, "Technical"))
			p.refused(400, p.ann, "POST", people, invite(bob, "Owner"))
			p.refused(400, p.ann, "POST", people, invite("bob", "Technical"))
			p.does(p.ann, "POST", people, invite(bob, "Technical"))
			p.refused(409, p.ann, "POST", people, invite(bob, "Admin"))
			return []event{aMember(p.ann.ID, "Admin", "CREATE", p.ann.MemberID(p, p.org, bob), bob, "", "role=Technical "+pending)}
		}},
		{"invited, several at once", nil, func(p *plot) []event {
			p.found()
			bob, cyd := cloudtest.Address("bob"), cloudtest.Address("cyd")
			bulk(p, p.ann, p.org, invite(bob, "Admin"), invite(bob, "Admin"), invite("x", "Admin"), invite(cyd, "Technical"), invite(cyd+".com", ""))
			return []event{
				aMember(p.ann.ID, "Admin", "CREATE", p.ann.MemberID(p, p.org, bob), bob, "", "role=Admin "+pending),
				aMember(p.ann.ID, "Admin", "CREATE", p.ann.MemberID(p, p.org, cyd), cyd, "", "role=Technical "+pending),
			}
		}},
		{"invited, who joins at once", join, func(p *plot) []event {
			p.found()
			pia, tom := p.c.Person(p, "pia"), p.c.Person(p, "tom")
			tom.Org(p, "Tom's")
			p.refused(409, p.ann, "POST", route(p.org, "/members"), invite(tom.Email, "Admin"))
			p.does(p.ann, "POST", route(p.org, "/members"), invite(pia.Email, "Admin"))
			p.c.Mails(p, pia.Email, 1) // the mail changes nothing more
			return []event{aMember(p.ann.ID, "Admin", "CREATE", p.ann.MemberID(p, p.org, pia.Email), pia.ID, "", "role=Admin "+active)}
		}},
		{"resent and mailed, which is none", nil, func(p *plot) []event {
			p.found()
			id := p.ann.Invite(p, p.org, cloudtest.Address("bob"), "Technical")
			p.begin()
			mailed(p, p.c, p.org, id)
			p.refused(429, p.ann, "POST", p.member(id)+":reactivate", nil)
			return nil
		}},
		{"revoked", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			bob := cloudtest.Address("Bob")
			id := p.ann.Invite(p, p.org, bob, "Admin")
			p.begin()
			p.refused(403, tom, "DELETE", p.member(id), nil)
			p.does(p.ann, "DELETE", p.member(id), nil)
			p.refused(404, p.ann, "DELETE", p.member(id), nil)
			return []event{aMember(p.ann.ID, "Admin", "DELETE", id, bob, "role=Admin", "")}
		}},
		{"declined", nil, func(p *plot) []event {
			p.found()
			dee, eve := p.c.Person(p, "dee"), p.c.Person(p, "eve")
			id := p.ann.Invite(p, p.org, dee.Email, "Technical")
			p.begin()
			p.refused(404, eve, "POST", "/v1/invitations/"+p.org+":decline", nil)
			p.does(dee, "POST", "/v1/invitations/"+p.org+":decline", nil)
			p.refused(404, dee, "POST", "/v1/invitations/"+p.org+":decline", nil)
			return []event{aMember(dee.ID, "", "DELETE", id, dee.ID, "role=Technical", "")}
		}},
	}
}

func entryChanges() []change {
	confirmed := func(who *cloudtest.Person, role, id string) []event {
		return []event{aMember(who.ID, role, "UPDATE", id, who.ID, pending, active)}
	}
	return []change{
		{"accepted in the portal", nil, func(p *plot) []event {
			p.found()
			pia, eve := p.c.Person(p, "pia"), p.c.Person(p, "eve")
			id := p.ann.Invite(p, p.org, pia.Email, "Admin")
			p.begin()
			p.refused(404, eve, "POST", "/v1/invitations/"+p.org+":accept", nil)
			p.does(pia, "POST", "/v1/invitations/"+p.org+":accept", nil)
			p.does(pia, "POST", "/v1/invitations/"+p.org+":accept", nil) // again
			return confirmed(pia, "Admin", id)
		}},
		{"accepted by the link", nil, func(p *plot) []event {
			p.found()
			pia, eve := p.c.Person(p, "pia"), p.c.Person(p, "eve")
			id := p.ann.Invite(p, p.org, pia.Email, "Technical")
			link := object{"activation_token": p.c.Link(p, pia.Email, 0)}
			p.begin()
			p.refused(403, eve, "POST", "/v1/invitations:accept", link)
			p.does(pia, "POST", "/v1/invitations:accept", link)
			return confirmed(pia, "Technical", id)
		}},
		{"activated, by who has an account only then", nil, func(p *plot) []event {
			p.found()
			email := cloudtest.Address("bob")
			id := p.ann.Invite(p, p.org, email, "Technical")
			link := p.c.Link(p, email, 0)
			p.begin()
			weak := profile(validate(p, p.c, link).Want(p, 200).Text("state_token"))
			weak["password"] = "short"
			p.c.Do(p, "POST", "/v1/auth/ActivateProfile", "", weak).Want(p, 400)
			nothing(p, activate(p, p.c, link))
			validate(p, p.c, link).Want(p, 400)
			sub := accountOf(p, p.org, email)
			return []event{aMember(sub, "Technical", "UPDATE", id, sub, pending, active)} // and no first password
		}},
	}
}

// accountOf is the account of a member, as the table has it: nobody else tells.
func accountOf(p *plot, org, email string) string {
	p.Helper()
	for _, m := range tableOf(p.c).partition(p, "ORG#"+org, "MEMBER#") {
		if m["email"] == email {
			return m["account"].(string)
		}
	}
	p.Fatalf("%s is no member", email)
	return ""
}

func memberChanges() []change {
	return []change{
		{"a role, of somebody invited", nil, func(p *plot) []event {
			p.found()
			bob := cloudtest.Address("bob")
			id := p.ann.Invite(p, p.org, bob, "Technical")
			p.begin()
			p.does(p.ann, "PUT", p.member(id), object{"role": "Admin"})
			return []event{aMember(p.ann.ID, "Admin", "UPDATE", id, bob, "role=Technical", "role=Admin")}
		}},
		{"a role, of a member", nil, func(p *plot) []event {
			p.found()
			tom, id := p.joined("tom", "Technical")
			p.begin()
			p.refused(403, tom, "PUT", p.member(id), object{"role": "Admin"})
			p.refused(400, p.ann, "PUT", p.member(id), object{"role": "Owner"})
			p.refused(400, p.ann, "PUT", p.member(p.ann.MemberID(p, p.org, p.ann.Email)), object{"role": "Technical"})
			p.does(p.ann, "PUT", p.member(id), object{"role": "Admin"})
			p.does(p.ann, "PUT", p.member(id), object{"role": "Admin"}) // changes nothing
			return []event{aMember(p.ann.ID, "Admin", "UPDATE", id, tom.ID, "role=Technical", "role=Admin")}
		}},
		{"removed", nil, func(p *plot) []event {
			p.found()
			tom, id := p.joined("tom", "Technical")
			p.begin()
			p.refused(403, tom, "DELETE", p.member(p.ann.MemberID(p, p.org, p.ann.Email)), nil)
			p.does(p.ann, "DELETE", p.member(id), nil)
			p.refused(404, p.ann, "DELETE", p.member(id), nil)
			return []event{aMember(p.ann.ID, "Admin", "DELETE", id, tom.ID, "role=Technical", "")}
		}},
		{"left", nil, func(p *plot) []event {
			p.found()
			tom, id := p.joined("tom", "Admin")
			p.begin()
			p.does(tom, "POST", route(p.org, ":leave"), nil)
			p.refused(403, tom, "POST", route(p.org, ":leave"), nil)
			p.refused(400, p.ann, "POST", route(p.org, ":leave"), nil)
			return []event{aMember(tom.ID, "", "DELETE", id, tom.ID, "role=Admin", "")}
		}},
		{"deleted in the pool", nil, func(p *plot) []event {
			p.found()
			tom, id := p.joined("tom", "Technical")
			p.begin()
			closeAccount(p, tom)
			return []event{aMember("", "", "DELETE", id, tom.ID, "role=Technical", "").elsewhere(operator)}
		}},
	}
}

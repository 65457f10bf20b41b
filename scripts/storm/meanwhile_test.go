package storm

import (
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

// A cast is who stands on the stage of a meanwhile: two Admins, a member, somebody invited with an
// account, and a stranger who was invited too.
type cast struct {
	*scene
	ann, bob, tom, pam *cloudtest.Person
	eve, org           string
}

func newCast(t testing.TB, c *cloudtest.Cloud) *cast {
	s := &scene{t: t, c: c}
	p := &cast{scene: s}
	p.ann, p.bob, p.org = s.twoAdmins()
	p.tom = s.joined(p.ann, p.org, "tom", "Technical")
	p.pam = s.invited(p.ann, p.org, "pam", "Admin")
	p.eve = s.stranger("eve")
	p.ann.Invite(t, p.org, p.eve, "Technical")
	return p
}

// What the cast asks. What does not say by whom is by bob.
func (p *cast) rename() racer {
	return racer{as: p.bob, method: "PUT", path: "/v1/orgs/" + p.org, body: object{"name": "Other"}}
}

func (p *cast) delete() racer { return racer{as: p.bob, method: "DELETE", path: "/v1/orgs/" + p.org} }

func (p *cast) leave(who *cloudtest.Person) racer {
	return racer{as: who, method: "POST", path: "/v1/orgs/" + p.org + ":leave"}
}

func (p *cast) promote(who string) racer {
	return racer{as: p.bob, method: "PUT", path: row(p.org, who), body: object{"role": "Admin"}}
}

func (p *cast) demote(by *cloudtest.Person, who string) racer {
	return racer{as: by, method: "PUT", path: row(p.org, who), body: object{"role": "Technical"}}
}

func (p *cast) remove(by *cloudtest.Person, who string) racer {
	return racer{as: by, method: "DELETE", path: row(p.org, who)}
}

func (p *cast) again(by *cloudtest.Person) racer {
	return racer{as: by, method: "POST", path: row(p.org, p.eve) + ":reactivate"}
}

func (p *cast) many() racer {
	users := []any{object{"username": p.stranger("new"), "role": "Technical"}}
	return racer{as: p.bob, method: "POST", path: "/v1/orgs/" + p.org + "/members:bulk", body: object{"users": users}}
}

func (p *cast) decline() racer {
	return racer{as: p.pam, method: "POST", path: "/v1/invitations/" + p.org + ":decline"}
}

func (p *cast) renamed() racer {
	return racer{as: p.pam, method: "POST", path: "/v1/auth/UpdateProfile", body: object{"first_name": "Pamela", "last_name": "Example"}}
}

func (p *cast) byLink() racer {
	link := object{"activation_token": p.c.Link(p.t, p.pam.Email, 0)}
	return racer{as: p.pam, method: "POST", path: "/v1/invitations:accept", body: link}
}

func (p *cast) validate() racer {
	return racer{method: "POST", path: "/v1/auth/ValidateToken", body: object{"activation_token": p.c.Link(p.t, p.eve, 0)}}
}

func (p *cast) activate() racer {
	state := p.c.Do(p.t, "POST", "/v1/auth/ValidateToken", "", p.validate().body).Want(p.t, 200).Text("state_token")
	return racer{method: "POST", path: "/v1/auth/ActivateProfile", body: profile("Eve", state)}
}

// A meanwhile is a request whose world moves between its look and its change. It must be answered as
// if it had come behind what moved it.
type meanwhile struct {
	name     string
	function string
	asks     func(p *cast) racer
	moves    func(p *cast) racer
	want     string
}

func TestWhatMovedSinceTheLookDecides(t *testing.T) {
	t.Parallel()
	for about, all := range map[string][]meanwhile{"who": lostRights(), "whom": movedTargets()} {
		t.Run(about, func(t *testing.T) {
			c, p, e := overheard(t, cloud.Options{Settings: lenient})
			for _, m := range all {
				t.Run(m.name, func(t *testing.T) { m.hold(t, c, p) })
			}
			end(t, c, e)
		})
	}
}

func (m meanwhile) hold(t testing.TB, c *cloudtest.Cloud, p *cloudtest.Proxy) {
	s := newCast(t, c)
	asks, moves := m.asks(s), m.moves(s)
	moved := ""
	p.Of(m.function).Add(storetest.Rule{Action: "TransactWriteItems", Times: 1, Fault: storetest.First(func() {
		moved = s.kind(moves.send(c, 0))
	})})
	a, err := asks.send(c, 0)
	p.Clear()
	if kind := s.kind(a, err); kind != m.want || moved != "200" {
		t.Errorf("answered %s %s after what moved was answered %s; want %s after 200", kind, a.Raw, moved, m.want)
	}
}

// lostRights are about who may do it no longer: demoted, removed, or in an organization that is gone.
func lostRights() []meanwhile {
	var all []meanwhile
	deeds := []struct {
		function string
		asks     func(p *cast) racer
	}{
		{"org-rename", (*cast).rename},
		{"org-delete", (*cast).delete},
		{"member-invite", func(p *cast) racer { return invite(p.bob, p.org, p.stranger("new"), "") }},
		{"member-invite-bulk", (*cast).many},
		{"member-role", func(p *cast) racer { return p.promote(p.tom.Email) }},
		{"member-remove", func(p *cast) racer { return p.remove(p.bob, p.tom.Email) }},
		{"member-remove", func(p *cast) racer { return p.remove(p.bob, p.eve) }},
		{"member-reactivate", func(p *cast) racer { return p.again(p.bob) }},
	}
	moves := map[string]func(p *cast) racer{
		"demoted":      func(p *cast) racer { return p.demote(p.ann, p.bob.Email) },
		"removed":      func(p *cast) racer { return p.remove(p.ann, p.bob.Email) },
		"deleted with": func(p *cast) racer { return racer{as: p.ann, method: "DELETE", path: "/v1/orgs/" + p.org} },
	}
	for _, d := range deeds {
		for how, move := range moves {
			all = append(all, meanwhile{d.function + " by somebody " + how, d.function, d.asks, move, "403/7"})
		}
	}
	return all
}

// movedTargets are about whom it was meant for.
func movedTargets() []meanwhile {
	delete := func(p *cast) racer { return racer{as: p.ann, method: "DELETE", path: "/v1/orgs/" + p.org} }
	accepts := func(p *cast) racer { return accept(p.pam, p.org, "") }
	elsewhere := func(p *cast) racer { return create(p.pam, "") }
	revoked := func(p *cast) racer { return p.remove(p.ann, p.pam.Email) }
	return []meanwhile{
		{"leaving as the last Admin by then", "org-leave", func(p *cast) racer { return p.leave(p.bob) }, func(p *cast) racer { return p.leave(p.ann) }, "400/9"},
		{"leaving what is gone", "org-leave", func(p *cast) racer { return p.leave(p.tom) }, delete, "403/7"},
		{"leaving after being promoted", "org-leave", func(p *cast) racer { return p.leave(p.tom) }, func(p *cast) racer { return p.promote(p.tom.Email) }, "200"},
		{"promoting somebody who left", "member-role", func(p *cast) racer { return p.promote(p.tom.Email) }, func(p *cast) racer { return p.leave(p.tom) }, "404/5"},
		{"promoting somebody who accepted", "member-role", func(p *cast) racer { return p.demote(p.bob, p.pam.Email) }, accepts, "200"},
		{"removing somebody who left", "member-remove", func(p *cast) racer { return p.remove(p.bob, p.tom.Email) }, func(p *cast) racer { return p.leave(p.tom) }, "404/5"},
		{"revoking what was accepted", "member-remove", func(p *cast) racer { return p.remove(p.bob, p.pam.Email) }, accepts, "200"},
		{"sending again what was revoked", "member-reactivate", func(p *cast) racer { return p.again(p.bob) }, func(p *cast) racer { return p.remove(p.ann, p.eve) }, "404/5"},
		{"inviting who was invited", "member-invite", func(p *cast) racer { return invite(p.bob, p.org, p.stranger("new"), "") }, func(p *cast) racer {
			return invite(p.ann, p.org, p.others[len(p.others)-1], "")
		}, "409/6"},
		{"accepting what was revoked", "invitation-answer", accepts, revoked, "404/5"},
		{"accepting with another role", "invitation-answer", accepts, func(p *cast) racer { return p.demote(p.ann, p.pam.Email) }, "200"},
		{"accepting with another name", "invitation-answer", accepts, (*cast).renamed, "200"},
		{"accepting while elsewhere", "invitation-answer", accepts, elsewhere, "409/6"},
		{"accepting what is gone", "invitation-answer", accepts, delete, "404/5"},
		{"declining what is gone", "invitation-answer", (*cast).decline, delete, "404/5"},
		{"declining what was accepted", "invitation-answer", (*cast).decline, accepts, "404/5"},
		{"founding while elsewhere", "org-create", elsewhere, accepts, "409/6"},
		{"following a link that was revoked", "link-accept", (*cast).byLink, revoked, "400/3"},
		{"following a link that was replaced", "link-accept", (*cast).byLink, func(p *cast) racer {
			return racer{as: p.ann, method: "POST", path: row(p.org, p.pam.Email) + ":reactivate"}
		}, "400/3"},
		{"looking at a link that was replaced", "link-validate", (*cast).validate, func(p *cast) racer { return p.again(p.ann) }, "400/3"},
		{"looking at a link that was revoked", "link-validate", (*cast).validate, func(p *cast) racer { return p.remove(p.ann, p.eve) }, "400/3"},
		{"looking at a link of what is gone", "link-validate", (*cast).validate, delete, "400/3"},
		{"activating what was replaced", "profile-activate", (*cast).activate, func(p *cast) racer { return p.again(p.ann) }, "400/3"},
		{"activating what was revoked", "profile-activate", (*cast).activate, func(p *cast) racer { return p.remove(p.ann, p.eve) }, "400/3"},
		{"changing names while joining", "profile-update", (*cast).renamed, accepts, "200"},
	}
}

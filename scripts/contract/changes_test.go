package contract

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// A change is a row of API.md §9's table: how one makes it through the API, and what is in the log then.
type change struct {
	what  string
	cloud func(testing.TB) *cloudtest.Cloud // the usual one where it is nil
	// make makes the change, and has refused what resembles it, and returns the entries that it must have.
	make func(p *plot) []event
}

// A plot is an organization in which one thing happens.
type plot struct {
	testing.TB
	c   *cloudtest.Cloud
	ann *cloudtest.Person // its Admin, who reads the log
	org string
	log *journal
}

// TestEveryChangeIsInTheLogOnce is API.md §9's table: every change has its entry, with exactly this actor,
// action, object, states and role; and nothing else has one, be it a part of the change or a refused call.
func TestEveryChangeIsInTheLogOnce(t *testing.T) {
	t.Parallel()
	groups := map[string][]change{
		"organization": orgChanges(), "invitation": invitationChanges(), "entry": entryChanges(), "member": memberChanges(),
		"customer": customerChanges(), "server": serverChanges(), "account": accountChanges(),
	}
	for about, all := range groups {
		for _, x := range all {
			t.Run(about+"/"+x.what, func(t *testing.T) {
				t.Parallel()
				p := &plot{TB: t}
				if p.c = cloudtest.Shared(t); x.cloud != nil {
					p.c = x.cloud(t)
				}
				want := x.make(p)
				p.log.want(t, want...)
			})
		}
	}
}

// found makes the plot's organization; what was logged of that does not count.
func (p *plot) found() {
	p.Helper()
	p.ann, p.org = found(p, p.c, "ann")
	p.begin()
}

// begin has the log count from now on.
func (p *plot) begin() {
	p.Helper()
	p.log = journalOf(p.ann)
	p.log.since(p)
}

// joined is somebody who is a member already.
func (p *plot) joined(name, role string) (who *cloudtest.Person, id string) {
	p.Helper()
	who = p.ann.Join(p, p.org, name, role)
	return who, p.ann.MemberID(p, p.org, who.Email)
}

// refused has a call refused.
func (p *plot) refused(status int, by *cloudtest.Person, method, path string, body any) {
	p.Helper()
	by.Do(p, method, path, body).Want(p, status)
}

// does makes a call that is answered 200.
func (p *plot) does(by *cloudtest.Person, method, path string, body any) {
	p.Helper()
	p.refused(200, by, method, path, body)
}

func (p *plot) member(id string) string { return route(p.org, "/members/", id) }

// aMember is the entry of a change of a membership, whose object is called by an account's id or by an address.
func aMember(actor, role, action, id, name, initial, result string) event {
	return event{Actor: actor, Role: role, Action: action, Type: "organization_member", ID: id, Name: name, Initial: initial, Result: result}
}

// elsewhere returns the entry as of a place that is not where people here call from.
func (e event) elsewhere(from string) event {
	e.From = from
	return e
}

func orgChanges() []change {
	return []change{
		{"founded", nil, func(p *plot) []event {
			p.ann = p.c.Person(p, "ann")
			p.refused(400, p.ann, "POST", "/v1/orgs", object{"name": "<"})
			p.org = p.ann.Org(p, "Acme")
			p.refused(409, p.ann, "POST", "/v1/orgs", object{"name": "Other"})
			p.log = journalOf(p.ann)
			return []event{
				{Actor: p.ann.ID, Role: "Admin", Action: "CREATE", Type: "organization", ID: p.org, Name: "Acme", Result: "name=Acme"},
				aMember(p.ann.ID, "Admin", "CREATE", p.ann.MemberID(p, p.org, p.ann.Email), p.ann.ID, "", "role=Admin status=ACTIVE"),
			}
		}},
		{"renamed", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			p.begin()
			p.refused(403, tom, "PUT", route(p.org), object{"name": "Tom's"})
			p.refused(400, p.ann, "PUT", route(p.org), object{"name": ""})
			p.does(p.ann, "PUT", route(p.org), object{"name": "Bolt"})
			p.does(p.ann, "PUT", route(p.org), object{"name": "Bolt"}) // changes nothing
			return []event{{
				Actor: p.ann.ID, Role: "Admin", Action: "UPDATE", Type: "organization", ID: p.org, Name: "Bolt", Initial: "name=ann's", Result: "name=Bolt",
			}}
		}},
	}
}

func serverChanges() []change {
	return []change{
		{"connected, reconnected and disconnected", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			ben, _ := found(p, p.c, "ben")
			p.begin()
			s := newServer()
			id := s["pmm_server_id"].(string)
			entry := func(by *cloudtest.Person, role, action, name string) event {
				return event{Actor: by.ID, Role: role, Action: action, Type: "inventory", ID: id, Name: name}
			}
			p.refused(400, tom, "POST", "/v1/orgs/inventory", with(s, "pmm_server_url", "x"))
			a := connected(p, tom, s)
			s["pmm_server_name"] = "Renamed"
			connected(p, p.ann, s)
			taken.want(p, ben.Do(p, "POST", "/v1/orgs/inventory", s))
			notYours.want(p, disconnect(p, tom, s))
			noServer.want(p, disconnect(p, ben, s))
			proves(p, p.c, a)
			nothing(p, disconnect(p, p.ann, s))
			noServer.want(p, disconnect(p, p.ann, s))
			return []event{
				entry(tom, "Technical", "CREATE", "Monitoring"), entry(p.ann, "Admin", "UPDATE", "Renamed"), entry(p.ann, "Admin", "DELETE", "Renamed"),
			}
		}},
	}
}

package storm

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

// lenient settings let races of invitations be about races alone.
var lenient = map[string]string{"ROSTER_RESEND_AFTER": "0", "ROSTER_INVITES_PER_DAY": "100000"}

type object = map[string]any

func TestRaces(t *testing.T) {
	t.Parallel()
	everyRace(t, *rounds, func(t *testing.T, all []race) {
		c, _, e := gaping(t, cloud.Options{Settings: lenient}, luck(*seed))
		holdAll(t, c, all, nil)
		end(t, c, e)
	})
}

// gaping returns a cloud in which half of all changes come late after their look, so that many looks
// see the same.
func gaping(t testing.TB, o cloud.Options, l luck) (*cloudtest.Cloud, *cloudtest.Proxy, *ear) {
	c, p, e := overheard(t, o)
	p.All.Dice = l.dice(4).Float64
	p.All.Add(storetest.Rule{Action: "TransactWriteItems", Fault: slow, Chance: 0.5})
	return c, p, e
}

// everyRace hands the races over in parts, so that no engine gets too full: the local one takes a
// stream record the slower, the more it has.
func everyRace(t *testing.T, times int, hold func(t *testing.T, all []race)) {
	for n := range times {
		for about, all := range map[string][]race{"Admins": adminRaces(), "entries": entryRaces(), "mails": mailRaces(), "companies": companyRaces()} {
			t.Run(fmt.Sprintf("%s/%d", about, n), func(t *testing.T) { hold(t, all) })
		}
	}
}

// holdAll holds races one after the other.
func holdAll(t *testing.T, c *cloudtest.Cloud, all []race, noise func() (quiet func())) {
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) { r.hold(t, c, noise) })
	}
}

func adminRaces() []race {
	return []race{
		{"two Admins demote each other", demoteEachOther, func(s *scene, got []tally) {
			s.one(got...)
			s.wantLogged(s.orgs[0], "UPDATE", "organization_member", 2) // bob's own confirmation is one
		}},
		{"two Admins remove each other", removeEachOther, func(s *scene, got []tally) {
			s.once(got...)
			s.wantLogged(s.orgs[0], "DELETE", "organization_member", 1)
		}},
		{"the last two Admins leave at once", leaveBoth, func(s *scene, got []tally) {
			s.once(got...)
			s.wantLogged(s.orgs[0], "DELETE", "organization_member", 1)
		}},
		{"an Admin leaves while being demoted", leaveWhileDemoted, leftAndChanged},
		{"a Technical leaves while being promoted", leaveWhilePromoted, leftAndChanged},
		{"the only Admin promotes another and leaves", promoteAndLeave, nil},
		{"a role is changed while its holder is removed", changeWhileRemoved, func(s *scene, got []tally) {
			s.once(got[1])
			s.wantLogged(s.orgs[0], "DELETE", "organization_member", 1)
		}},
		{"two Admins rename", renameBoth, func(s *scene, got []tally) {
			s.wantCounted(s.orgs[0], "UPDATE", "organization", got[0].wins()+got[1].wins())
		}},
	}
}

func (s *scene) twoAdmins() (ann, bob *cloudtest.Person, o string) {
	ann = s.person("ann")
	o = s.found(ann)
	return ann, s.joined(ann, o, "bob", "Admin"), o
}

func demoteEachOther(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	return []racer{
		{as: ann, method: "PUT", path: row(o, bob.Email), body: object{"role": "Technical"}, allows: "200 403/7"},
		{as: bob, method: "PUT", path: row(o, ann.Email), body: object{"role": "Technical"}, allows: "200 403/7"},
	}
}

func removeEachOther(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	return []racer{
		{as: ann, method: "DELETE", path: row(o, bob.Email), allows: "200 403/7 404/5"},
		{as: bob, method: "DELETE", path: row(o, ann.Email), allows: "200 403/7 404/5"},
	}
}

func leaveBoth(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	return []racer{
		{as: ann, method: "POST", path: "/v1/orgs/" + o + ":leave", allows: "200 400/9 403/7"},
		{as: bob, method: "POST", path: "/v1/orgs/" + o + ":leave", allows: "200 400/9 403/7"},
	}
}

func leaveWhileDemoted(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	return []racer{
		{as: bob, method: "POST", path: "/v1/orgs/" + o + ":leave", allows: "200 403/7"},
		{as: ann, method: "PUT", path: row(o, bob.Email), body: object{"role": "Technical"}, allows: "200 404/5"},
	}
}

func leaveWhilePromoted(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	tom := s.joined(ann, o, "tom", "Technical")
	return []racer{
		{as: tom, method: "POST", path: "/v1/orgs/" + o + ":leave", allows: "200 403/7"},
		{as: ann, method: "PUT", path: row(o, tom.Email), body: object{"role": "Admin"}, allows: "200 404/5"},
	}
}

// leftAndChanged: whoever left is gone for good, whatever became of their role.
func leftAndChanged(s *scene, got []tally) {
	s.t.Helper()
	s.once(got[0])
	s.wantLogged(s.orgs[0], "DELETE", "organization_member", 1)
	if n := s.logged(s.orgs[0], "UPDATE", "organization_member"); n > 2 {
		s.t.Errorf("%d role changes and confirmations; want at most 2", n)
	}
}

func promoteAndLeave(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	tom := s.joined(ann, o, "tom", "Technical")
	return []racer{
		{as: ann, method: "PUT", path: row(o, tom.Email), body: object{"role": "Admin"}, allows: "200 403/7"},
		{as: ann, method: "POST", path: "/v1/orgs/" + o + ":leave", allows: "200 400/9 403/7"},
	}
}

func changeWhileRemoved(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	tom := s.joined(ann, o, "tom", "Technical")
	return []racer{
		{as: bob, method: "PUT", path: row(o, tom.Email), body: object{"role": "Admin"}, allows: "200 404/5"},
		{as: ann, method: "DELETE", path: row(o, tom.Email), allows: "200 404/5"},
	}
}

func renameBoth(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	named := func(by string) func(int) any {
		return func(i int) any { return object{"name": fmt.Sprintf("%s %d", by, i)} }
	}
	return []racer{
		{as: ann, method: "PUT", path: "/v1/orgs/" + o, each: named("ann"), allows: "200 409/10"},
		{as: bob, method: "PUT", path: "/v1/orgs/" + o, each: named("bob"), allows: "200 409/10"},
	}
}

// nothing fails the test unless nothing is left of an organization.
func (s *scene) nothing(o string) {
	s.t.Helper()
	d := storetest.Dump{}
	partition(s.t, s.c, d, "ORG#"+o)
	if len(d) > 0 {
		s.t.Errorf("%d items are left of a deleted organization", len(d))
	}
}

func fresh() string { return uuid.NewString()[:8] }

package storm

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

// mailRaces are about inviting, and about the mails that come of it.
func mailRaces() []race {
	return []race{
		{"an address is invited twice", inviteTwice, invitedOnce},
		{"an address is invited alone and among others", inviteAmongOthers, invitedOnce},
		{"an invitation is sent again while accepted", resendWhileAccepting, nil},
		{"an invitation is sent again and again", resendTwice, nil},
		{"an invitation is sent again while revoked", resendWhileRevoked, nil},
	}
}

func inviteTwice(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	eve := object{"username": s.stranger("eve"), "role": "Technical"}
	return []racer{
		{as: ann, method: "POST", path: "/v1/orgs/" + o + "/members", body: eve, allows: "200 409/6"},
		{as: bob, method: "POST", path: "/v1/orgs/" + o + "/members", body: eve, allows: "200 409/6"},
	}
}

func inviteAmongOthers(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	eve, others := object{"username": s.stranger("eve"), "role": "Technical"}, s.strangers(crowd/2)
	return []racer{
		{as: ann, method: "POST", path: "/v1/orgs/" + o + "/members", body: eve, allows: "200 409/6"},
		{as: bob, method: "POST", path: "/v1/orgs/" + o + "/members:bulk", allows: "200", each: func(i int) any {
			return object{"users": []any{eve, object{"username": others[i], "role": "Technical"}}}
		}},
	}
}

// invitedOnce counts how often eve was invited, alone or among others, and how many others were.
func invitedOnce(s *scene, _ []tally) {
	s.t.Helper()
	eve, others := 0, 0
	for _, a := range s.answers {
		refused, bulk := a.At("errors").([]any)
		switch {
		case a.Status != 200:
			continue
		case !bulk:
			eve++
			continue
		}
		others++
		if len(refused) == 0 {
			eve++
		}
		if len(refused) == 1 && a.Text("errors.0.username") != s.others[0] {
			s.t.Errorf("refused %v; want only %s", refused, s.others[0])
		}
	}
	if eve > 1 || eve == 0 && !s.noisy {
		s.t.Errorf("%s was invited %d times; want once", s.others[0], eve)
	}
	const annAndBob = 2
	s.wantCounted(s.orgs[0], "CREATE", "organization_member", annAndBob+eve+others)
}

func resendWhileAccepting(s *scene) []racer {
	ann := s.person("ann")
	o := s.found(ann)
	bob := s.invited(ann, o, "bob", "Admin")
	link := object{"activation_token": s.c.Link(s.t, bob.Email, 0)}
	return []racer{
		{as: ann, method: "POST", path: row(o, bob.Email) + ":reactivate", allows: "200 400/9 409/10 429/8"},
		accept(bob, o, "200 409/10"),
		{as: bob, method: "POST", path: "/v1/invitations:accept", body: link, allows: "200 400/3 409/10"},
	}
}

// A look that began before another's resend finds its mail in the future: the cool-down of nothing.
func resendTwice(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	eve := s.stranger("eve")
	ann.Invite(s.t, o, eve, "Admin")
	return []racer{
		{as: ann, method: "POST", path: row(o, eve) + ":reactivate", allows: "200 409/10 429/8"},
		{as: bob, method: "POST", path: row(o, eve) + ":reactivate", allows: "200 409/10 429/8"},
	}
}

func resendWhileRevoked(s *scene) []racer {
	ann, bob, o := s.twoAdmins()
	eve := s.stranger("eve")
	ann.Invite(s.t, o, eve, "Admin")
	return []racer{
		{as: ann, method: "POST", path: row(o, eve) + ":reactivate", allows: "200 404/5 409/10 429/8"},
		{as: bob, method: "DELETE", path: row(o, eve), allows: "200 404/5 409/10"},
	}
}

// With the setting "join" an account becomes a member without being asked, and so races with
// whatever it does itself.
func TestRacesOfJoining(t *testing.T) {
	t.Parallel()
	c, _, e := gaping(t, cloud.Options{Settings: map[string]string{"ROSTER_INVITE_EXISTING": "join", "ROSTER_INVITES_PER_DAY": "100000"}}, luck(*seed))
	join := race{"somebody creates while made a member", joinWhileCreating, func(s *scene, got []tally) { s.once(got...) }}
	both := race{"two organizations make somebody a member", joinBoth, func(s *scene, got []tally) { s.once(got...) }}
	for range *rounds {
		holdAll(t, c, []race{join, both}, nil)
	}
	end(t, c, e)
}

// Limits hold for all who ask at once: so many mails a day, and one mail within the cool-down.
func TestRacesOfLimits(t *testing.T) {
	t.Parallel()
	c, _, e := gaping(t, cloud.Options{Settings: map[string]string{"ROSTER_RESEND_AFTER": "600", "ROSTER_INVITES_PER_DAY": "7"}}, luck(*seed))
	quota := race{"more are invited than the day's quota", inviteMany, func(s *scene, got []tally) {
		if n := got[0].wins() + got[1].wins(); n > 7 || n < 7 && got[0]["409/10"]+got[1]["409/10"] == 0 {
			s.t.Errorf("%d were invited; want 7", n)
		}
	}}
	coolDown := race{"an invitation is sent again by two at once", resendOnce, func(s *scene, got []tally) { s.once(got...) }}
	for range *rounds {
		holdAll(t, c, []race{quota, coolDown}, nil)
	}
	end(t, c, e)
}

func inviteMany(s *scene) []racer {
	ann := s.person("ann")
	o, guests := s.found(ann), s.strangers(crowd)
	by := func(first int) racer {
		r := invite(ann, o, "", "200 429/8 409/10")
		r.each = func(i int) any { return object{"username": guests[first+i], "role": "Technical"} }
		return r
	}
	return []racer{by(0), by(crowd / 2)}
}

func resendOnce(s *scene) []racer {
	ann, eve := s.person("ann"), s.stranger("eve")
	o := s.found(ann)
	ann.Invite(s.t, o, eve, "Admin")
	s.settle()
	id := strings.TrimPrefix(row(o, eve), "/v1/orgs/"+o+"/members/")
	s.put("ORG#"+o, "INVITATION#"+id, "queued_at", &types.AttributeValueMemberS{Value: storetest.Stamp(time.Now().Add(-time.Hour))})
	again := racer{as: ann, method: "POST", path: row(o, eve) + ":reactivate", allows: "200 429/8"}
	return []racer{again, again}
}

func invite(by *cloudtest.Person, o, who, allows string) racer {
	return racer{
		as: by, method: "POST", path: "/v1/orgs/" + o + "/members", allows: allows,
		body: object{"username": who, "role": "Admin"},
	}
}

func joinWhileCreating(s *scene) []racer {
	ann, bob := s.person("ann"), s.person("bob")
	return []racer{invite(ann, s.found(ann), bob.Email, "200 409/6"), create(bob, "200 409/6")}
}

func joinBoth(s *scene) []racer {
	ann, cat, bob := s.person("ann"), s.person("cat"), s.person("bob")
	return []racer{
		invite(ann, s.found(ann), bob.Email, "200 409/6"),
		invite(cat, s.found(cat), bob.Email, "200 409/6"),
	}
}

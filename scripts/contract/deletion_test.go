package contract

import (
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// TestADeletedOrganizationIsGoneFromTheAnswerOn for everybody who was in it.
func TestADeletedOrganizationIsGoneFromTheAnswerOn(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom, alf, pia := ann.Join(t, org, "tom", "Technical"), ann.Join(t, org, "alf", "Admin"), c.Person(t, "pia")
	ann.Invite(t, org, pia.Email, "Admin")
	bob := cloudtest.Address("bob")
	id := ann.Invite(t, org, bob, "Admin")
	link, pias := c.Link(t, bob, 0), c.Link(t, pia.Email, 0)
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	own := ann.MemberID(t, org, ann.Email)
	nothing(t, alf.Do(t, "DELETE", route(org), nil))
	for _, p := range []*cloudtest.Person{ann, tom, alf, pia} {
		for _, r := range []struct {
			request string
			body    any
		}{
			{"GET ", nil},
			{"PUT ", object{"name": "x"}},
			{"DELETE ", nil},
			{"POST :leave", nil},
			{"POST /members", invite("x@example.com", "Admin")},
			{"POST /members:bulk", object{"users": list{invite("x@example.com", "Admin")}}},
			{"POST /members:search", nil},
			{"PUT /members/" + own, object{"role": "Technical"}},
			{"DELETE /members/" + id, nil},
			{"POST /members/" + id + ":reactivate", nil},
		} {
			method, rest, _ := strings.Cut(r.request, " ")
			notMember.want(t, p.Do(t, method, route(org, rest), r.body))
		}
		if len(orgs(t, p)) != 0 || len(invitations(t, p)) != 0 {
			t.Errorf("%s sees an organization or an invitation", p.Email)
		}
	}
	deadLink.want(t, validate(t, c, link))
	deadLink.want(t, post(t, c, "ActivateProfile", profile(state)))
	deadLink.want(t, follow(t, pia, pias))
	refusal{404, 5, "Invitation not found."}.want(t, accept(t, pia, org))
	free(t, c, ann, tom, alf)
}

// free holds people to being able to create and to join at once.
func free(t *testing.T, c *cloudtest.Cloud, ann, tom, alf *cloudtest.Person) {
	t.Helper()
	org := ann.Org(t, "Ann's second")
	ann.Invite(t, org, tom.Email, "Technical")
	accept(t, tom, org).Want(t, 200)
	alf.Org(t, "Alf's")
	for _, p := range []*cloudtest.Person{ann, tom, alf} {
		if got := orgs(t, p); len(got) != 1 {
			t.Errorf("orgs %v of %s; want the new one", got, p.Email)
		}
	}
	eventually(t, "the background work leaves them alone", func() bool { return len(orgs(t, tom)) == 1 })
}

// TestInTheEndNothingIsLeftOfADeletedOrganization, but its people's accounts are.
func TestInTheEndNothingIsLeftOfADeletedOrganization(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	var invited []string
	for range 3 {
		var users list
		for range 10 {
			invited = append(invited, cloudtest.Address("bob"))
			users = append(users, invite(invited[len(invited)-1], "Admin"))
		}
		bulk(t, ann, org, users...)
	}
	link := c.Link(t, invited[0], 0)
	validate(t, c, link).Want(t, 200)
	tb := tableOf(c)
	if items := tb.partition(t, "ORG#"+org, ""); len(items) < 60 {
		t.Fatalf("%d items before", len(items))
	}
	nothing(t, ann.Do(t, "DELETE", route(org), nil))
	another := tom.Org(t, "Tom's") // before the purge comes by
	eventually(t, "the organization's partition is empty", func() bool { return len(tb.partition(t, "ORG#"+org, "")) == 0 })
	for _, email := range invited {
		if left := tb.partition(t, "EMAIL#"+email, ""); len(left) != 0 {
			t.Errorf("left of %s: %v", email, left)
		}
	}
	if me := tb.partition(t, "ACCOUNT#"+ann.ID, ""); len(me) != 1 || me[0]["org_id"] != nil || me[0]["email"] != ann.Email {
		t.Errorf("the founder's account: %v", me)
	}
	if him := tb.partition(t, "ACCOUNT#"+tom.ID, ""); len(him) != 1 || him[0]["org_id"] != another {
		t.Errorf("the account of who moved on: %v", him)
	}
	if dump := tb.dump(t); strings.Contains(dump, org) {
		for line := range strings.SplitSeq(dump, "\n") {
			if strings.Contains(line, org) {
				t.Errorf("left: %s", line)
			}
		}
	}
	ann.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200)
	notMember.want(t, ann.Do(t, "GET", route(org), nil))
}

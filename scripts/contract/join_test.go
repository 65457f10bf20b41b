package contract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
)

// TestInvitingAnAccountMakesItAMemberAtOnce, in the deployment that says so, whether it signed in
// before or not.
func TestInvitingAnAccountMakesItAMemberAtOnce(t *testing.T) {
	t.Parallel()
	c := join(t)
	ann, org := found(t, c, "Ann")
	pia := c.Person(t, "Pia")
	dee := c.SignedUp(t, cloudtest.Address("Dee"), "Dee", "Test") // never signed in
	bob := cloudtest.Address("bob")
	unproven(t, c)
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(strings.ToUpper(pia.Email), "Admin")))
	if got := bulk(t, ann, org, invite(dee.Email, "Technical"), invite(bob, "Technical")); len(got) != 0 {
		t.Fatalf("errors %v", got)
	}
	for _, want := range []object{
		{"username": pia.Email, "first_name": "Pia", "last_name": "Test", "role": "Admin", "status": "ACTIVE", "invitation": nil},
		{"username": dee.Email, "first_name": "Dee", "last_name": "Test", "role": "Technical", "status": "ACTIVE", "invitation": nil},
	} {
		got := row(t, ann, org, want["username"].(string))
		delete(got, "member_id")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	}
	if r := row(t, ann, org, bob); r["status"] != "PROVISIONED" {
		t.Errorf("row %v; want an unknown address pending", r)
	}
	pia.Do(t, "PUT", route(org), object{"name": "Pia's"}).Want(t, 200)
	already.wantOrg(t, pia.Do(t, "POST", "/v1/orgs", object{"name": "x"}), org)
	alreadyMember.want(t, ann.Do(t, "POST", route(org, "/members"), invite(pia.Email, "Admin")))
	nothing(t, activate(t, c, c.Link(t, bob, 0)))
}

// TestTheMailToWhoJoinedOpensTheOrganization and holds no token: there is nothing to accept.
func TestTheMailToWhoJoinedOpensTheOrganization(t *testing.T) {
	t.Parallel()
	c := join(t)
	ann, org := found(t, c, "Ann")
	pia := c.Person(t, "Pia")
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(pia.Email, "Technical")))
	mail := c.Mails(t, pia.Email, 1)[0].(object)
	if mail["subject"] != "Welcome to Ann's" {
		t.Errorf("subject %v", mail["subject"])
	}
	oneLink(t, c, mail, "/", "Open Ann's")
	link := mail["links"].(list)[0].(object)
	if link["href"] != c.URL+"/" || link["text"] != "Open Ann's" || strings.Contains(words(mail["text"])+words(mail["html"]), "token") {
		t.Errorf("link %v; want the portal's front page, without a token", link)
	}
	for _, want := range []string{"Ann Test", "Technical"} {
		if !strings.Contains(words(mail["text"]), want) {
			t.Errorf("the mail does not say %s:\n%s", want, mail["text"])
		}
	}
	if got := invitations(t, pia); len(got) != 0 {
		t.Errorf("invitations %v; want none", got)
	}
}

func TestAMemberOfAnotherOrganizationDoesNotJoin(t *testing.T) {
	t.Parallel()
	c := join(t)
	ann, org := found(t, c, "ann")
	otto := c.Person(t, "otto")
	another := otto.Org(t, "Otto's")
	elsewhere.want(t, ann.Do(t, "POST", route(org, "/members"), invite(otto.Email, "Admin")))
	upper, pia := strings.ToUpper(otto.Email), c.Person(t, "pia")
	got := bulk(t, ann, org, invite(upper, "Admin"), invite(pia.Email, "Technical"))
	if diff := cmp.Diff([][2]string{{upper, elsewhere.message}}, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if row(t, ann, org, otto.Email) != nil || row(t, ann, org, pia.Email)["status"] != "ACTIVE" {
		t.Errorf("members %v; want the one who is free", usernames(members(t, ann, org)))
	}
	nothing(t, otto.Do(t, "DELETE", route(another), nil))
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(otto.Email, "Admin"))) // free at once
	if r := row(t, ann, org, otto.Email); r["status"] != "ACTIVE" {
		t.Errorf("row %v", r)
	}
}

// TestAnUnprovenAddressIsAnUnknownOne: who has not shown that it is theirs only gets a link.
func TestAnUnprovenAddressIsAnUnknownOne(t *testing.T) {
	t.Parallel()
	c := join(t)
	ann, org := found(t, c, "ann")
	una := cloudtest.Address("una")
	nothing(t, post(t, c, "SignUp", newcomer(una)))
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(una, "Admin")))
	if r := row(t, ann, org, una); r["status"] != "PROVISIONED" || r["first_name"] != "" {
		t.Errorf("row %v; want it pending without names", r)
	}
	nothing(t, activate(t, c, c.Link(t, una, 1)))
	if r := row(t, ann, org, una); r["status"] != "ACTIVE" {
		t.Errorf("row %v; want the link to have proved the address", r)
	}
}

// TestWhoJoinedAndWasRemovedMayJoinAgain, and an Admin who joined counts as one.
func TestWhoJoinedAndWasRemovedMayJoinAgain(t *testing.T) {
	t.Parallel()
	c := join(t)
	ann, org := found(t, c, "ann")
	pia := c.Person(t, "pia")
	for range 2 {
		nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(pia.Email, "Technical")))
		nothing(t, ann.Do(t, "DELETE", route(org, "/members/", ann.MemberID(t, org, pia.Email)), nil))
		notMember.want(t, pia.Do(t, "GET", route(org), nil))
	}
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(pia.Email, "Admin")))
	nothing(t, ann.Do(t, "POST", route(org, ":leave"), nil))
	lastAdmin.want(t, pia.Do(t, "POST", route(org, ":leave"), nil))
}

package browser

import (
	"fmt"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// remove takes a member out, by the API.
func remove(t *testing.T, admin *cloudtest.Person, org, email string) {
	t.Helper()
	admin.Do(t, "DELETE", "/v1/orgs/"+org+"/members/"+admin.MemberID(t, org, email), nil).Want(t, 200)
}

func TestARemovedMemberLearnsItByTheNextClick(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	tim := join(t, ann, org, "Tim", "Tile", "Admin")
	b := enter(t, tim)
	for from, clicks := range map[string][]string{
		"/members": {"Home", "Organization", "PMM Instances", "Activity Log", "Tim", "Members", "Invite Members"},
		"/":        {"Home", "Members"},
	} {
		for _, click := range clicks {
			ask[bool](b, "history.replaceState(null, '', '#"+from+"') ?? true") // the page as it is would lead home
			b.reload()
			b.see("Ann Archer", "You are in Acme")
			remove(t, ann, org, tim.Email)
			b.press(click)
			b.see("You are no longer a member of Acme.")
			if b.offers("Members") {
				t.Errorf("%s: the organization's pages are still offered", click)
			}
			ann.Invite(t, org, tim.Email, "Admin")
			tim.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
		}
	}
}

func TestARefusalForWantOfMembershipIsSaidToo(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	tim := join(t, ann, org, "Tim", "Tile", "Technical")
	b := enter(t, tim)
	remove(t, ann, org, tim.Email)
	b.press("Members")
	b.see("You are no longer a member of Acme. User must belong to the requested organization to perform this action.")
	b.arrive("Hello, Tim")
	b.see("Create your organization")
}

func TestADemotedAdminIsRefusedInWordsAndThenOfferedLess(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	adam := join(t, ann, org, "Adam", "Ash", "Admin")
	role := func(role string) {
		ann.Do(t, "PUT", "/v1/orgs/"+org+"/members/"+ann.MemberID(t, org, adam.Email), map[string]any{"role": role}).Want(t, 200)
	}
	b := enter(t, adam)
	b.press("Members")
	b.press("Change the role of Ann Archer")
	role("Technical")
	b.choose("Role", 0, "Technical")
	b.press("Save")
	b.see("Only an organization admin can perform this action.")
	b.press("Cancel")
	b.see("Your role is Technical now.")
	if b.offers("Invite Members") {
		t.Error("a demoted Admin is still offered to invite")
	}
	role("Admin")
	b.press("Home")
	b.see("Your role is Admin now.")
	b.press("Activity Log")
	b.see("Ann Archer created the organization Acme.")
	role("Technical")
	b.choose("Order", 0, "timestamp 0")
	b.see("Your role is Technical now. Only an organization admin can perform this action.")
	b.arrive("Hello, Adam")
	role("Admin")
	b.press("Home")
	b.see("You are in Acme as Admin.")
	b.press("Members")
	b.see("Ann Archer")
	const readings = "performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/members:search')).length"
	before := ask[int](b, readings)
	b.press("Invite Members")
	b.until("who is here was read again", fmt.Sprintf("%s > %d", readings, before)) // and still as an Admin
	b.fill("E-mail", cloudtest.Address("eve"))
	role("Technical")
	b.press("Invite")
	b.see("Your role is Technical now. Only an organization admin can perform this action.")
	b.arrive("Members")
}

func TestWhatOthersChangeAppearsWithoutLoadingThePage(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann, ben := named(t, c, "Ann", "Archer"), named(t, c, "Ben", "Bow")
	org := ann.Org(t, "Acme")
	tim := join(t, ann, org, "Tim", "Tile", "Technical")
	b := enter(t, tim)
	b.see("You are in Acme")
	rename := func(name string) {
		ann.Do(t, "PUT", "/v1/orgs/"+org, map[string]any{"name": name}).Want(t, 200)
	}
	rename("Acme & Sons")
	b.press("Organization")
	b.see("Acme & Sons")
	rename("Acme & Daughters")
	ask[bool](b, "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
	b.see("Acme & Daughters")
	ben.Invite(t, ben.Org(t, "Burrow"), tim.Email, "Admin")
	b.press("Home")
	b.see("Burrow as Admin")
}

// What becomes of a mail is told to whoever looks on.
func TestTheStateOfAMailChangesByItself(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.press("Members")
	b.press("Invite Members")
	b.fill("E-mail", "bounce@simulator.amazonses.com")
	b.press("Invite")
	b.see("1 person is invited.")
	b.see("Mail bounced")
}

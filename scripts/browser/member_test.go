package browser

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestAnAdminInvitesAndManagesMembers(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann := named(t, c, "Ann", "Archer")
	org := ann.Org(t, "Acme")
	tim := join(t, ann, org, "Tim", "Tile", "Technical")
	b := enter(t, ann)
	b.press("Members")
	b.arrive("Members")
	b.see("Tim Tile")
	b.press("Invite Members")
	b.arrive("Invite Members")
	eve, dot := cloudtest.Address("eve"), cloudtest.Address("dot")
	b.fill("E-mail", eve)
	b.press("Add another user")
	b.fillAt("E-mail", 1, tim.Email)
	b.press("Add another user")
	b.fillAt("E-mail", 2, dot)
	b.choose("Role", 2, "Admin")
	b.press("Add another user")
	b.fillAt("E-mail", 3, dot)
	b.press("Invite")
	b.see("2 people are invited. The others are still in the form, with the reason.")
	b.see("User is already a member of this organization.")
	if got := ask[[]string](b, "[...document.querySelectorAll('input')].map((e) => e.value)"); len(got) != 2 || got[0] != tim.Email || got[1] != dot {
		t.Errorf("in the form are %q", got)
	}
	if ask[string](b, "page.value('Role', 1)") != "Technical" {
		t.Error("of two rows with one address the second failed, and it is not the one in the form")
	}
	b.press("Take user 1 off the form")
	b.press("Back to members")
	b.arrive("Members")
	if err := c.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.reload()
	b.see(eve)
	b.see("Mail delivered")
	b.press("Resend the invitation to " + eve)
	b.see("A new invitation is on its way to " + eve)
	c.Mails(t, eve, 2)
	b.press("Change the role of " + eve)
	b.choose("Role", 0, "Admin")
	b.press("Save")
	b.see(eve + " is now Admin.")
	b.press("Remove " + eve)
	b.see("Withdraw the invitation?")
	b.press("Withdraw")
	b.see("The invitation of " + eve + " is withdrawn.")
	b.press("Remove Tim Tile")
	b.press("Remove")
	b.see("Tim Tile is removed.")
	b.until("Tim's row is gone", "!document.querySelector('table').textContent.includes('Tim Tile')")
	if b.offers("Remove Ann Archer") || b.offers("Change the role of Ann Archer") {
		t.Error("an own row is offered to be changed")
	}
}

func TestTenAreInvitedAtOnceAndNoMore(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.visit("/#/invite")
	b.arrive("Invite Members")
	for n := range 10 {
		if n > 0 {
			b.press("Add another user")
		}
		b.fillAt("E-mail", n, cloudtest.Address("many"))
	}
	b.see("These are ten")
	if b.offers("Add another user") {
		t.Error("an eleventh is offered")
	}
	b.press("Invite")
	b.arrive("Members")
	b.see("10 people are invited.")
}

func TestWhatBecameOfMailsIsShown(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann := named(t, c, "Ann", "Archer")
	org := ann.Org(t, "Acme")
	ann.Invite(t, org, "bounce@simulator.amazonses.com", "Technical")
	late := ann.Invite(t, org, cloudtest.Address("late"), "Technical")
	if err := c.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	expire(t, c, org, late)
	b := enter(t, ann)
	b.press("Members")
	b.see("Mail bounced")
	b.see("Expired")
}

func TestATechnicalMemberSeesAndChangesNothing(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann := named(t, c, "Ann", "Archer")
	org := ann.Org(t, "Acme")
	ann.Invite(t, org, cloudtest.Address("eve"), "Technical")
	b := enter(t, join(t, ann, org, "Tim", "Tile", "Technical"))
	b.press("Members")
	b.see("Ann Archer")
	for _, name := range []string{"Invite Members", "Remove Ann Archer", "Change the role of Ann Archer", "Activity Log"} {
		if b.offers(name) {
			t.Errorf("%s is offered", name)
		}
	}
	if ask[bool](b, "document.body.innerText.includes('Resend')") {
		t.Error("Resend is offered")
	}
	b.press("Organization")
	b.arrive("Organization")
	if b.offers("Rename the organization") || b.offers("Delete the organization") {
		t.Error("a Technical member is offered to change the organization")
	}
	b.visit("/#/invite")
	b.arrive("There is nothing here")
	b.press("Tim")
	b.press("Leave the organization")
	b.see("Leave the organization?")
	b.press("Leave")
	b.see("You left Acme.")
	b.see("Create your organization")
}

func TestTheLastAdminHearsWhyTheyCannotLeave(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.press("Ann")
	b.press("Leave the organization")
	b.press("Leave")
	b.see("The last admin cannot leave the organization.")
	b.keys(escapeKey)
	b.miss("The last admin cannot leave the organization.")
}

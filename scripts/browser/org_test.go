package browser

import "testing"

func TestSomebodyCreatesRenamesAndDeletesAnOrganization(t *testing.T) {
	t.Parallel()
	b := enter(t, named(t, portal(t), "Ann", "Archer"))
	b.see("Hello, Ann")
	b.fill("Name of the organization", "Acme <b>")
	b.press("Save")
	b.see("Must not contain control characters, '<' or '>'.")
	b.fill("Name of the organization", "Acme & Sons")
	b.press("Save")
	b.arrive("Organization")
	b.see("Acme & Sons is created.")
	b.see("Free")
	b.press("Home")
	b.see("You are in Acme & Sons as Admin.")
	b.press("View organization")
	b.arrive("Organization")
	b.press("Rename the organization")
	b.fill("Name of the organization", "Acme & Daughters")
	b.press("Save")
	b.see("The organization is now called Acme & Daughters.")
	b.press("Delete the organization")
	b.see("This cannot be undone.")
	b.fill("Name of the organization", "Acme")
	if !ask[bool](b, "document.querySelector('dialog .danger').disabled") {
		t.Error("it can be deleted without its name")
	}
	b.fill("Name of the organization", "Acme & Daughters")
	b.press("Delete for good")
	b.see("Acme & Daughters is deleted.")
	b.see("Create your organization")
}

func TestInvitationsAreAcceptedAndDeclinedAtHome(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann, ben, eve := named(t, c, "Ann", "Archer"), named(t, c, "Ben", "Bow"), named(t, c, "Eve", "Elm")
	acme, burrow := ann.Org(t, "Acme"), ben.Org(t, "Burrow")
	ann.Invite(t, acme, eve.Email, "Admin")
	ben.Invite(t, burrow, eve.Email, "Technical")
	b := enter(t, eve)
	b.see("Invitations for you")
	b.press("Accept the invitation to Acme")
	b.see("Welcome to Acme.")
	b.see("You are in Acme as Admin.")
	b.press("Accept the invitation to Burrow")
	b.see("You are already a member of an organization.")
	b.press("Decline the invitation to Burrow")
	b.see("You declined the invitation to Burrow.")
	b.miss("Invitations for you")
}

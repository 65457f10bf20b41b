package browser

import (
	"sync/atomic"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// at waits until what is called so has the focus.
func (b *tab) at(name string) {
	b.t.Helper()
	b.until("the focus is on "+name, "document.activeElement !== document.body && page.focused() === "+quoted(name))
}

func TestTheFocusFollowsTheOrganizationsForms(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.press("Organization")
	b.press("Rename the organization")
	b.at("Name of the organization")
	b.press("Cancel")
	b.at("Rename the organization")
	b.press("Rename the organization")
	b.fill("Name of the organization", "<>")
	b.press("Save")
	b.see("Must not contain control characters")
	b.at("Name of the organization")
	b.fill("Name of the organization", "Acme & Sons")
	b.press("Save")
	b.see("The organization is now called Acme & Sons.")
	b.at("Rename the organization")
	b.press("Dismiss")
	b.miss("The organization is now called Acme & Sons.")
	b.until("the focus is somewhere", "document.activeElement !== document.body")
}

func TestTheFocusFollowsTheRowsOfLists(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	join(t, ann, org, "Tim", "Tile", "Technical")
	eve := cloudtest.Address("eve")
	ann.Invite(t, org, eve, "Technical")
	connect(t, ann, ann.Token, "pmm-1")
	connect(t, ann, ann.Token, "pmm-2")
	b := enter(t, ann)
	b.press("Members")
	b.press("Remove Tim Tile")
	b.press("Remove")
	b.see("Tim Tile is removed.")
	b.at("Remove " + eve)
	b.press("Remove " + eve)
	b.press("Withdraw")
	b.see("is withdrawn.")
	b.at("Members")
	b.press("PMM Instances")
	b.press("Disconnect pmm-2")
	b.press("Disconnect")
	b.see("pmm-2 is disconnected.")
	b.at("Disconnect pmm-1")
}

func TestTheFocusFollowsTheRowsOfTheInviteForm(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.visit("/#/invite")
	b.arrive("Invite Members")
	b.fill("E-mail", cloudtest.Address("eve"))
	b.press("Add another user")
	b.at("E-mail")
	b.keys(ann.Email) // into the new row
	b.press("Add another user")
	b.fillAt("E-mail", 2, cloudtest.Address("dot"))
	b.press("Invite")
	b.see("2 people are invited. The others are still in the form, with the reason.")
	b.until("the refused row has the focus", "document.activeElement.ariaInvalid === 'true' && document.activeElement.value === "+quoted(ann.Email))
	b.press("Add another user")
	b.press("Add another user")
	b.press("Take user 2 off the form")
	b.at("Take user 2 off the form")
	b.press("Take user 2 off the form")
	b.at("E-mail")
	b.fill("E-mail", "half@example.com")
	b.press("Back to members")
	b.arrive("Members")
	b.press("Invite Members")
	b.until("what was begun is still there", "page.value('E-mail', 0) === 'half@example.com'")
}

func TestTheFocusIsNotLostWithWhatHadIt(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann, bob := named(t, c, "Ann", "Archer"), named(t, c, "Bob", "Birch")
	ann.Invite(t, ann.Org(t, "Acme"), bob.Email, "Admin")
	b := open(t, c, "/activation?token="+c.Link(t, bob.Email, 0))
	b.fill("Password", cloudtest.Password)
	b.press("Sign in")
	b.see("Accept the invitation")
	b.at("You are invited")
	b.visit("/#/")
	b.press("Decline the invitation to Acme")
	b.see("You declined the invitation to Acme.")
	b.at("Hello, Bob")
	var gone atomic.Bool
	b.between("/v1/orgs", func() fate {
		if gone.Load() {
			return breaks
		}
		return passes
	})
	again := func() {
		b.see("Roster cannot be reached at the moment.")
		gone.Store(false)
		b.press("Try again")
	}
	gone.Store(true)
	b.fill("Name of the organization", "Birch")
	b.press("Save")
	again()
	b.arrive("Organization")
	gone.Store(true)
	b.press("Members")
	again()
	b.see("Bob Birch")
	b.at("Members")
}

func TestTheFocusFollowsTheFormOfTickets(t *testing.T) {
	t.Parallel()
	b := enter(t, company(t, portal(t), "Hooli"))
	b.press("Raise a ticket")
	b.at("What is it about?")
	b.press("Cancel")
	b.at("Raise a ticket")
	b.press("Raise a ticket")
	b.fill("What is it about?", "The backup stopped")
	b.press("Raise")
	b.see("is raised.")
	b.at("Raise a ticket")
}

// A second Esc closes a dialog in Chromium whatever a page says, and what it asked for would close
// another one later.
func TestADialogThatIsBusyStays(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	join(t, ann, org, "Tim", "Tile", "Technical")
	b := enter(t, ann)
	b.press("Members")
	let := b.between("/members/", func() fate { return stays })
	b.press("Remove Tim Tile")
	b.press("Remove")
	b.until("it is busy", "document.querySelector('dialog [type=submit]').ariaBusy === 'true'")
	for range 3 {
		b.keys(escapeKey)
		ask[bool](b, "(document.querySelector('dialog .secondary').click(), true)")
		b.until("the dialog is there", "document.querySelector('dialog[open]') !== null")
	}
	close(let)
	b.see("Tim Tile is removed.")
}

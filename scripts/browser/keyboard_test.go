package browser

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// Keys as browsers get them.
const (
	tabKey    = "\t"
	enterKey  = "\r"
	escapeKey = "\x1b"
)

// focus waits until something of that name has the focus, pressing a key until then.
func (b *tab) focus(name, key string) {
	b.t.Helper()
	for range 40 {
		if ask[string](b, "page.focused()") == name {
			return
		}
		b.keys(key)
	}
	b.t.Fatalf("%q is not reached by %q; the focus is on %q", name, key, ask[string](b, "page.focused()"))
}

func TestEverythingIsReachedByKeyboard(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	tim := join(t, ann, ann.Do(t, "POST", "/v1/orgs:search", nil).Text("orgs.0.id"), "Tim", "Tile", "Technical")
	b := open(t, ann.Cloud, "/")
	b.see("Forgot your password?")
	b.focus("Skip to content", tabKey)
	b.focus("E-mail", tabKey)
	b.keys(ann.Email)
	b.focus("Password", tabKey)
	b.keys(cloudtest.Password + enterKey)
	b.arrive("Hello, Ann")
	b.visit("/")
	b.see("View organization")
	b.focus("Members", tabKey)
	b.keys(enterKey)
	b.arrive("Members")
	b.see(tim.Email)
	b.focus("Change the role of Tim Tile", tabKey)
	b.keys(enterKey)
	b.see("Change role")
	b.focus("Role", tabKey)
	for range 6 { // the focus stays in the dialog
		b.keys(tabKey)
		if ask[bool](b, "!document.querySelector('dialog').contains(document.activeElement) && document.activeElement !== document.body") {
			t.Error("the focus left the dialog")
		}
	}
	b.keys(escapeKey)
	b.miss("Change role")
	b.until("the focus is back", "page.focused() === 'Change the role of Tim Tile'")
}

func TestBackLeadsBack(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.press("Members")
	b.arrive("Members")
	b.press("Organization")
	b.arrive("Organization")
	ask[bool](b, "(history.back(), true)")
	b.arrive("Members")
	if title := ask[string](b, "document.title"); title != "Members · Roster" {
		t.Errorf("the title is %q", title)
	}
}

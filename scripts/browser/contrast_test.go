package browser

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// What axe-core does not measure: that people see where something can be filled in, and where they are.
func TestControlsAndTheFocusStandOut(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	ann.Invite(t, org, cloudtest.Address("eve"), "Technical")
	b := enter(t, ann)
	for path, heading := range map[string]string{
		"/profile": "Profile", "/invite": "Invite Members", "/members": "Members", "/activity": "Activity Log",
	} {
		b.visit("/#" + path)
		b.arrive(heading)
		b.until("it is there", "!document.querySelector('main [aria-busy]')")
		for _, m := range modes() {
			b.show(m)
			ask[bool](b, "document.querySelector('h1').focus() ?? true")
			b.keys(tabKey) // so that the browser shows the focus
			for _, weak := range ask[[]string](b, "page.weak()") {
				b.t.Errorf("%s, %s: %s", path, m.name, weak)
			}
		}
	}
}

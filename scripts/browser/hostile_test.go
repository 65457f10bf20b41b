package browser

import (
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// Names as nobody has them but somebody will write them.
var hostile = []struct{ name, first, last, org string }{
	{"markup", `<img src=x onerror="document.title='broken'">`, `"><script>document.title='broken'</script>`, `&lt;img onerror=x&gt; ${1} {{2}} '"`},
	{"right to left", "\u202eאבגד", "العربية", "حديقة \u202eالحيوان (קבוצה)"},
	{"emoji", "👩‍👩‍👧‍👦", "🏳️‍🌈é̷̢", "🦭 & 🦭 – 海象"},
	{"very long", strings.Repeat("Wolfeschlegelsteinhausen", 5), strings.Repeat("bergerdorff", 9), strings.Repeat("Donaudampfschifffahrt", 12)},
}

func TestHostileNamesAreTextAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			c := portal(t)
			p := c.SignedUp(t, cloudtest.Address("zoe"), h.first, h.last)
			p.SignIn(t)
			org := p.Org(t, h.org)
			guest := named(t, c, "Guest", "Gold")
			p.Invite(t, org, guest.Email, "Technical")
			connect(t, p, p.Token, h.first)
			b := enter(t, p)
			for _, at := range []struct{ path, text string }{
				{"/", h.org}, {"/organization", h.org}, {"/members", h.first}, {"/profile", h.org}, {"/pmm", h.first}, {"/activity", h.org},
			} {
				b.visit("/#" + at.path)
				b.until("the name is on "+at.path, "document.querySelector('main').textContent.includes("+quoted(at.text)+")")
				b.whole()
			}
			b.asked(h.first)
			g := enter(t, guest)
			g.until("the invitation names it", "document.querySelector('main').textContent.includes("+quoted(h.org)+")")
			g.whole()
		})
	}
}

// asked has the page put the name into a dialog and into what it says.
func (b *tab) asked(name string) {
	b.t.Helper()
	b.visit("/#/pmm")
	b.arrive("PMM Instances")
	b.until("the server is there", "document.querySelector('td.do button') !== null")
	ask[bool](b, "(document.querySelector('td.do button').click(), true)")
	b.until("the dialog names it", "document.querySelector('dialog')?.textContent.includes("+quoted(name)+")")
	b.whole()
	b.press("Disconnect")
	b.until("what is said names it", "document.querySelector('.notices').textContent.includes("+quoted(name)+")")
	b.whole()
}

// whole holds what is shown to having run nothing of a name, and to fitting into the page.
func (b *tab) whole() {
	b.t.Helper()
	if n := ask[int](b, "document.querySelectorAll('main img, main script').length"); n != 0 || ask[string](b, "document.title") == "broken" {
		b.t.Errorf("a name is %d elements", n)
	}
	if over := ask[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		b.t.Errorf("%s is %d pixels too wide", ask[string](b, "location.hash"), over)
	}
}

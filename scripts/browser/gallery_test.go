package browser

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// A scene is a page in one of its states, and how somebody gets there.
type scene struct {
	name string
	who  string // first name of whoever is signed in; "" for nobody
	path string
	see  string
	then func(*tab)
}

// scenes are all pages, in the order in which people meet them.
func scenes(link string) []scene {
	return []scene{
		{name: "sign-in", path: "/", see: "Forgot your password?"},
		{name: "sign-up", path: "/#/sign-up", see: "At least 10 characters"},
		{name: "confirm", path: "/#/confirm", see: "Enter the code that is in it."},
		{name: "forgotten", path: "/#/forgotten", see: "We send a code"},
		{name: "activation", path: "/activation?token=" + link, see: "Read the terms of service"},
		{name: "dead-link", path: "/activation?token=dead", see: "The activation link is not valid."},
		{name: "refused", path: "/#/sign-up", see: "At least 10 characters", then: func(b *tab) {
			b.fill("First name", "Nora")
			b.fill("Last name", "Noon")
			b.fill("E-mail", "nora@example.com")
			b.fill("Password", "nora-and-noon-1")
			b.press("Create account")
			b.see("Must contain an upper-case letter.")
		}},
		{name: "home-new", who: "Nora", path: "/#/", see: "Create your organization"},
		{name: "home", who: "Ann", path: "/#/", see: "View organization"},
		{name: "home-customer", who: "Hank", path: "/#/", see: "All states"},
		{name: "ticket", who: "Hank", path: "/#/", see: "All states", then: func(b *tab) {
			b.press("Raise a ticket")
			b.see("What is it about?")
		}},
		{name: "organization", who: "Ann", path: "/#/organization", see: "Your role"},
		{name: "delete", who: "Ann", path: "/#/organization", see: "Your role", then: func(b *tab) {
			b.press("Delete the organization")
			b.see("This cannot be undone.")
		}},
		{name: "members", who: "Ann", path: "/#/members", see: "Mail bounced"},
		{name: "members-technical", who: "Tim", path: "/#/members", see: "Mail bounced"},
		{name: "role", who: "Ann", path: "/#/members", see: "Mail bounced", then: func(b *tab) {
			b.press("Change the role of Tim Tile")
			b.see("Change role")
		}},
		{name: "resend-refused", who: "Ann", path: "/#/members", see: "Mail bounced", then: func(b *tab) {
			b.press("Resend the invitation to eve@example.com")
			b.see("The invitation was sent a moment ago.")
		}},
		{name: "invite", who: "Ann", path: "/#/invite", see: "Everybody gets a mail", then: func(b *tab) {
			b.fill("E-mail", "tim@example.com")
			b.press("Add another user")
			b.fillAt("E-mail", 1, "tim@example.com")
			b.press("Invite")
			b.see("User is already a member")
		}},
		{name: "pmm", who: "Ann", path: "/#/pmm", see: "pmm-staging"},
		{name: "pmm-none", who: "Hank", path: "/#/pmm", see: "No PMM server is connected yet."},
		{name: "activity", who: "Ann", path: "/#/activity", see: "created the organization"},
		{name: "profile", who: "Ann", path: "/#/profile", see: "Sign out everywhere"},
		{name: "nowhere", who: "Tim", path: "/#/activity", see: "There is nothing here"},
	}
}

// A mode is how somebody's browser shows a page.
type mode struct {
	name          string
	scheme        string
	width, height int64
	rules         []string // of axe-core; all when empty
}

func modes() []mode {
	// Dark is light in other colours, by which only these rules judge.
	colours := []string{"color-contrast", "link-in-text-block"}
	return []mode{{"light", "light", 1000, 640, nil}, {"dark", "dark", 1000, 640, colours}, {"phone", "light", 390, 780, nil}}
}

// town fills a cloud with people whose pages are shown.
func town(t *testing.T) (c *cloudtest.Cloud, people map[string]*cloudtest.Person, link string) {
	t.Helper()
	c = cloudtest.Start(t, cloud.Options{Settings: map[string]string{"ROSTER_RESEND_AFTER": "600", "ROSTER_TERMS_URL": "https://example.com/terms"}})
	people = map[string]*cloudtest.Person{}
	for _, who := range [][3]string{{"Ann", "Archer", "ann@example.com"}, {"Tim", "Tile", "tim@example.com"}, {"Nora", "Noon", "nora@example.com"}, {"Hank", "Scorpio", "hank.scorpio@globex.example"}} {
		p := c.SignedUp(t, who[2], who[0], who[1])
		p.SignIn(t)
		people[who[0]] = p
	}
	ann := people["Ann"]
	org := ann.Org(t, "Walrus & Sons")
	ann.Invite(t, org, people["Tim"].Email, "Technical")
	people["Tim"].Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	for _, email := range []string{"eve@example.com", "bounce@simulator.amazonses.com", "old@example.com"} {
		ann.Invite(t, org, email, "Technical")
	}
	ann.Invite(t, org, people["Nora"].Email, "Admin")
	for _, name := range []string{"pmm-production", "pmm-staging"} {
		connect(t, ann, ann.Token, name)
	}
	link = c.Link(t, "eve@example.com", 0)
	if err := c.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	expire(t, c, org, ann.MemberID(t, org, "old@example.com"))
	return c, people, link
}

// Everybody can use every page: axe-core knows most of what keeps people out, and nothing is wider than
// the screen.
func TestEveryPageIsForEverybody(t *testing.T) {
	t.Parallel()
	portal(t)
	c, people, link := town(t)
	for _, who := range []string{"", "Ann", "Tim", "Nora", "Hank"} {
		t.Run("seen by "+cmp.Or(who, "nobody"), func(t *testing.T) {
			t.Parallel()
			b := blank(t, c)
			if *pictures {
				b.pretend()
			}
			if p := people[who]; p != nil {
				b.visit("/")
				b.signIn(p.Email, cloudtest.Password)
				b.see("Sign out")
			}
			for _, s := range scenes(link) {
				if s.who == who {
					b.inspect(s)
				}
			}
		})
	}
}

// inspect goes to a scene and holds it to what everybody needs, in every mode.
func (b *tab) inspect(s scene) {
	b.t.Helper()
	b.visit(strings.Replace(s.path, "/#", "/?"+s.name+"#", 1)) // so that it is a page of its own
	b.see(s.see)
	if s.then != nil {
		s.then(b)
	}
	for _, m := range modes() {
		b.show(m)
		for _, v := range b.violations(m.rules) {
			b.t.Errorf("%s, %s: %s", s.name, m.name, v)
		}
		if over := ask[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
			b.t.Errorf("%s, %s: %d pixels too wide", s.name, m.name, over)
		}
		if !ask[bool](b, "page.tabInView()") {
			b.t.Errorf("%s, %s: the tab is out of sight", s.name, m.name)
		}
		if cut := ask[int](b, "[...document.querySelectorAll('.sheet')].filter((e) => e.scrollWidth > e.clientWidth).length"); cut > 0 {
			b.t.Errorf("%s, %s: a table is cut off", s.name, m.name)
		}
		if *pictures {
			b.keep(s.name + "-" + m.name)
		}
	}
	b.show(modes()[0])
}

// show has the tab show its page in that mode.
func (b *tab) show(m mode) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: m.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(m.width, m.height))
	b.until(fmt.Sprintf("it is %d wide", m.width), fmt.Sprintf("innerWidth === %d && document.getAnimations().every((a) => a.playState !== 'running')", m.width))
}

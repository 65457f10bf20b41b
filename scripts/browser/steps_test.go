package browser

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// cloud returns the one that the tests of this package share.
func sharedCloud(t *testing.T) *cloudtest.Cloud {
	t.Helper()
	if program() == "" {
		t.Skipf("there is none of %q here: the portal is not tried in a browser", programs)
	}
	return cloudtest.Shared(t, "ROSTER_RESEND_AFTER=0")
}

// enter opens the portal and signs somebody in.
func enter(t *testing.T, p *cloudtest.Person) *tab {
	t.Helper()
	b := open(t, p.Cloud, "/")
	b.signIn(p.Email, cloudtest.Password)
	b.see("Sign out")
	return b
}

func (b *tab) signIn(email, password string) {
	b.t.Helper()
	b.fill("E-mail", email)
	b.fill("Password", password)
	b.press("Sign in")
}

func TestSomebodySignsInAndCreatesAnOrganization(t *testing.T) {
	t.Parallel()
	c := sharedCloud(t)
	b := enter(t, c.SignedUp(t, cloudtest.Address("ann"), "Ann", "Archer"))
	b.see("Hello, Ann")
	b.fill("Name of the organization", "Acme & Sons")
	b.press("Save")
	b.arrive("Organization")
	b.see("Acme & Sons is created.")
	b.see("Free")
	b.press("Home")
	b.see("You are in Acme & Sons as Admin.")
	b.press("View organization")
	b.arrive("Organization")
}

package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// company gives the CRM a company of its own, and returns somebody who is its contact, with an account.
func company(t *testing.T, c *cloudtest.Cloud, name string) *cloudtest.Person {
	t.Helper()
	p := c.SignedUp(t, cloudtest.Address("hank"), "Hank", "Hill")
	c.Do(t, "POST", "/_local/crm", "", map[string]any{
		"account": map[string]any{
			"id": strings.ReplaceAll(uuid.NewString(), "-", ""), "name": name, "new_ticket_url": "https://crm.example/new",
			"success_manager": map[string]any{"name": "Sarah Field", "email": "sarah@vendor.example"},
		},
		"contacts": []any{map[string]any{"email": p.Email, "role": "Admin"}},
		"entitlements": []any{map[string]any{
			"number": "ENT1", "name": "Premium support", "summary": "Round the clock", "total_units": "50", "software_families": []string{"MySQL"},
			"start_date": "2026-01-01", "end_date": "2027-12-31",
		}},
		"tickets": []any{
			map[string]any{"number": "CS1", "short_description": "Replica behind", "priority": "2 - High", "state": "Open", "url": "https://crm.example/1"},
			map[string]any{"number": "CS2", "short_description": "Backups", "priority": "4 - Low", "state": "Closed", "url": "javascript:alert(1)"},
		},
	}).Want(t, 200)
	return p
}

func TestAContactSeesTheirCompany(t *testing.T) {
	t.Parallel()
	c := portal(t)
	b := enter(t, company(t, c, "Globex & Söhne"))
	for _, text := range []string{
		"Globex & Söhne", "Sarah Field", "sarah@vendor.example", "Premium support", "50 units", "Replica behind", "Backups", "All states (2)",
	} {
		b.see(text)
	}
	b.choose("State", 0, "Open")
	b.miss("Backups")
	b.clipboard(browser.PermissionSettingGranted)
	b.press("Copy e-mail")
	b.see("The address is in the clipboard.")
	ask[bool](b, "document.querySelector('.notices p').old = true")
	b.press("Copy e-mail")
	b.until("it is said again", "document.querySelector('.notices p')?.old === undefined && page.sees('The address is in the clipboard.')")
	b.press("Raise a ticket")
	b.fill("What is it about?", "The backup stopped")
	b.fill("Description", "Since yesterday.\nNothing in the log.")
	b.choose("Priority", 0, "1 - Critical")
	b.press("Raise")
	b.see("is raised.")
	b.choose("State", 0, "")
	b.see("The backup stopped")
	links := ask[[]string](b, "[...document.querySelectorAll('main a')].map((a) => a.protocol)")
	for _, protocol := range links {
		if protocol != "https:" && protocol != "http:" {
			t.Errorf("a link leads to %s", protocol)
		}
	}
	b.press("Organization")
	b.see("The name is managed in the Customer Portal.")
	if b.offers("Rename the organization") {
		t.Error("a name that is managed elsewhere is offered to be changed")
	}
}

func TestWhoIsNoContactSeesNoneOfIt(t *testing.T) {
	t.Parallel()
	c := portal(t)
	hank := company(t, c, "Initech")
	hank.SignIn(t)
	org := hank.Do(t, "POST", "/v1/orgs:search", nil).Text("orgs.0.id")
	guest := join(t, hank, org, "Gus", "Gray", "Technical")
	b := enter(t, guest)
	b.see("You are in Initech as Technical.")
	b.until("the company is asked for", "!document.querySelector('main [aria-busy]')")
	if ask[bool](b, "/Entitlements|Tickets|Your company/.test(document.body.innerText)") {
		t.Error("somebody who is no contact sees the company's")
	}
}

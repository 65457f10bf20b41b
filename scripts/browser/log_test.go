package browser

import (
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
)

func TestTheActivityLogReadsAsSentences(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann := named(t, c, "Ann", "Archer")
	org := ann.Org(t, "Acme")
	adam := join(t, ann, org, "Adam", "Ash", "Admin")
	tim := join(t, ann, org, "Tim", "Tile", "Technical")
	id := ann.MemberID(t, org, tim.Email)
	adam.Do(t, "PUT", "/v1/orgs/"+org+"/members/"+id, map[string]any{"role": "Admin"}).Want(t, 200)
	adam.Do(t, "PUT", "/v1/orgs/"+org, map[string]any{"name": "Acme & Sons"}).Want(t, 200)
	eve, dot := cloudtest.Address("eve"), named(t, c, "Dot", "Dune")
	ann.Do(t, "DELETE", "/v1/orgs/"+org+"/members/"+ann.Invite(t, org, eve, "Technical"), nil).Want(t, 200)
	ann.Invite(t, org, dot.Email, "Technical")
	dot.Do(t, "POST", "/v1/invitations/"+org+":decline", nil).Want(t, 200)
	tim.Do(t, "POST", "/v1/orgs/"+org+":leave", nil).Want(t, 200)
	b := enter(t, ann)
	b.press("Activity Log")
	b.arrive("Activity Log")
	for _, sentence := range []string{
		"You created the organization Acme.", "You joined as Admin.", "You invited Adam Ash as Admin.", "Adam Ash accepted the invitation.",
		"Adam Ash changed the role of " + tim.Email + " from Technical to Admin.", "Adam Ash renamed the organization from Acme to Acme & Sons.",
		"You invited " + eve + " as Technical.", "You withdrew the invitation of " + eve + ".", dot.Email + " left, or declined the invitation.",
		tim.Email + " left the organization.",
	} {
		b.see(sentence)
	}
	other := enter(t, adam)
	other.press("Activity Log")
	other.see("Ann Archer created the organization Acme.")
	other.see("You accepted the invitation.")
}

func TestTheActivityLogHasPeriodsOrdersAndPages(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme 0")
	tim := join(t, ann, org, "Tim", "Tile", "Technical")
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"} {
		ann.Do(t, "PUT", "/v1/orgs/"+org, map[string]any{"name": "Acme " + n}).Want(t, 200)
	}
	remove(t, ann, org, tim.Email)
	b := enter(t, ann)
	b.press("Activity Log")
	b.see("from Acme 19 to Acme 20")
	b.see("You removed " + tim.Email + ".") // who was invited on the second page
	b.see("Page 1 of 2")
	b.press("Next")
	b.see("You created the organization Acme 0.")
	b.see("Page 2 of 2")
	b.choose("Order", 0, "timestamp 0")
	b.see("Page 1 of 2")
	b.see("You created the organization Acme 0.")
	b.miss("from Acme 19 to Acme 20")
	b.press("Next")
	b.see("from Acme 19 to Acme 20")
	b.reload()
	b.see("Page 2 of 2")
	b.see("from Acme 19 to Acme 20")
	b.date("To", time.Now().AddDate(0, 0, -2))
	b.see("Nothing happened in this period.")
	b.reload()
	b.see("Nothing happened in this period.")
	b.date("From", time.Now())
	b.see("This is before the first day.")
	b.date("To", time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1))
	b.see("This is no day of a year up to 9999.")
}

// date picks a day.
func (b *tab) date(label string, day time.Time) {
	b.t.Helper()
	b.until("pick a day", "page.pick("+quoted(label)+", "+quoted(day.Format(time.DateOnly))+")")
}

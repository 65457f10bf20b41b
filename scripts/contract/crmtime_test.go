package contract

import (
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
)

// crmIs has the CRM behave so until the test ends.
func crmIs(t *testing.T, c *cloudtest.Cloud, m crm.Mode) {
	t.Helper()
	if err := c.CRM.SetFault(m); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CRM.SetFault(crm.None) })
}

// TestTwoSlowAnswersAreTooMuchForOneRequest has a cloud of its own for its fault. An answer of a tired CRM
// takes more than half of the time that a request has for all of them.
func TestTwoSlowAnswersAreTooMuchForOneRequest(t *testing.T) {
	t.Parallel()
	c := cloudtest.Start(t, cloud.Options{})
	f := newFirm(t, c)
	org := f.start(t, f.admin)
	asks := func() []cloudtest.Answer {
		t.Helper()
		return []cloudtest.Answer{
			f.admin.Do(t, "POST", route(org, "/entitlements:search"), nil),
			f.admin.Do(t, "POST", route(org, "/tickets:search"), nil),
			f.admin.Do(t, "POST", route(org, "/tickets"), aTicket),
		}
	}
	for _, a := range asks() { // each function has a token of the CRM from here on
		a.Want(t, 200)
	}
	f.admin.Do(t, "GET", route(org), nil).Want(t, 200)
	crmIs(t, c, crm.Tired)
	for _, a := range asks() {
		crmDown.want(t, a)
	}
	if got := f.admin.Do(t, "GET", route(org), nil).Want(t, 200).At("contacts"); encode(t, got) != blank.Contacts {
		t.Errorf("contacts %v", got)
	}
}

// TestATicketWhoseAnswerGotLostIsRaisedOnce has a cloud of its own for its fault.
func TestATicketWhoseAnswerGotLostIsRaisedOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Start(t, cloud.Options{})
	f := newFirm(t, c)
	org := f.start(t, f.tech)
	crmIs(t, c, crm.Lost)
	crmDown.want(t, f.tech.Do(t, "POST", route(org, "/tickets"), aTicket))
	crmIs(t, c, crm.None)
	a := f.tech.Do(t, "POST", route(org, "/tickets"), aTicket).Want(t, 200)
	all := f.tech.Do(t, "POST", route(org, "/tickets:search"), nil).At("tickets").(list)
	if len(all) != 2 || all[0].(object)["number"] != a.Text("ticket.number") { // one is there from the beginning
		t.Errorf("raised %s, there are %v", a.Raw, all)
	}
}

func TestATicketsPriorityIsOneOfTheCRMs(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	f := newFirm(t, c)
	org := f.start(t, f.tech)
	for _, bad := range []string{"P1", "9 - High", "2 - Low", "urgent"} {
		want := refusal{400, 3, "invalid field Priority: value '" + bad + "' must be one of 1 - critical, 2 - high, 3 - moderate, 4 - low"}
		want.want(t, f.tech.Do(t, "POST", route(org, "/tickets"), with(aTicket, "priority", bad)))
	}
	for good, shown := range map[string]string{"": "4 - Low", "1": "1 - Critical", "HIGH": "2 - High", "3 - Moderate": "3 - Moderate"} {
		a := f.tech.Do(t, "POST", route(org, "/tickets"), with(aTicket, "priority", good)).Want(t, 200)
		if got := a.Text("ticket.priority"); got != shown {
			t.Errorf("%q is shown as %q", good, got)
		}
	}
}

package contract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
)

// onboard has the CRM say something of a contact and returns the answer.
func onboard(t testing.TB, c *cloudtest.Cloud, body object, changes ...object) cloudtest.Answer {
	t.Helper()
	for _, more := range changes {
		for path, v := range more {
			body = with(body, path, v)
		}
	}
	return c.Do(t, "POST", "/v1/orgs/members:onboard", crm.Onboarding, body)
}

// A herald is a company that nobody heard of before the CRM tells of it.
type herald struct {
	t       testing.TB
	c       *cloudtest.Cloud
	account string
}

func newHerald(t testing.TB) herald {
	t.Helper()
	return herald{t, cloudtest.Shared(t), someID()}
}

// says tells of somebody of the company and returns the organization.
func (n herald) says(email string, changes ...object) string {
	n.t.Helper()
	return onboard(n.t, n.c, onboarding(email, n.account, "Acme"), changes...).Want(n.t, 200).Text("platform_org_id")
}

// accepts has somebody sign in and accept.
func (n herald) accepts(p *cloudtest.Person, org string) {
	n.t.Helper()
	p.SignIn(n.t)
	p.Do(n.t, "POST", "/v1/invitations/"+org+":accept", nil).Want(n.t, 200)
}

var (
	asAdmin  = object{"admin": true}
	inactive = object{"active": false}
)

func TestTheFirstPersonWhoConfirmsAnOnboardingBecomesAdmin(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	tom, pia := cloudtest.Address("tom"), signedUp(t, n.c, "pia")
	org := n.says(tom)
	if got := n.says(pia.Email); got != org {
		t.Fatalf("the second is invited to %s; want %s", got, org)
	}
	l := logOf(n.c, org)
	if diff := cmp.Diff([]string{"CREATE organization", "CREATE organization_member", "CREATE organization_member"}, kinds(l.since(t))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	activate(t, n.c, n.c.Link(t, tom, 0)).Want(t, 200)
	p := &cloudtest.Person{Email: tom, Cloud: n.c}
	p.SignIn(t)
	one := orgs(t, p)[0].(object)
	if one["id"] != org || one["tier"] != "PAID" || one["name"] != "Acme" {
		t.Errorf("the organization is %v", one)
	}
	n.accepts(pia, org)
	for email, want := range map[string]string{tom: "Admin", pia.Email: "Technical"} {
		if got := roleOf(t, p, org, email); got != want {
			t.Errorf("%s is %q; want %s", email, got, want)
		}
	}
	ev := l.since(t)
	if len(ev) != 2 || ev[0].Initial != "role=Technical status=PROVISIONED" || ev[0].Result != "role=Admin status=ACTIVE" || ev[0].Role != "Admin" {
		t.Errorf("events %+v", ev)
	}
}

func kinds(all []event) []string {
	var k []string
	for _, e := range sorted(all) {
		if k = append(k, e.Action+" "+e.Type); e.Actor != "" || e.Role != "" {
			k = append(k, "by "+e.Actor+e.Role)
		}
	}
	return k
}

func TestAnOnboardedContactEntersBySigningIn(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p := signedUp(t, n.c, "ben")
	org := n.says(p.Email)
	known(t, n.c, n.account, "Acme", contact(p, "Technical"))
	if got := enter(t, p)["id"]; got != org {
		t.Fatalf("they are in %v; want %s", got, org)
	}
	if got := roleOf(t, p, org, p.Email); got != "Admin" {
		t.Errorf("the first is %q", got)
	}
}

func TestOnboardingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p := signedUp(t, n.c, "ben")
	org := n.says(p.Email)
	l := logOf(n.c, org)
	l.since(t)
	n.c.Mails(t, p.Email, 1)
	for range 2 { // of a pending row, then of a member, whatever the role is by now
		if n.says(p.Email) != org || n.says(p.Email, asAdmin) != org {
			t.Error("it is another organization")
		}
		if got := l.since(t); len(got) > 0 {
			t.Errorf("events %v", got)
		}
		n.accepts(p, org)
		l.since(t)
	}
	if got := len(n.c.Mails(t, p.Email, 1)); got != 1 {
		t.Errorf("%d mails", got)
	}
}

func TestOnboardingOutOfOrder(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p, q := signedUp(t, n.c, "ben"), signedUp(t, n.c, "ada")
	if got := n.says(p.Email, inactive); got != "" {
		t.Errorf("taking out of nothing made %q", got)
	}
	org := n.says(p.Email) // the Technical contact before the Admin
	if n.says(q.Email, inactive) != org {
		t.Error("taking out a stranger is another organization")
	}
	n.says(q.Email, asAdmin)
	n.says(p.Email, inactive)
	n.says(p.Email) // an older call that arrives late counts, as any last one does
	n.accepts(q, org)
	if m := row(t, q, org, p.Email); m == nil || m["status"] != "PROVISIONED" {
		t.Errorf("the contact's row is %v", m)
	}
}

func TestAContactThatIsNoneAnyMoreIsTakenOutAndMayComeBack(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p, q := signedUp(t, n.c, "ada"), signedUp(t, n.c, "ben")
	org := n.says(p.Email, asAdmin)
	n.accepts(p, org)
	for name, way := range map[string]object{"the contact": inactive, "the account": {"account.active": false}} {
		n.says(q.Email)
		n.accepts(q, org)
		l := logOf(n.c, org)
		l.since(t)
		n.says(q.Email, way)
		n.says(q.Email, way)
		if got := l.since(t); len(got) != 1 || got[0].Action != "DELETE" || got[0].Actor != "" || got[0].Name != q.ID {
			t.Errorf("%s: events %v", name, got)
		}
		if got := orgs(t, q); len(got) != 0 {
			t.Errorf("%s: they are still in %v", name, got)
		}
	}
	known(t, n.c, n.account, "Acme", contact(q, "Technical"))
	if got := q.Do(t, "POST", "/v1/orgs", nil).Want(t, 200).Text("org.id"); got != org {
		t.Errorf("they come back to %s; want %s", got, org)
	}
}

func TestTheLastAdminIsTakenOutOnlyWhileNobodyElseIsActive(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p, q, r := signedUp(t, n.c, "ada"), signedUp(t, n.c, "ben"), signedUp(t, n.c, "cleo")
	org := n.says(p.Email, asAdmin)
	n.accepts(p, org)
	n.says(q.Email)
	n.says(r.Email)
	n.accepts(q, org)
	lastAdmin.want(t, onboard(t, n.c, onboarding(p.Email, n.account, "Acme"), asAdmin, inactive))
	n.says(q.Email, inactive)
	n.says(p.Email, inactive) // nobody but an invited one stays behind
	if got := orgs(t, p); len(got) != 0 {
		t.Errorf("the Admin is still in %v", got)
	}
	n.accepts(r, org)
	if got := roleOf(t, r, org, r.Email); got != "Admin" {
		t.Errorf("the next to confirm is %q", got)
	}
}

func TestOnboardingBringsNobodyBackWhomAnAdminRemoved(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p, q := signedUp(t, n.c, "ada"), signedUp(t, n.c, "ben")
	org := n.says(q.Email)
	q.SignIn(t)
	nothing(t, q.Do(t, "POST", "/v1/invitations/"+org+":decline", nil))
	n.says(q.Email) // there is no Admin whom they could ask
	if got := invitations(t, q); len(got) != 1 {
		t.Fatalf("invitations %v", got)
	}
	n.says(p.Email, asAdmin)
	n.accepts(p, org)
	n.accepts(q, org)
	nothing(t, p.Do(t, "DELETE", route(org, "/members/", p.MemberID(t, org, q.Email)), nil))
	n.says(q.Email)
	if row(t, p, org, q.Email) != nil {
		t.Error("they are invited again")
	}
	p.Invite(t, org, q.Email, "Technical")
}

func TestSomebodyElsewhereIsOnboardedByAnInvitationTheyCannotAcceptYet(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	ann, free := found(t, n.c, "ann")
	org := n.says(ann.Email)
	already.wantOrg(t, ann.Do(t, "POST", "/v1/invitations/"+org+":accept", nil), free)
	nothing(t, ann.Do(t, "DELETE", route(free), nil))
	n.accepts(ann, org)
}

func TestADeletedOrganizationIsOnboardedAnew(t *testing.T) {
	t.Parallel()
	n := newHerald(t)
	p := signedUp(t, n.c, "ada")
	org := n.says(p.Email)
	n.accepts(p, org)
	nothing(t, p.Do(t, "DELETE", route(org), nil))
	if again := n.says(p.Email); again == org || again == "" {
		t.Errorf("it is %q again", again)
	}
}

func TestTwoOnboardingCredentialsAreGoodAtOnce(t *testing.T) {
	t.Parallel()
	const first, second, third = "credential-number-one-of-3", "credential-number-two-of-3", "credential-number-three-of"
	c := cloudtest.Start(t, cloud.Options{})
	c.CRM.SetOnboarding(first, second)
	call := func(credential string) cloudtest.Answer {
		return c.Do(t, "POST", "/v1/orgs/members:onboard", credential, onboarding(cloudtest.Address("bob"), someID(), "Acme"))
	}
	call(first).Want(t, 200)
	call(second).Want(t, 200)
	credentials.want(t, call(third))
	credentials.want(t, call(crm.Onboarding))
	authentication.want(t, call(""))
	c.CRM.SetOnboarding(third, "short")
	c.Function("member-onboard").Kill() // a process notices by itself, in a while
	call(third).Want(t, 200)
	credentials.want(t, call(first))
	credentials.want(t, call("short"))
}

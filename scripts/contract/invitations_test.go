package contract

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
)

func accept(t testing.TB, p *cloudtest.Person, org string) cloudtest.Answer {
	t.Helper()
	return p.Do(t, "POST", "/v1/invitations/"+org+":accept", nil)
}

func follow(t testing.TB, p *cloudtest.Person, link string) cloudtest.Answer {
	t.Helper()
	return p.Do(t, "POST", "/v1/invitations:accept", object{"activation_token": link})
}

// TestInvitedPeopleArePendingAtOnce, with an account or without, and become members by confirming.
func TestInvitedPeopleArePendingAtOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia, otto := c.Person(t, "Pia"), c.Person(t, "otto")
	otto.Org(t, "Otto's") // being in another organization is not told to the inviter
	for _, email := range []string{pia.Email, otto.Email, cloudtest.Address("bob")} {
		nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(email, "Technical")))
		r := row(t, ann, org, email)
		if r["status"] != "PROVISIONED" || r["first_name"] != "" || r["last_name"] != "" {
			t.Errorf("row %v; want it pending, without names", r)
		}
	}
	notMember.want(t, pia.Do(t, "GET", route(org), nil))
	if a := accept(t, pia, org).Want(t, 200); a.Text("org.id") != org || a.Text("org.name") != "ann's" {
		t.Errorf("accepted %s", a.Raw)
	}
	if r := row(t, pia, org, pia.Email); r["status"] != "ACTIVE" || r["first_name"] != "Pia" || r["role"] != "Technical" || r["invitation"] != nil {
		t.Errorf("row %v; want an active Technical", r)
	}
}

// TestAcceptingWorksBeforeTheMailWentOut: nobody waits for a mail here.
func TestAcceptingWorksBeforeTheMailWentOut(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	for range 3 {
		pia := c.Person(t, "pia")
		ann.Invite(t, org, pia.Email, "Admin")
		accept(t, pia, org).Want(t, 200)
		accept(t, pia, org).Want(t, 200) // and again is the same
	}
}

func TestInvitationsSearchShowsWhatIsOpen(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "Ann")
	pia := c.Person(t, "pia")
	id := ann.Invite(t, org, pia.Email, "Technical")
	got := invitations(t, pia)
	want := object{
		"id": org, "org_id": org, "org_name": "Ann's", "role": "Technical", "invited_by": "Ann Test",
		"sent_at": got[0].(object)["sent_at"], "expires_at": invitation(t, ann, org, pia.Email)["expires_at"],
	}
	if diff := cmp.Diff(list{want}, got); diff != "" {
		t.Errorf("invitations (-want +got):\n%s", diff)
	}
	mailed(t, c, org, id)
	if got := invitations(t, pia)[0].(object); got["sent_at"] != invitation(t, ann, org, pia.Email)["sent_at"] || got["sent_at"] == nil {
		t.Errorf("sent at %v", got["sent_at"])
	}
	bea, second := found(t, c, "bea")
	bea.Invite(t, second, pia.Email, "Admin")
	if got := invitations(t, pia); len(got) != 2 {
		t.Errorf("%d invitations; want those of both organizations", len(got))
	}
	if other := c.Person(t, "other"); len(invitations(t, other)) != 0 {
		t.Error("somebody else sees them")
	}
}

// TestInvitationsSearchShowsNothingElse: what is over is not open.
func TestInvitationsSearchShowsNothingElse(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for name, end := range map[string]func(t *testing.T, ann, pia *cloudtest.Person, org, id string){
		"expired":  func(t *testing.T, _, _ *cloudtest.Person, org, id string) { expire(t, c, org, id) },
		"swept":    func(t *testing.T, _, _ *cloudtest.Person, org, id string) { sweep(t, c, org, id) },
		"accepted": func(t *testing.T, _, pia *cloudtest.Person, org, _ string) { accept(t, pia, org).Want(t, 200) },
		"declined": func(t *testing.T, _, pia *cloudtest.Person, org, _ string) {
			nothing(t, pia.Do(t, "POST", "/v1/invitations/"+org+":decline", nil))
		},
		"revoked": func(t *testing.T, ann, _ *cloudtest.Person, org, id string) {
			nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
		},
		"deleted": func(t *testing.T, ann, _ *cloudtest.Person, org, _ string) {
			nothing(t, ann.Do(t, "DELETE", route(org), nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann, org := found(t, c, "ann")
			pia := c.Person(t, "pia")
			id := ann.Invite(t, org, pia.Email, "Technical")
			end(t, ann, pia, org, id)
			if got := invitations(t, pia); len(got) != 0 {
				t.Errorf("invitations %v; want none", got)
			}
		})
	}
}

func TestTheRoleIsTheRowsAtThatMoment(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia, bob := c.Person(t, "pia"), cloudtest.Address("bob")
	first, second := ann.Invite(t, org, pia.Email, "Technical"), ann.Invite(t, org, bob, "Admin")
	link := c.Link(t, bob, 0)
	if got := validate(t, c, link).Text("role"); got != "Admin" {
		t.Errorf("ValidateToken: %s", got)
	}
	a := ann.Do(t, "PUT", route(org, "/members/", first), object{"role": "Admin"}).Want(t, 200)
	if a.Text("member.role") != "Admin" || a.Text("member.status") != "PROVISIONED" {
		t.Errorf("answer %s", a.Raw)
	}
	ann.Do(t, "PUT", route(org, "/members/", second), object{"role": "Technical"}).Want(t, 200)
	if got := validate(t, c, link).Text("role"); got != "Technical" {
		t.Errorf("ValidateToken after the change: %s", got)
	}
	if got := invitations(t, pia)[0].(object)["role"]; got != "Admin" {
		t.Errorf("invitations:search: %s", got)
	}
	accept(t, pia, org).Want(t, 200)
	nothing(t, activate(t, c, link))
	for email, want := range map[string]string{pia.Email: "Admin", bob: "Technical"} {
		if got := row(t, ann, org, email)["role"]; got != want {
			t.Errorf("%s is %s; want %s", email, got, want)
		}
	}
}

func TestDecliningRemovesTheRow(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia := c.Person(t, "pia")
	ann.Invite(t, org, pia.Email, "Technical")
	link := c.Link(t, pia.Email, 0)
	missing := refusal{404, 5, "Invitation not found."}
	decline := func() cloudtest.Answer { return pia.Do(t, "POST", "/v1/invitations/"+org+":decline", nil) }
	nothing(t, decline())
	if row(t, ann, org, pia.Email) != nil {
		t.Error("the row is still there")
	}
	missing.want(t, decline())
	missing.want(t, accept(t, pia, org))
	deadLink.want(t, validate(t, c, link))
	deadLink.want(t, follow(t, pia, link))
	ann.Invite(t, org, pia.Email, "Admin") // and may be asked again
	accept(t, pia, org).Want(t, 200)
	missing.want(t, decline())
}

func TestAcceptingFromAnotherOrganizationIsRefused(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	otto := c.Person(t, "otto")
	another := otto.Org(t, "Otto's")
	ann.Invite(t, org, otto.Email, "Technical")
	link := c.Link(t, otto.Email, 0)
	already.wantOrg(t, accept(t, otto, org), another)
	already.wantOrg(t, follow(t, otto, link), another)
	if r := row(t, ann, org, otto.Email); r["status"] != "PROVISIONED" {
		t.Errorf("row %v; want it pending still", r)
	}
	nothing(t, otto.Do(t, "DELETE", route(another), nil))
	follow(t, otto, link).Want(t, 200)
	if got := orgs(t, otto); len(got) != 1 || got[0].(object)["id"] != org {
		t.Errorf("orgs %v; want the one that invited", got)
	}
}

// TestTheRemovedMayComeBackAtOnce: removing and inviting again has no cool-down.
func TestTheRemovedMayComeBackAtOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	id := ann.MemberID(t, org, tom.Email)
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
	notMember.want(t, tom.Do(t, "GET", route(org), nil))
	noSuchMember.want(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
	if got := orgs(t, tom); len(got) != 0 {
		t.Errorf("orgs %v; want none", got)
	}
	tom.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200) // the account is kept
	ann.Invite(t, org, tom.Email, "Admin")
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
	ann.Invite(t, org, tom.Email, "Admin")
	accept(t, tom, org).Want(t, 200)
	if r := row(t, ann, org, tom.Email); r["role"] != "Admin" || r["status"] != "ACTIVE" {
		t.Errorf("row %v; want an active Admin", r)
	}
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
	tom.Org(t, "Tom's")
}

// TestResendingSoonIsRefused within the cool-down since the row's last mail, and says how long.
func TestResendingSoonIsRefused(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	bob := cloudtest.Address("bob")
	id := ann.Invite(t, org, bob, "Technical")
	again := func() cloudtest.Answer { return ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil) }
	mailed(t, c, org, id)
	for range 2 {
		a := again().Want(t, 429)
		retryAfter(t, a, 60)
		if a.At("code") != 8.0 || a.Text("message") == "" {
			t.Errorf("answer %s", a.Raw)
		}
	}
	tableOf(c).set(t, "ORG#"+org, "INVITATION#"+id, "queued_at", time.Now().UTC().Add(-time.Minute).Format("2006-01-02T15:04:05.000000Z"))
	nothing(t, again())
	again().Want(t, 429)
	tom := ann.Join(t, org, "tom", "Technical")
	isActive.want(t, ann.Do(t, "POST", route(org, "/members/", ann.MemberID(t, org, tom.Email), ":reactivate"), nil))
	isActive.want(t, ann.Do(t, "POST", route(org, "/members/", ann.MemberID(t, org, ann.Email), ":reactivate"), nil))
}

package contract

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"roster/scripts/local/cloud/cloudtest"
)

// linked returns an organization, its Admin, and a live link to somebody without an account.
func linked(t testing.TB, c *cloudtest.Cloud) (ann *cloudtest.Person, org, email, id, link string) {
	t.Helper()
	ann, org = found(t, c, "ann")
	email = cloudtest.Address("bob")
	id = ann.Invite(t, org, email, "Technical")
	return ann, org, email, id, c.Link(t, email, 0)
}

func TestALinkIsURLSafeAndHoldsNoDot(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	_, _, _, _, link := linked(t, c)
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{40,}$`).MatchString(link) {
		t.Errorf("link %q", link)
	}
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{40,}$`).MatchString(state) || state == link {
		t.Errorf("state token %q", state)
	}
}

func TestLookingAtALinkDoesNotConsumeIt(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org, email, _, link := linked(t, c)
	seen := map[string]bool{}
	for range 3 {
		a := validate(t, c, link).Want(t, 200)
		seen[a.Text("state_token")] = true
		if a.Text("email") != email || a.Text("org_name") != "ann's" || a.Text("role") != "Technical" || a.At("account_exists") != false {
			t.Errorf("answer %s", a.Raw)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d state tokens; want three", len(seen))
	}
	for state := range seen { // each of them opens, and the first that does consumes the link
		nothing(t, post(t, c, "ActivateProfile", profile(state)))
		break
	}
	for state := range seen {
		deadLink.want(t, post(t, c, "ActivateProfile", profile(state)))
	}
	deadLink.want(t, validate(t, c, link))
	if r := row(t, ann, org, email); r["status"] != "ACTIVE" {
		t.Errorf("row %v", r)
	}
}

// TestEveryDeadLinkIsRefusedInTheSameWords wherever it is used, so that nobody learns why.
func TestEveryDeadLinkIsRefusedInTheSameWords(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for name, kill := range map[string]func(t *testing.T, ann *cloudtest.Person, org, id, link string){
		"used": func(t *testing.T, _ *cloudtest.Person, _, _, link string) { nothing(t, activate(t, c, link)) },
		"revoked": func(t *testing.T, ann *cloudtest.Person, org, id, _ string) {
			nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
		},
		"revoked, and invited again": func(t *testing.T, ann *cloudtest.Person, org, id, _ string) {
			email := ann.Do(t, "POST", route(org, "/members:search"), nil).Text("members.1.username")
			nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
			ann.Invite(t, org, email, "Admin")
			mailed(t, c, org, id)
		},
		"expired": func(t *testing.T, _ *cloudtest.Person, org, id, _ string) { expire(t, c, org, id) },
		"swept":   func(t *testing.T, _ *cloudtest.Person, org, id, _ string) { sweep(t, c, org, id) },
		"of a deleted organization": func(t *testing.T, ann *cloudtest.Person, org, _, _ string) {
			nothing(t, ann.Do(t, "DELETE", route(org), nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann, org, _, id, link := linked(t, c)
			state := validate(t, c, link).Want(t, 200).Text("state_token")
			kill(t, ann, org, id, link)
			deadLink.want(t, validate(t, c, link))
			deadLink.want(t, post(t, c, "ActivateProfile", profile(state)))
		})
	}
	_, _, _, _, link := linked(t, c)
	for name, wrong := range map[string]string{
		"another secret": link[:len(link)-5] + "AAAAA", "cut off": link[:len(link)-1], "longer": link + "A", "with a dot": link[:40] + "." + link[40:],
		"padded": link + "==", "with a line break": link + "\n", "with space": " " + link, "garbage": "garbage", "of nobody": strings.Repeat("A", 86),
		"in upper case": strings.ToUpper(link),
	} {
		t.Run(name, func(t *testing.T) {
			deadLink.want(t, validate(t, c, wrong))
			deadLink.want(t, post(t, c, "ActivateProfile", profile(wrong)))
		})
	}
	deadLink.want(t, post(t, c, "ActivateProfile", profile(link))) // a link is no state token
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	deadLink.want(t, validate(t, c, state)) // nor the other way round
}

func TestAStateTokenLivesFiveMinutes(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	_, org, _, _, link := linked(t, c)
	begun := time.Now()
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	tb := tableOf(c)
	items := tb.partition(t, "ORG#"+org, "STATE#")
	if len(items) != 1 {
		t.Fatalf("items %v; want one", items)
	}
	ends, err := time.Parse(time.RFC3339, items[0]["expires_at"].(string))
	if err != nil || ends.Before(begun.Add(5*time.Minute-time.Second)) || ends.After(time.Now().Add(5*time.Minute)) {
		t.Errorf("it ends at %v, %v; want five minutes on", ends, err)
	}
	past := time.Now().UTC().Add(-time.Second).Format("2006-01-02T15:04:05.000000Z")
	tb.set(t, "ORG#"+org, items[0]["SK"].(string), "expires_at", past)
	deadLink.want(t, post(t, c, "ActivateProfile", profile(state)))
	nothing(t, activate(t, c, link)) // the link itself lives on
}

// TestARefusedActivationConsumesNothing, neither the link nor the state token.
func TestARefusedActivationConsumesNothing(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org, email, _, link := linked(t, c)
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	for path, value := range map[string]any{
		"password": "short", "profile.tos": false, "profile.first_name": "", "profile.last_name": "", "profile": nil,
	} {
		post(t, c, "ActivateProfile", with(profile(state), path, value)).Want(t, 400)
	}
	refusal{400, 3, "Incorrect username or password."}.want(t, post(t, c, "SignIn", pair(email, cloudtest.Password)))
	if r := row(t, ann, org, email); r["status"] != "PROVISIONED" {
		t.Errorf("row %v; want it pending", r)
	}
	nothing(t, post(t, c, "ActivateProfile", profile(state)))
}

// TestActivatingMakesAnAccount with the names, consents and password given, and a member of it.
func TestActivatingMakesAnAccount(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org, email, id, link := linked(t, c)
	state := validate(t, c, link).Want(t, 200).Text("state_token")
	nothing(t, post(t, c, "ActivateProfile", object{
		"profile":  object{"first_name": " Bob ", "last_name": "Berg", "tos": true, "marketing": true},
		"password": "Narwhal88horn", "token": state,
	}))
	p := &cloudtest.Person{Email: email, Cloud: c}
	p.Token = post(t, c, "SignIn", pair(email, "Narwhal88horn")).Want(t, 200).Text("access_token")
	a := p.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200)
	if a.Raw != `{"email":"`+email+`","first_name":"Bob","last_name":"Berg","tos":true,"marketing":true}` {
		t.Errorf("profile %s", a.Raw)
	}
	if got := orgs(t, p); len(got) != 1 || got[0].(object)["id"] != org {
		t.Errorf("orgs %v; want the one that invited", got)
	}
	r := row(t, ann, org, email)
	if r["status"] != "ACTIVE" || r["role"] != "Technical" || r["first_name"] != "Bob" || r["member_id"] != id || r["invitation"] != nil {
		t.Errorf("row %v", r)
	}
	if got := invitations(t, p); len(got) != 0 {
		t.Errorf("invitations %v; want none", got)
	}
	follow(t, p, link).Want(t, 200) // what this account accepted already is the same organization
}

// TestAnAddressWithAnAccountSignsInToAccept: its password is never touched by a link.
func TestAnAddressWithAnAccountSignsInToAccept(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia, eve := c.Person(t, "pia"), c.Person(t, "eve")
	ann.Invite(t, org, strings.ToUpper(pia.Email), "Admin")
	link := c.Link(t, pia.Email, 0)
	a := validate(t, c, link).Want(t, 200)
	if a.At("account_exists") != true || a.Text("email") != strings.ToUpper(pia.Email) {
		t.Errorf("answer %s", a.Raw)
	}
	body := with(profile(a.Text("state_token")), "password", "Narwhal-88-horn")
	hasAccount.want(t, post(t, c, "ActivateProfile", body))
	hasAccount.want(t, post(t, c, "ActivateProfile", body)) // nothing was consumed
	pia.SignIn(t)
	refusal{403, 7, "The invitation is addressed to another e-mail address."}.want(t, follow(t, eve, link))
	if got := follow(t, pia, link).Want(t, 200).Text("org.id"); got != org {
		t.Errorf("joined %s; want %s", got, org)
	}
	follow(t, pia, link).Want(t, 200)
	accept(t, pia, org).Want(t, 200)
	refusal{403, 7, "The invitation is addressed to another e-mail address."}.want(t, follow(t, eve, link))
	if r := row(t, ann, org, pia.Email); r["username"] != pia.Email || r["role"] != "Admin" {
		t.Errorf("row %v; want the account's spelling", r)
	}
}

// TestActivatingIsRefusedToAMemberElsewhere: an operator gave them a temporary password, which is how
// an account that was never finished looks too.
func TestActivatingIsRefusedToAMemberElsewhere(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia := c.Person(t, "pia")
	other := pia.Org(t, "Walrus")
	ann.Invite(t, org, pia.Email, "Admin")
	state := validate(t, c, c.Link(t, pia.Email, 0)).Want(t, 200).Text("state_token")
	pool := cip.New(cip.Options{Region: c.Pool.Region, BaseEndpoint: &c.Pool.Endpoint, Credentials: aws.AnonymousCredentials{}})
	_, err := pool.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
		UserPoolId: &c.Pool.PoolID, Username: &pia.Email, Password: aws.String("Temporary-77"),
	})
	if err != nil {
		t.Fatal(err)
	}
	a := post(t, c, "ActivateProfile", profile(state))
	if a.Raw != `{"code":6,"message":"You are already a member of an organization.","details":[{"org_id":"`+other+`"}]}` || a.Status != 409 {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
}

// TestAnExpiredInvitationIsRefusedEverywhere, but its row stays until it is resent.
func TestAnExpiredInvitationIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	expired := refusal{400, 9, "The invitation has expired."}
	for name, end := range map[string]func(*testing.T, string, string){
		"expired": func(t *testing.T, org, id string) { expire(t, c, org, id) },
		"swept":   func(t *testing.T, org, id string) { sweep(t, c, org, id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann, org := found(t, c, "ann")
			pia := c.Person(t, "pia")
			id := ann.Invite(t, org, pia.Email, "Admin")
			link := c.Link(t, pia.Email, 0)
			end(t, org, id)
			expired.want(t, accept(t, pia, org))
			expired.want(t, follow(t, pia, link))
			alreadyMember.want(t, ann.Do(t, "POST", route(org, "/members"), invite(pia.Email, "Admin")))
			if r := row(t, ann, org, pia.Email); r == nil || r["status"] != "PROVISIONED" {
				t.Errorf("row %v; want it to stay", r)
			}
		})
	}
}

package contract

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
)

// The subjects of the pool's mails, which the portal's tests look for.
const (
	activationSubject = "Percona Account Activation"
	resetSubject      = "Account password reset"
)

// newcomer is a good body for SignUp.
func newcomer(email string) object {
	return object{"email": email, "first_name": "Una", "last_name": "Noon", "password": cloudtest.Password}
}

var digits = regexp.MustCompile(`(?m)^\d{6}$`)

// code waits for the nth mail to an address, which has that subject, and returns the code in it.
func code(t testing.TB, c *cloudtest.Cloud, email, subject string, n int) string {
	t.Helper()
	mail := c.Mails(t, email, n)[0].(object)
	found := digits.FindString(mail["text"].(string))
	if mail["subject"] != subject || found == "" || found != digits.FindString(mail["html"].(string)) {
		t.Fatalf("mail %v; want a code under %q", mail, subject)
	}
	return found
}

// other returns a code that is not the one given.
func other(code string) string {
	if code == "123456" {
		return "654321"
	}
	return "123456"
}

func TestASessionSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann := c.Person(t, "ann")
	begun := time.Now()
	a := signIn(t, ann)
	lives := time.Duration(a.At("expires_in").(float64)) * time.Second
	ends, err := time.Parse(time.RFC3339, a.Text("expire_time"))
	if err != nil || lives <= 0 || ends.Before(begun.Add(lives-time.Second)) || ends.After(time.Now().Add(lives+time.Second)) {
		t.Errorf("%s, %v; want expire_time to be expires_in from now", a.Raw, err)
	}
	if a.Text("token_type") != "Bearer" || a.At("session_id") != "" {
		t.Errorf("answer %s", a.Raw)
	}
	nothing(t, ann.Do(t, "POST", "/v1/auth/SignOut", nil))
}

// TestAddressesCompareNormalizedAtSignIn in letter case, space around and the domain's form.
func TestAddressesCompareNormalizedAtSignIn(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	local := strings.TrimSuffix(cloudtest.Address("Ida"), "@example.com")
	nothing(t, post(t, c, "SignUp", newcomer(local+"@bücher.example")))
	right := code(t, c, local+"@bücher.example", activationSubject, 1)
	nothing(t, post(t, c, "ConfirmSignUp", object{"email": local + "@xn--bcher-kva.example", "code": right}))
	for _, spelling := range []string{
		local + "@bücher.example", strings.ToLower(local) + "@BÜCHER.EXAMPLE", " " + local + "@xn--bcher-kva.example\t", strings.ToUpper(local) + "@XN--BCHER-KVA.example",
	} {
		post(t, c, "SignIn", pair(spelling, cloudtest.Password)).Want(t, 200)
	}
	wrongPair.want(t, post(t, c, "SignIn", pair(local+"@bucher.example", cloudtest.Password)))
}

func TestSigningUpWithTheCodeFromTheMail(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	una := "Una" + cloudtest.Address("una")
	nothing(t, post(t, c, "SignUp", newcomer(una)))
	refusal{400, 9, "The account is not confirmed yet."}.want(t, post(t, c, "SignIn", pair(una, cloudtest.Password)))
	first := code(t, c, una, activationSubject, 1)
	wrongCode.want(t, post(t, c, "ConfirmSignUp", object{"email": una, "code": other(first)}))
	nothing(t, post(t, c, "SignUp", newcomer(strings.ToLower(una)))) // an unconfirmed one gets a new code
	second := code(t, c, una, activationSubject, 2)
	if first != second {
		wrongCode.want(t, post(t, c, "ConfirmSignUp", object{"email": una, "code": first}))
	}
	nothing(t, post(t, c, "ConfirmSignUp", object{"email": strings.ToUpper(una), "code": second}))
	wrongCode.want(t, post(t, c, "ConfirmSignUp", object{"email": una, "code": second}))
	p := &cloudtest.Person{Email: una, Cloud: c}
	p.SignIn(t)
	a := p.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200)
	if a.Raw != `{"email":"`+una+`","first_name":"Una","last_name":"Noon","tos":false,"marketing":false}` {
		t.Errorf("profile %s", a.Raw)
	}
	p.Org(t, "Una's")
}

// TestSigningUpTellsNobodyWhoHasAnAccount: the answer is the same, and the address gets a mail that
// says so.
func TestSigningUpTellsNobodyWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann := c.Person(t, "ann")
	body := with(newcomer(strings.ToUpper(ann.Email)), "password", "Narwhal-88-horn")
	nothing(t, post(t, c, "SignUp", body))
	mail := c.Mails(t, ann.Email, 1)[0].(object)
	if mail["subject"] == activationSubject || !strings.Contains(mail["text"].(string), "has an account already") || digits.MatchString(mail["text"].(string)) {
		t.Errorf("mail %v; want one that says that there is an account, without a code", mail)
	}
	ann.SignIn(t) // with the password that it had
	if a := ann.Do(t, "POST", "/v1/auth/GetProfile", nil); a.Text("first_name") != "ann" {
		t.Errorf("profile %s; want it untouched", a.Raw)
	}
	wrongPair.want(t, post(t, c, "SignIn", pair(ann.Email, "Narwhal-88-horn")))
}

func TestRefreshingKeepsTheRefreshToken(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann := c.Person(t, "ann")
	token := signIn(t, ann).Text("refresh_token")
	for range 2 {
		a := post(t, c, "RefreshSession", object{"refresh_token": token}).Want(t, 200)
		if a.Text("refresh_token") != token || a.Text("access_token") == ann.Token {
			t.Errorf("answer %s; want the same refresh token and another access token", a.Raw)
		}
		ann.Token = a.Text("access_token")
		ann.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200)
	}
	nothing(t, ann.Do(t, "POST", "/v1/auth/SignOut", nil))
	credentials.want(t, post(t, c, "RefreshSession", object{"refresh_token": token}))
	credentials.want(t, post(t, c, "RefreshSession", object{"refresh_token": "x"}))
}

// TestSigningOutEndsEverySessionAtOnce and no later one.
func TestSigningOutEndsEverySessionAtOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Admin")
	phone, laptop := signIn(t, tom), *tom
	nothing(t, tom.Do(t, "POST", "/v1/auth/SignOut", nil))
	for _, token := range []string{tom.Token, laptop.Token, phone.Text("access_token")} {
		for _, r := range []string{"POST /v1/orgs:search", "GET " + route(org), "POST /v1/auth/GetProfile", "POST /v1/auth/SignOut", "POST /v1/invitations:search"} {
			method, path, _ := strings.Cut(r, " ")
			credentials.want(t, c.Do(t, method, path, token, nil))
		}
	}
	credentials.want(t, post(t, c, "RefreshSession", object{"refresh_token": phone.Text("refresh_token")}))
	ann.Do(t, "GET", route(org), nil).Want(t, 200)
	tom.SignIn(t)
	tom.Do(t, "GET", route(org), nil).Want(t, 200)
}

func TestResettingThePassword(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann := c.Person(t, "ann")
	reset := func(email string) { nothing(t, post(t, c, "ResetPassword", object{"email": email})) }
	try := func(code, password string) cloudtest.Answer {
		return post(t, c, "ConfirmResetPassword", object{"email": ann.Email, "code": code, "password": password})
	}
	reset(strings.ToUpper(ann.Email))
	old := code(t, c, ann.Email, resetSubject, 1)
	reset(ann.Email)
	now := code(t, c, ann.Email, resetSubject, 2)
	wrongCode.want(t, try(other(now), "Narwhal-88-horn"))
	if old != now {
		wrongCode.want(t, try(old, "Narwhal-88-horn"))
	}
	try(now, "narwhal").Want(t, 400)
	post(t, c, "SignIn", pair(ann.Email, cloudtest.Password)).Want(t, 200) // nothing has changed yet
	nothing(t, try(now, "Narwhal-88-horn"))
	wrongCode.want(t, try(now, "Narwhal-99-horn"))
	wrongPair.want(t, post(t, c, "SignIn", pair(ann.Email, cloudtest.Password)))
	post(t, c, "SignIn", pair(ann.Email, "Narwhal-88-horn")).Want(t, 200)
	nobody := cloudtest.Address("nobody")
	reset(nobody) // the same answer
	if got := c.Do(t, "GET", "/_local/mail?to="+nobody, "", nil).At("mails").(list); len(got) != 0 {
		t.Errorf("mails %v to nobody", got)
	}
}

// TestConsentsChangeOnlyWhenPresent and new names are seen at once, in the members' list too.
func TestConsentsChangeOnlyWhenPresent(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	for _, step := range []struct {
		body           object
		tos, marketing bool
	}{
		{object{"first_name": "Tom", "last_name": "One"}, false, false},
		{object{"first_name": "Tom", "last_name": "Two", "tos": true}, true, false},
		{object{"first_name": "Tom", "last_name": "Three", "marketing": true}, true, true},
		{object{"first_name": "Tom", "last_name": "Four", "tos": nil}, true, true},
		{object{"firstName": " Tom ", "lastName": "Five", "tos": false, "marketing": false}, false, false},
	} {
		nothing(t, tom.Do(t, "POST", "/v1/auth/UpdateProfile", step.body))
		a := tom.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200)
		last, _ := step.body["last_name"].(string)
		if last == "" {
			last = "Five"
		}
		if a.At("tos") != step.tos || a.At("marketing") != step.marketing || a.Text("first_name") != "Tom" || a.Text("last_name") != last {
			t.Errorf("profile %s after %v", a.Raw, step.body)
		}
		if r := row(t, ann, org, tom.Email); r["first_name"] != "Tom" || r["last_name"] != last {
			t.Errorf("row %v after %v", r, step.body)
		}
	}
	tom.SignIn(t) // the pool's own names do not come back
	if r := row(t, tom, org, tom.Email); r["last_name"] != "Five" {
		t.Errorf("row %v after signing in", r)
	}
}

// TestAnUnverifiedEMailOpensNothing, not even what needs no organization.
func TestAnUnverifiedEMailOpensNothing(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	uma := unproven(t, c)
	for _, r := range requests(t) {
		if r.access != anybody {
			path := strings.NewReplacer("{org}", someID(), "{invitation}", someID(), "{member}", someID()).Replace(r.path)
			unverified.want(t, c.Do(t, r.method, path, uma, nil))
		}
	}
}

// TestAnOperatorsDeletionEndsAnAccountAtOnce in the local cloud.
func TestAnOperatorsDeletionEndsAnAccountAtOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Admin")
	session := signIn(t, tom)
	closeAccount(t, tom)
	for _, token := range []string{tom.Token, session.Text("access_token")} {
		credentials.want(t, c.Do(t, "POST", "/v1/orgs:search", token, nil))
		credentials.want(t, c.Do(t, "GET", route(org), token, nil))
		credentials.want(t, c.Do(t, "POST", "/v1/orgs", token, object{"name": "x"}))
	}
	credentials.want(t, post(t, c, "RefreshSession", object{"refresh_token": session.Text("refresh_token")}))
	wrongPair.want(t, post(t, c, "SignIn", pair(tom.Email, cloudtest.Password)))
	if row(t, ann, org, tom.Email) != nil {
		t.Error("the membership is still there")
	}
	lastAdmin.want(t, ann.Do(t, "POST", route(org, ":leave"), nil))
	again := c.SignedUp(t, tom.Email, "Tom", "Again")
	again.SignIn(t)
	if got := orgs(t, again); len(got) != 0 {
		t.Errorf("orgs %v; want a fresh start", got)
	}
	again.Org(t, "Tom's own")
	credentials.want(t, c.Do(t, "POST", "/v1/orgs:search", tom.Token, nil)) // the earlier account stays dead
}

// TestTheRowOfASoleAdminStays until an operator names another, and opens nothing to anybody.
func TestTheRowOfASoleAdminStays(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	closeAccount(t, ann)
	credentials.want(t, ann.Do(t, "GET", route(org), nil))
	r := row(t, tom, org, ann.Email)
	if r == nil || r["role"] != "Admin" || r["status"] != "ACTIVE" {
		t.Errorf("row %v; want the Admin's to stay", r)
	}
	again := c.SignedUp(t, ann.Email, "Ann", "Again")
	again.SignIn(t)
	notMember.want(t, again.Do(t, "GET", route(org), nil))
	if got := orgs(t, again); len(got) != 0 {
		t.Errorf("orgs %v; want none for another account of that address", got)
	}
	again.Org(t, "Ann's own")
	nothing(t, tom.Do(t, "POST", route(org, ":leave"), nil))
}

// TestAPendingInvitationOutlivesTheAccount of its address: it was to the address.
func TestAPendingInvitationOutlivesTheAccount(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia := c.Person(t, "pia")
	ann.Invite(t, org, pia.Email, "Technical")
	c.Do(t, "DELETE", "/_local/accounts/"+url.PathEscape(pia.Email), "", nil).Want(t, 200)
	if a := validate(t, c, c.Link(t, pia.Email, 0)).Want(t, 200); a.At("account_exists") != false {
		t.Errorf("answer %s", a.Raw)
	}
	nothing(t, activate(t, c, c.Link(t, pia.Email, 0)))
	if r := row(t, ann, org, pia.Email); r["status"] != "ACTIVE" {
		t.Errorf("row %v", r)
	}
}

package contract

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
)

// operator is who calls the pool with AWS's credentials.
func operator(c *cloudtest.Cloud) *cip.Client {
	return cip.New(cip.Options{Region: c.Pool.Region, BaseEndpoint: &c.Pool.Endpoint, Credentials: aws.AnonymousCredentials{}})
}

// acts returns what somebody did without an object, as an Admin reads it, the oldest first.
func acts(t testing.TB, reader, who *cloudtest.Person) []string {
	t.Helper()
	a := find(t, reader, object{
		"page_params": object{"page_size": 100}, "sorting_params": object{"field_name": "timestamp", "order": 0},
		"filters": list{filter("okta_user_id", 0, who.ID), filter("action_type", 0, list{"LOG_IN", "LOG_OUT", "CHANGE_PASSWORD"})},
	})
	var all []string
	for _, e := range a.At("events").(list) {
		e := e.(object)
		if len(e["objects"].(list)) != 0 || e["user_role"] == "" || e["request_id"] == "" {
			t.Errorf("event %v", e)
		}
		all = append(all, e["action_type"].(string))
	}
	return all
}

// TestWhatMembersDoInThePoolIsInTheLog: signing in and out and changing a password, whoever causes it,
// and neither refreshing a session nor what somebody does who is no member.
func TestWhatMembersDoInThePoolIsInTheLog(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	pool := operator(c)
	name := &tom.Email
	var want []string
	for _, step := range []struct {
		what string
		do   func()
		logs string
	}{
		{"joining", func() {}, ""},
		{"signing in", func() { tom.SignIn(t) }, "LOG_IN"},
		{"refreshing", func() {
			token := signIn(t, tom).Text("refresh_token")
			c.Do(t, "POST", "/v1/auth/RefreshSession", "", object{"refresh_token": token}).Want(t, 200)
		}, "LOG_IN"},
		{"a wrong password", func() {
			wrongPair.want(t, c.Do(t, "POST", "/v1/auth/SignIn", "", object{"email": tom.Email, "password": "Wrong-77-tusk"}))
		}, ""},
		{"signing out", func() { nothing(t, tom.Do(t, "POST", "/v1/auth/SignOut", nil)) }, "LOG_OUT"},
		{"an operator's sign-out", func() {
			_, err := pool.AdminUserGlobalSignOut(t.Context(), &cip.AdminUserGlobalSignOutInput{UserPoolId: &c.Pool.PoolID, Username: name})
			must(t, err)
		}, "LOG_OUT"},
		{"asking for a code", func() { nothing(t, c.Do(t, "POST", "/v1/auth/ResetPassword", "", object{"email": tom.Email})) }, ""},
		{"a wrong code", func() {
			wrongCode.want(t, c.Do(t, "POST", "/v1/auth/ConfirmResetPassword", "", object{"email": tom.Email, "code": "x", "password": cloudtest.Password}))
		}, ""},
		{"setting a new password", func() {
			code := latestCode(t, c, tom.Email)
			nothing(t, c.Do(t, "POST", "/v1/auth/ConfirmResetPassword", "", object{"email": tom.Email, "code": code, "password": cloudtest.Password}))
		}, "CHANGE_PASSWORD"},
		{"an operator's new password", func() {
			_, err := pool.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
				UserPoolId: &c.Pool.PoolID, Username: name, Password: aws.String(cloudtest.Password), Permanent: true,
			})
			must(t, err)
		}, "CHANGE_PASSWORD"},
	} {
		step.do()
		if step.logs != "" {
			want = append(want, step.logs)
		}
		got := acts(t, ann, tom)
		if diff := cmp.Diff(count(want), count(got)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", step.what, diff)
		}
	}
}

// count is how often each text is there: CloudTrail tells seconds only, by which order is none.
func count(all []string) map[string]int {
	n := map[string]int{}
	for _, s := range all {
		n[s]++
	}
	return n
}

// latestCode waits for the mail with a code to set a new password, whatever other mails come.
func latestCode(t testing.TB, c *cloudtest.Cloud, email string) (found string) {
	t.Helper()
	eventually(t, "a mail with a code", func() bool {
		for _, mail := range c.Mails(t, email, 1) {
			if mail := mail.(object); mail["subject"] == resetSubject {
				found = digits.FindString(mail["text"].(string))
			}
		}
		return found != ""
	})
	return found
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestJoiningSetsNoPasswordInTheLog: the first password is part of becoming a member.
func TestJoiningSetsNoPasswordInTheLog(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org, email, _, link := linked(t, c)
	nothing(t, activate(t, c, link))
	new := &cloudtest.Person{Email: email, Cloud: c}
	for _, e := range find(t, ann, object{"filters": list{filter("action_type", 0, "UPDATE")}}).At("events").(list) {
		new.ID = e.(object)["okta_user_id"].(string)
	}
	if got := acts(t, ann, new); new.ID == "" || len(got) != 0 {
		t.Errorf("%s of %s did %v", new.ID, org, got)
	}
}

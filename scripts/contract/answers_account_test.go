package contract

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// post calls a route of the accounts without a token.
func post(t testing.TB, c *cloudtest.Cloud, name string, body any) cloudtest.Answer {
	t.Helper()
	return c.Do(t, "POST", "/v1/auth/"+name, "", body)
}

func pair(email, password string) object { return object{"email": email, "password": password} }

func TestAnswersOfSignIn(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "sign-in")
	ann, una := c.Person(t, "ann"), cloudtest.Address("una")
	nothing(t, post(t, c, "SignUp", newcomer(una)))
	g.keep("the right pair", post(t, c, "SignIn", pair(ann.Email, cloudtest.Password)))
	g.keep("a wrong password", post(t, c, "SignIn", pair(ann.Email, "Walrus-78-tusk")))
	g.keep("nobody's address", post(t, c, "SignIn", pair(cloudtest.Address("nobody"), cloudtest.Password)))
	g.keep("not confirmed", post(t, c, "SignIn", pair(una, cloudtest.Password)))
	g.keep("no address", post(t, c, "SignIn", nil))
	g.keep("no password", post(t, c, "SignIn", pair(ann.Email, "")))
}

func TestAnswersOfSignUp(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "sign-up")
	una, ann := cloudtest.Address("una"), c.Person(t, "ann")
	try := func(field string, value any) cloudtest.Answer {
		return post(t, c, "SignUp", with(newcomer(una), field, value))
	}
	g.keep("no address", try("email", nil))
	g.keep("no e-mail address", try("email", "una"))
	g.keep("no first name", try("first_name", ""))
	g.keep("no last name", try("last_name", nil))
	g.keep("a control character", try("last_name", "a\tb"))
	g.keep("no password", try("password", nil))
	g.keep("a short password", try("password", "Walrus-77"))
	g.keep("a password with the name", try("password", "Walrus-77-nOOn"))
	g.keep("a new address", try("tos", true))
	g.keep("an address that waits for its code", try("email", una))
	g.keep("an address with an account", try("email", ann.Email))
}

func TestAnswersOfSignUpConfirm(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "sign-up-confirm")
	una := cloudtest.Address("una")
	nothing(t, post(t, c, "SignUp", newcomer(una)))
	right := code(t, c, una, activationSubject, 1)
	g.keep("a wrong code", post(t, c, "ConfirmSignUp", object{"email": una, "code": other(right)}))
	g.keep("no code", post(t, c, "ConfirmSignUp", object{"email": una}))
	g.keep("no address", post(t, c, "ConfirmSignUp", object{"code": right}))
	g.keep("the code", post(t, c, "ConfirmSignUp", object{"email": una, "code": right}))
	g.keep("the code again", post(t, c, "ConfirmSignUp", object{"email": una, "code": right}))
	g.keep("nobody's address", post(t, c, "ConfirmSignUp", object{"email": cloudtest.Address("nobody"), "code": right}))
}

func TestAnswersOfSessionRefresh(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "session-refresh")
	token := signIn(t, c.Person(t, "ann")).Text("refresh_token")
	g.keep("a good token", post(t, c, "RefreshSession", object{"refresh_token": token}))
	g.keep("a dead token", post(t, c, "RefreshSession", object{"refresh_token": token + "x"}))
	g.keep("no token", post(t, c, "RefreshSession", nil))
}

func TestAnswersOfSignOut(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "sign-out")
	ann := c.Person(t, "ann")
	g.keep("signed out", ann.Do(t, "POST", "/v1/auth/SignOut", nil))
	g.keep("again", ann.Do(t, "POST", "/v1/auth/SignOut", nil))
}

func TestAnswersOfPasswordReset(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "password-reset")
	g.keep("an address with an account", post(t, c, "ResetPassword", object{"email": c.Person(t, "ann").Email}))
	g.keep("nobody's address", post(t, c, "ResetPassword", object{"email": cloudtest.Address("nobody")}))
	g.keep("no address", post(t, c, "ResetPassword", nil))
}

func TestAnswersOfPasswordResetConfirm(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "password-reset-confirm")
	ann := c.Person(t, "ann")
	nothing(t, post(t, c, "ResetPassword", object{"email": ann.Email}))
	right := code(t, c, ann.Email, resetSubject, 1)
	try := func(code, password string) cloudtest.Answer {
		return post(t, c, "ConfirmResetPassword", object{"email": ann.Email, "code": code, "password": password})
	}
	g.keep("a wrong code", try(other(right), "Narwhal-88-horn"))
	g.keep("no code", try("", "Narwhal-88-horn"))
	g.keep("no password", try(right, ""))
	g.keep("a bad password", try(right, "narwhal-88-horn"))
	g.keep("no address", post(t, c, "ConfirmResetPassword", nil))
	g.keep("the code", try(right, "Narwhal-88-horn"))
	g.keep("the code again", try(right, "Narwhal-88-horn"))
	g.keep("nobody's address", post(t, c, "ConfirmResetPassword", object{
		"email": cloudtest.Address("nobody"), "code": right, "password": "Narwhal-88-horn",
	}))
}

func TestAnswersOfProfileGet(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "profile-get")
	ann := c.Person(t, "ann")
	g.keep("the caller's", ann.Do(t, "POST", "/v1/auth/GetProfile", nil))
	names := object{"first_name": "Ann", "last_name": "O'Neil <Jr>", "tos": true, "marketing": true}
	nothing(t, ann.Do(t, "POST", "/v1/auth/UpdateProfile", names))
	g.keep("changed", ann.Do(t, "POST", "/v1/auth/GetProfile", nil))
}

func TestAnswersOfProfileUpdate(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "profile-update")
	ann := c.Person(t, "ann")
	try := func(body object) cloudtest.Answer { return ann.Do(t, "POST", "/v1/auth/UpdateProfile", body) }
	g.keep("names", try(object{"first_name": "Ann", "last_name": "Archer"}))
	g.keep("nothing", try(nil))
	g.keep("no last name", try(object{"first_name": "Ann"}))
	g.keep("a blank first name", try(object{"first_name": " ", "last_name": "Archer"}))
	g.keep("a control character", try(object{"first_name": "A\nB", "last_name": "Archer"}))
	g.keep("a consent of another type", try(object{"first_name": "Ann", "last_name": "Archer", "tos": "yes"}))
}

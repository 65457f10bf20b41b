package main

import (
	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/userpool"
)

const accounts = "Accounts"

var (
	sessions = ref("schemas", "Session")
	code     = token("The code from the mail.")
	names    = object{{"first_name", given("First name.")}, {"last_name", given("Last name.")}}
)

var accountRoutes = []route{
	{
		at: "POST /v1/auth/SignIn", tag: accounts, who: anybody,
		summary: "Sign in",
		text:    "Trades an e-mail address and its password for a session. One answer stands for every pair that is not right.",
		body: &body{
			object{{"email", token("The account's address.")}, {"password", token("Its password.")}},
			[]string{"email", "password"},
			object{{"email", annEmail}, {"password", password}},
		},
		answer: sessions, sample: session,
		refusals: []*fault.Error{userpool.ErrCredentials, userpool.ErrUnconfirmed, userpool.ErrMustReset, userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/SignUp", tag: accounts, who: anybody,
		summary: "Sign up",
		text: "A code is mailed to the address. The answer, and the time that it takes, are the same whether or not the address has an account; " +
			"a known one gets a mail that says so, an unconfirmed one a new code.",
		body: &body{
			append(object{{"email", email}}, names...).with(field{"password", ref("schemas", "Password")}),
			[]string{"email", "first_name", "last_name", "password"},
			object{{"email", annEmail}, {"first_name", "Ann"}, {"last_name", "Lee"}, {"password", password}},
		},
		answer: empty, sample: nothing,
		refusals: []*fault.Error{userpool.ErrEmail, userpool.ErrPassword, userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/ConfirmSignUp", tag: accounts, who: anybody,
		summary: "Confirm a sign-up",
		text:    "With the code from the mail.",
		body: &body{
			object{{"email", token("The address that signed up.")}, {"code", code}},
			[]string{"email", "code"},
			object{{"email", annEmail}, {"code", "123456"}},
		},
		answer: empty, sample: nothing,
		refusals: []*fault.Error{userpool.ErrCode, userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/RefreshSession", tag: accounts, who: anybody,
		summary: "Refresh a session",
		text:    "As SignIn, with the same refresh token in the answer.",
		body: &body{
			object{{"refresh_token", token("Of SignIn.")}},
			[]string{"refresh_token"},
			object{{"refresh_token", session.Refresh}},
		},
		answer: sessions, sample: session,
		refusals: []*fault.Error{account.ErrRevoked, userpool.ErrUnconfirmed, userpool.ErrMustReset, userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/SignOut", tag: accounts, who: signedIn, writes: true,
		summary: "Sign out everywhere",
		text:    "Every token of the account that was issued until now is refused from the next request on.",
		body:    noBody,
		answer:  empty, sample: nothing,
		refusals: []*fault.Error{userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/ResetPassword", tag: accounts, who: anybody,
		summary: "Ask for a new password",
		text:    "A code is mailed to the address if it has an account; the answer does not tell.",
		body: &body{
			object{{"email", token("The account's address.")}},
			[]string{"email"},
			object{{"email", annEmail}},
		},
		answer: empty, sample: nothing,
		refusals: []*fault.Error{userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/ConfirmResetPassword", tag: accounts, who: anybody,
		summary: "Set a new password",
		text:    "With the code from the mail.",
		body: &body{
			object{{"email", token("The account's address.")}, {"code", code}, {"password", ref("schemas", "Password")}},
			[]string{"email", "code", "password"},
			object{{"email", annEmail}, {"code", "123456"}, {"password", password}},
		},
		answer: empty, sample: nothing,
		refusals: []*fault.Error{userpool.ErrCode, userpool.ErrUnconfirmed, userpool.ErrPassword, userpool.ErrTooMany},
	},
	{
		at: "POST /v1/auth/GetProfile", tag: accounts, who: signedIn,
		summary: "Read the caller's profile",
		text:    "What the account says of the person.",
		body:    noBody,
		answer: strict(object{
			{"email", text("The account's address.")},
			{"first_name", text("First name.")},
			{"last_name", text("Last name.")},
			{"tos", truth("Consent to the terms of service.")},
			{"marketing", truth("Consent to marketing.")},
		}),
		sample: object{{"email", annEmail}, {"first_name", "Ann"}, {"last_name", "Lee"}, {"tos", true}, {"marketing", false}},
	},
	{
		at: "POST /v1/auth/UpdateProfile", tag: accounts, who: signedIn, writes: true,
		summary: "Change the caller's profile",
		text:    "New names show in `members:search` at once. A consent that is not named stays as it is.",
		body: &body{
			names.with(
				field{"tos", optional(truth("Consent to the terms of service."))},
				field{"marketing", optional(truth("Consent to marketing."))},
			),
			[]string{"first_name", "last_name"},
			object{{"first_name", "Ann"}, {"last_name", "Lee"}, {"marketing", true}},
		},
		answer: empty, sample: nothing,
	},
}

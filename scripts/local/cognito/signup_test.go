package cognito_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestASignUpIsUnconfirmedUntilTheMailedCodeComesBack(t *testing.T) {
	f := newFixture(t)
	out, err := f.signUp(ann, password)
	if err != nil || out.UserConfirmed {
		t.Fatalf("SignUp = %v, %v", out, err)
	}
	_, err = f.signIn(ann, password)
	refused(t, err, "UserNotConfirmedException")
	_, err = f.signIn(ann, password+"x")
	refused(t, err, "NotAuthorizedException")
	m, code := f.lastMail()
	if m.to != ann || m.subject != "Percona Account Activation" {
		t.Fatalf("mail to %s with subject %s", m.to, m.subject)
	}
	refused(t, f.confirm(ann, wrong(code)), "CodeMismatchException")
	refused(t, f.confirm(strings.ToLower(ann), code), "")
	seen := f.user(*out.UserSub)
	if seen.UserStatus != types.UserStatusTypeConfirmed || attribute(seen.UserAttributes, "email_verified") != "true" || attribute(seen.UserAttributes, "email") != ann {
		t.Errorf("user %v %v", seen.UserStatus, seen.UserAttributes)
	}
	refused(t, f.confirm(ann, code), "NotAuthorizedException")
}

func TestTheConfirmationTriggerIsToldWhoWasConfirmed(t *testing.T) {
	f := newFixture(t)
	sub := f.member()
	told := f.told("confirmed")
	if len(told) != 1 {
		t.Fatalf("told %d times, want once", len(told))
	}
	var got map[string]any
	if err := json.Unmarshal(told[0], &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"version": "1", "triggerSource": "PostConfirmation_ConfirmSignUp", "region": "eu-central-1",
		"userPoolId": poolID, "userName": sub, "response": map[string]any{},
		"callerContext": map[string]any{"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": clientID},
		"request": map[string]any{"clientMetadata": nil, "userAttributes": map[string]any{
			"sub": sub, "email": ann, "email_verified": "true", "cognito:user_status": "CONFIRMED", "given_name": "Ann", "family_name": "Lee",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAUserStaysConfirmedWhenTheTriggerFails(t *testing.T) {
	f := newFixture(t)
	f.answer("confirmed", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("boom") })
	if _, err := f.signUp(ann, password); err != nil {
		t.Fatal(err)
	}
	_, code := f.lastMail()
	refused(t, f.confirm(ann, code), "UserLambdaValidationException")
	if got := f.user(ann).UserStatus; got != types.UserStatusTypeConfirmed {
		t.Errorf("status %s", got)
	}
}

func TestWhatSignUpRefuses(t *testing.T) {
	tests := map[string]struct {
		email, password string
		also            []string
		want            string
	}{
		"an address that has a user, in another letter case": {"ann@example.COM", password, nil, "UsernameExistsException"},
		"a name that is no address":                          {"ann", password, nil, "InvalidParameterException"},
		"a name of more than 128 characters":                 {strings.Repeat("a", 120) + "@example.com", password, nil, "InvalidParameterException"},
		"a short password":                                   {"bob@example.com", "Secret123", nil, "InvalidPasswordException"},
		"a password without a lower-case letter":             {"bob@example.com", "SECRET1234", nil, "InvalidPasswordException"},
		"a password without an upper-case letter":            {"bob@example.com", "secret1234", nil, "InvalidPasswordException"},
		"a password without a digit":                         {"bob@example.com", "SecretSecret", nil, "InvalidPasswordException"},
		"a password with a blank at its end":                 {"bob@example.com", "Secret1234 ", nil, "InvalidParameterException"},
		"verifying oneself":                                  {"bob@example.com", password, []string{"email_verified", "true"}, "NotAuthorizedException"},
		"nothing else":                                       {"bob@example.com", "secret 1 WORD", nil, ""},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.member()
			_, err := f.SignUp(t.Context(), &cip.SignUpInput{
				ClientId: aws.String(clientID), Username: &c.email, Password: &c.password, UserAttributes: attributes(c.also...),
			})
			refused(t, err, c.want)
		})
	}
}

func TestANewCodeReplacesTheOldOne(t *testing.T) {
	f := newFixture(t)
	if _, err := f.signUp(ann, password); err != nil {
		t.Fatal(err)
	}
	_, old := f.lastMail()
	fresh := old
	for fresh == old { // one in a million
		_, err := f.ResendConfirmationCode(t.Context(), &cip.ResendConfirmationCodeInput{ClientId: aws.String(clientID), Username: aws.String(ann)})
		if err != nil {
			t.Fatal(err)
		}
		_, fresh = f.lastMail()
	}
	refused(t, f.confirm(ann, old), "CodeMismatchException")
	refused(t, f.confirm(ann, fresh), "")
}

func TestACodeLivesADayAndStandsFiveGuesses(t *testing.T) {
	tests := map[string]struct {
		age     time.Duration
		guesses int
		want    string
	}{
		"in time":              {24*time.Hour - time.Second, 0, ""},
		"too late":             {24 * time.Hour, 0, "ExpiredCodeException"},
		"after four guesses":   {0, 4, ""},
		"after five guesses":   {0, 5, "LimitExceededException"},
		"after twenty guesses": {0, 20, "LimitExceededException"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if _, err := f.signUp(ann, password); err != nil {
				t.Fatal(err)
			}
			_, code := f.lastMail()
			for range c.guesses {
				if f.confirm(ann, wrong(code)) == nil {
					t.Fatal("a wrong code was taken")
				}
			}
			f.wait(c.age)
			refused(t, f.confirm(ann, code), c.want)
		})
	}
}

func TestADisabledUserIsToldOfACodeAndGetsNone(t *testing.T) {
	f := newFixture(t)
	if _, err := f.signUp(ann, password); err != nil {
		t.Fatal(err)
	}
	if err := disable(f); err != nil {
		t.Fatal(err)
	}
	_, err := f.ResendConfirmationCode(t.Context(), &cip.ResendConfirmationCodeInput{ClientId: aws.String(clientID), Username: aws.String(ann)})
	refused(t, err, "")
	if n := f.count(); n != 1 {
		t.Errorf("%d mails, want that of the sign-up", n)
	}
}

func TestResendingToAConfirmedUserIsRefusedAndToNobodyIsNot(t *testing.T) {
	f := newFixture(t)
	f.member()
	before := f.count()
	for email, want := range map[string]string{ann: "InvalidParameterException", "nobody@example.com": ""} {
		_, err := f.ResendConfirmationCode(t.Context(), &cip.ResendConfirmationCodeInput{ClientId: aws.String(clientID), Username: &email})
		refused(t, err, want)
	}
	refused(t, f.confirm("nobody@example.com", "123456"), "ExpiredCodeException")
	if f.count() != before {
		t.Error("a mail was sent")
	}
}

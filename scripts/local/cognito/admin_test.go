package cognito_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

func disable(f *fixture) error {
	_, err := f.AdminDisableUser(f.t.Context(), &cip.AdminDisableUserInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
	return err
}

func enable(f *fixture) error {
	_, err := f.AdminEnableUser(f.t.Context(), &cip.AdminEnableUserInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
	return err
}

func remove(f *fixture) error {
	_, err := f.AdminDeleteUser(f.t.Context(), &cip.AdminDeleteUserInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
	return err
}

func adminReset(f *fixture) error {
	_, err := f.AdminResetUserPassword(f.t.Context(), &cip.AdminResetUserPasswordInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
	return err
}

func setPassword(to string, permanent bool) func(*fixture) error {
	return func(f *fixture) error {
		_, err := f.AdminSetUserPassword(f.t.Context(), &cip.AdminSetUserPasswordInput{
			UserPoolId: aws.String(poolID), Username: aws.String(ann), Password: &to, Permanent: permanent,
		})
		return err
	}
}

func (f *fixture) create(email string, pairs ...string) (*cip.AdminCreateUserOutput, error) {
	return f.AdminCreateUser(f.t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: aws.String(poolID), Username: &email, MessageAction: types.MessageActionTypeSuppress, UserAttributes: attributes(pairs...),
	})
}

func TestAnAdministratorsUserWaitsForAPassword(t *testing.T) {
	f := newFixture(t)
	out, err := f.create(ann, "email", ann, "email_verified", "true", "given_name", "Ann")
	if err != nil {
		t.Fatal(err)
	}
	sub := attribute(out.User.Attributes, "sub")
	if out.User.UserStatus != types.UserStatusTypeForceChangePassword || *out.User.Username != sub || f.count() != 0 {
		t.Errorf("user %+v, %d mails", out.User, f.count())
	}
	if err := setPassword(password, true)(f); err != nil {
		t.Fatal(err)
	}
	seen := f.user(sub)
	if seen.UserStatus != types.UserStatusTypeConfirmed || !seen.Enabled || attribute(seen.UserAttributes, "email_verified") != "true" {
		t.Errorf("user %+v", seen)
	}
	if created := f.clock().Sub(*seen.UserCreateDate); created < 0 || created > time.Minute {
		t.Errorf("created %v ago", created)
	}
	f.session()
	if n := len(f.told("confirmed")); n != 0 {
		t.Errorf("the confirmation trigger ran %d times", n)
	}
}

func TestWhatAnAdministratorIsRefused(t *testing.T) {
	admin := func(call func(f *fixture) error) func(*fixture) error { return call }
	update := func(email string, pairs ...string) func(*fixture) error {
		return func(f *fixture) error {
			_, err := f.AdminUpdateUserAttributes(f.t.Context(), &cip.AdminUpdateUserAttributesInput{
				UserPoolId: aws.String(poolID), Username: &email, UserAttributes: attributes(pairs...),
			})
			return err
		}
	}
	create := func(email string, pairs ...string) func(*fixture) error {
		return func(f *fixture) error { _, err := f.create(email, pairs...); return err }
	}
	get := func(pool, name string) func(*fixture) error {
		return func(f *fixture) error {
			_, err := f.AdminGetUser(f.t.Context(), &cip.AdminGetUserInput{UserPoolId: &pool, Username: &name})
			return err
		}
	}
	tests := map[string]struct {
		call func(*fixture) error
		want string
	}{
		"creating a user who exists":      {create("ANN@example.com"), "UsernameExistsException"},
		"creating one without address":    {create("ann"), "InvalidParameterException"},
		"an attribute outside the schema": {create("bob@example.com", "nickname", "b"), "InvalidParameterException"},
		"choosing a sub":                  {create("bob@example.com", "sub", "1"), "InvalidParameterException"},
		"looking at nobody":               {get(poolID, "nobody@example.com"), "UserNotFoundException"},
		"looking into another pool":       {get("eu-central-1_other", ann), "ResourceNotFoundException"},
		"a weak password":                 {setPassword("weak", true), "InvalidPasswordException"},
		"confirming the confirmed": {admin(func(f *fixture) error {
			_, err := f.AdminConfirmSignUp(f.t.Context(), &cip.AdminConfirmSignUpInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
			return err
		}), "NotAuthorizedException"},
		"an address that another has": {func(f *fixture) error {
			return errors.Join(create("bob@example.com")(f), update("bob@example.com", "email", "ann@EXAMPLE.com")(f))
		}, "AliasExistsException"},
		"the own address in another spelling is not": {update(ann, "email", "ann@example.com"), ""},
		"another app client": {func(f *fixture) error {
			_, err := f.ForgotPassword(f.t.Context(), &cip.ForgotPasswordInput{ClientId: aws.String("other"), Username: aws.String(ann)})
			return err
		}, "ResourceNotFoundException"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.member()
			refused(t, c.call(f), c.want)
		})
	}
}

func TestAnAdministratorsConfirmationDoesNotVerifyTheAddress(t *testing.T) {
	f := newFixture(t)
	if _, err := f.signUp(ann, password); err != nil {
		t.Fatal(err)
	}
	_, err := f.AdminConfirmSignUp(t.Context(), &cip.AdminConfirmSignUpInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
	if err != nil {
		t.Fatal(err)
	}
	seen := f.user(ann)
	if seen.UserStatus != types.UserStatusTypeConfirmed || attribute(seen.UserAttributes, "email_verified") != "false" {
		t.Errorf("user %v %v", seen.UserStatus, seen.UserAttributes)
	}
	if n := len(f.told("confirmed")); n != 1 {
		t.Errorf("the confirmation trigger ran %d times, want once", n)
	}
	if f.claims(f.session().IdToken)["email_verified"] != false {
		t.Error("the id token says verified")
	}
}

func TestANewAddressFindsTheUserAndIsUnverified(t *testing.T) {
	f := newFixture(t)
	sub := f.member()
	_, err := f.AdminUpdateUserAttributes(t.Context(), &cip.AdminUpdateUserAttributesInput{
		UserPoolId: aws.String(poolID), Username: &sub, UserAttributes: attributes("email", "lee@example.com", "given_name", "Anna"),
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := f.user("LEE@example.com").UserAttributes
	if attribute(seen, "email_verified") != "false" || attribute(seen, "given_name") != "Anna" || attribute(seen, "family_name") != "Lee" {
		t.Errorf("attributes %v", seen)
	}
	if _, err := f.signUp(ann, password); err != nil {
		t.Errorf("the old address is not free: %v", err)
	}
}

func TestAnOperatorsCallIsReportedAsCloudTrailWouldBeforeItAnswers(t *testing.T) {
	signOut := func(f *fixture, _ *string) error {
		_, err := f.AdminUserGlobalSignOut(f.t.Context(), &cip.AdminUserGlobalSignOutInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
		return err
	}
	tests := map[string]func(f *fixture, token *string) error{
		"AdminDeleteUser":        func(f *fixture, _ *string) error { return remove(f) },
		"AdminDisableUser":       func(f *fixture, _ *string) error { return disable(f) },
		"AdminUserGlobalSignOut": signOut,
		"GlobalSignOut": func(f *fixture, token *string) error {
			_, err := f.GlobalSignOut(f.t.Context(), &cip.GlobalSignOutInput{AccessToken: token})
			return err
		},
		"DeleteUser": func(f *fixture, token *string) error {
			_, err := f.DeleteUser(f.t.Context(), &cip.DeleteUserInput{AccessToken: token})
			return err
		},
		"AdminSetUserPassword": func(f *fixture, _ *string) error { return givePassword(f.t.Context(), f.Client, password) },
		"ChangePassword": func(f *fixture, token *string) error {
			_, err := f.ChangePassword(f.t.Context(), &cip.ChangePasswordInput{
				AccessToken: token, PreviousPassword: aws.String(password), ProposedPassword: aws.String(password),
			})
			return err
		},
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			sub := f.member()
			if err := call(f, f.session().AccessToken); err != nil {
				t.Fatal(err)
			}
			told := f.told("closed")
			if len(told) != 1 {
				t.Fatalf("told %d times, want once", len(told))
			}
			at := f.clock().UTC().Format("2006-01-02T15:04:05Z")
			got := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`).ReplaceAllString(string(told[0]), "UUID")
			want := `{"version":"0","id":"UUID","detail-type":"AWS API Call via CloudTrail","source":"aws.cognito-idp","account":"000000000000",` +
				`"time":"` + at + `","region":"eu-central-1","resources":[],"detail":{"eventVersion":"1.08",` +
				`"userIdentity":{"accountId":"000000000000","type":"IAMUser","userName":"operator"},"eventTime":"` + at + `",` +
				`"eventSource":"cognito-idp.amazonaws.com","eventName":"` + name + `","awsRegion":"eu-central-1","sourceIPAddress":"127.0.0.1",` +
				`"userAgent":"roster-local","requestParameters":{"userPoolId":"` + poolID + `","username":"HIDDEN_DUE_TO_SECURITY_REASONS"},` +
				`"responseElements":null,"additionalEventData":{"sub":"UUID"},"requestID":"UUID","eventID":"UUID","readOnly":false,` +
				`"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"000000000000","eventCategory":"Management"}}`
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if !regexp.MustCompile(`"additionalEventData":\{"sub":"` + sub + `"\}`).Match(told[0]) {
				t.Errorf("the event is not about %s", sub)
			}
		})
	}
}

func givePassword(ctx context.Context, c *cip.Client, to string) error {
	_, err := c.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: aws.String(poolID), Username: aws.String(ann), Password: &to, Permanent: true,
	})
	return err
}

func TestWhatWasRefusedIsNotReported(t *testing.T) {
	f := newFixture(t)
	f.member()
	refused(t, givePassword(t.Context(), f.Client, "short"), "InvalidPasswordException")
	if told := f.told("closed"); len(told) != 0 {
		t.Errorf("told %s", told)
	}
}

// A function calls in a session of its role, which has the function's name.
func TestAFunctionsCallIsReportedAsItsRoles(t *testing.T) {
	f := newFixture(t)
	f.member()
	function := cip.New(f.Options(), func(o *cip.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", SessionToken: "profile-activate"}, nil
		})
	})
	if err := givePassword(t.Context(), function, password); err != nil {
		t.Fatal(err)
	}
	const want = `"userIdentity":{"accountId":"000000000000","arn":"arn:aws:sts::000000000000:assumed-role/profile-activate-role/profile-activate","type":"AssumedRole"}`
	if told := f.told("closed"); len(told) != 1 || !strings.Contains(string(told[0]), want) {
		t.Errorf("told %s", told)
	}
}

func TestAnEventIsTriedThreeTimesAndTheCallAnswersAnyway(t *testing.T) {
	for failures, want := range map[int]int{0: 1, 1: 2, 2: 3, 3: 3, 9: 3} {
		f := newFixture(t)
		f.member()
		left := failures
		f.answer("closed", func(context.Context, []byte) ([]byte, error) {
			if left--; left >= 0 {
				return nil, errors.New("boom")
			}
			return nil, nil
		})
		refused(t, remove(f), "")
		if n := len(f.told("closed")); n != want {
			t.Errorf("with %d failures told %d times, want %d", failures, n, want)
		}
	}
}

func TestACallAboutNobodyIsNotReported(t *testing.T) {
	f := newFixture(t)
	refused(t, remove(f), "UserNotFoundException")
	refused(t, disable(f), "UserNotFoundException")
	if n := len(f.told("closed")); n != 0 {
		t.Errorf("told %d times", n)
	}
}

func TestTriggersMayCallThePool(t *testing.T) {
	f := newFixture(t)
	f.answer("closed", func(context.Context, []byte) ([]byte, error) {
		_, err := f.create("bob@example.com")
		return nil, err
	})
	f.member()
	refused(t, remove(f), "")
	f.user("bob@example.com")
}

func TestTheKeySetVerifiesTokens(t *testing.T) {
	f := newFixture(t)
	f.member()
	response, err := http.Get(f.pool.Issuer() + "/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var set struct{ Keys []map[string]string }
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("keys %v, error %v", set.Keys, err)
	}
	key := publicKey(t, set.Keys[0]["n"], set.Keys[0]["e"])
	token, err := jwt.Parse(*f.session().AccessToken, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"RS256"}))
	if err != nil || token.Header["kid"] != set.Keys[0]["kid"] {
		t.Errorf("error %v, kid %v of %v", err, token.Header["kid"], set.Keys)
	}
}

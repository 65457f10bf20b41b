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
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cognito"
)

func TestWhoMaySignIn(t *testing.T) {
	tests := map[string]struct {
		email, password string
		prepare         func(*fixture) error
		want            string
	}{
		"the right pair":             {ann, password, nil, ""},
		"in another letter case":     {strings.ToUpper(ann), password, nil, ""},
		"a wrong password":           {ann, "Secret12345", nil, "NotAuthorizedException"},
		"nobody":                     {"nobody@example.com", password, nil, "NotAuthorizedException"},
		"no password":                {ann, "", nil, "InvalidParameterException"},
		"a disabled user":            {ann, password, disable, "NotAuthorizedException"},
		"an enabled one again":       {ann, password, func(f *fixture) error { return errors.Join(disable(f), enable(f)) }, ""},
		"a deleted user":             {ann, password, remove, "NotAuthorizedException"},
		"one who must reset":         {ann, password, adminReset, "PasswordResetRequiredException"},
		"one who must reset, wrong":  {ann, "Secret12345", adminReset, "NotAuthorizedException"},
		"one whose password changed": {ann, "Another1234", setPassword("Another1234", true), ""},
		"with the password before":   {ann, password, setPassword("Another1234", true), "NotAuthorizedException"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.member()
			if c.prepare != nil {
				if err := c.prepare(f); err != nil {
					t.Fatal(err)
				}
			}
			_, err := f.signIn(c.email, c.password)
			refused(t, err, c.want)
		})
	}
}

func TestATemporaryPasswordIsAnsweredWithAChallenge(t *testing.T) {
	f := newFixture(t)
	sub := f.member()
	if err := setPassword("Temporary1", false)(f); err != nil {
		t.Fatal(err)
	}
	out, err := f.signIn(ann, "Temporary1")
	if err != nil {
		t.Fatal(err)
	}
	if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired || aws.ToString(out.Session) == "" || out.AuthenticationResult != nil {
		t.Errorf("answer %+v", out)
	}
	if out.ChallengeParameters["USER_ID_FOR_SRP"] != sub || !strings.Contains(out.ChallengeParameters["userAttributes"], ann) {
		t.Errorf("parameters %v", out.ChallengeParameters)
	}
}

func TestTokensSayWhatCognitosSay(t *testing.T) {
	f := newFixture(t)
	sub := f.member()
	now := float64(f.clock().Unix())
	result := f.session()
	if result.ExpiresIn != 900 || aws.ToString(result.TokenType) != "Bearer" || aws.ToString(result.RefreshToken) == "" {
		t.Errorf("result %+v", result)
	}
	access, id := f.claims(result.AccessToken), f.claims(result.IdToken)
	if access["origin_jti"] != id["origin_jti"] || access["jti"] == id["jti"] {
		t.Errorf("origins %v and %v, ids %v and %v", access["origin_jti"], id["origin_jti"], access["jti"], id["jti"])
	}
	for _, c := range []jwt.MapClaims{access, id} {
		for _, random := range []string{"jti", "origin_jti", "event_id"} {
			if s, _ := c[random].(string); s == "" {
				t.Errorf("no %s", random)
			}
			delete(c, random)
		}
	}
	common := jwt.MapClaims{"sub": sub, "iss": f.pool.Issuer(), "auth_time": now, "iat": now, "exp": now + 900}
	want := with(common, jwt.MapClaims{"token_use": "access", "client_id": clientID, "username": sub, "scope": "aws.cognito.signin.user.admin"})
	if diff := cmp.Diff(want, access); diff != "" {
		t.Error(diff)
	}
	want = with(common, jwt.MapClaims{
		"token_use": "id", "aud": clientID, "cognito:username": sub, "email": ann, "email_verified": true,
		"given_name": "Ann", "family_name": "Lee",
	})
	if diff := cmp.Diff(want, id); diff != "" {
		t.Error(diff)
	}
}

func with(a, b jwt.MapClaims) jwt.MapClaims {
	all := jwt.MapClaims{}
	for _, m := range []jwt.MapClaims{a, b} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

func TestTheTokenTriggerIsToldWhoSignsInAndHow(t *testing.T) {
	f := newFixture(t)
	sub := f.member()
	result := f.session()
	if _, err := f.refresh(*result.RefreshToken); err != nil {
		t.Fatal(err)
	}
	told := f.told("token")
	sources := []string{"TokenGeneration_Authentication", "TokenGeneration_RefreshTokens"}
	if len(told) != len(sources) {
		t.Fatalf("told %d times, want %d", len(told), len(sources))
	}
	for i, source := range sources {
		var got map[string]any
		if err := json.Unmarshal(told[i], &got); err != nil {
			t.Fatal(err)
		}
		delete(got, "response") // the function's to fill
		want := map[string]any{
			"version": "2", "triggerSource": source, "region": "eu-central-1", "userPoolId": poolID, "userName": sub,
			"callerContext": map[string]any{"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": clientID},
			"request": map[string]any{
				"scopes":             []any{"aws.cognito.signin.user.admin"},
				"groupConfiguration": map[string]any{"groupsToOverride": []any{}, "iamRolesToOverride": []any{}, "preferredRole": nil},
				"userAttributes": map[string]any{
					"sub": sub, "email": ann, "email_verified": "true", "cognito:user_status": "CONFIRMED", "given_name": "Ann", "family_name": "Lee",
				},
			},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTheTokenTriggerChangesClaimsAndScopes(t *testing.T) {
	f := newFixture(t)
	sub := f.member()
	f.answer("token", func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"response":{"claimsAndScopeOverrideDetails":{
			"accessTokenGeneration":{
				"claimsToAddOrOverride":{"email":"ann@example.com","issued_ms":1795000000123,"list":["a",1,true],"sub":"eve","exp":1,"scope":"x","both":1,"cognito:groups":["x"]},
				"claimsToSuppress":["both","iss"],
				"scopesToAdd":["roster/api"],"scopesToSuppress":["aws.cognito.signin.user.admin"]},
			"idTokenGeneration":{"claimsToAddOrOverride":{"given_name":"Anna"},"claimsToSuppress":["family_name"]}}}}`), nil
	})
	result := f.session()
	access, id := f.claims(result.AccessToken), f.claims(result.IdToken)
	want := map[string]any{
		"email": "ann@example.com", "issued_ms": 1795000000123.0, "list": []any{"a", 1.0, true},
		"sub": sub, "scope": "roster/api", "both": nil, "iss": f.pool.Issuer(), "cognito:groups": nil,
	}
	for name, value := range want {
		if diff := cmp.Diff(value, access[name]); diff != "" {
			t.Errorf("access token's %s: %s", name, diff)
		}
	}
	if id["given_name"] != "Anna" || id["family_name"] != nil || id["issued_ms"] != nil {
		t.Errorf("id token %v", id)
	}
	_, err := f.GlobalSignOut(t.Context(), &cip.GlobalSignOutInput{AccessToken: result.AccessToken})
	refused(t, err, "NotAuthorizedException") // without the scope that was taken away
}

func TestScopesThatATriggerAddsStandBesideTheOwnOne(t *testing.T) {
	f := newFixture(t)
	f.member()
	f.answer("token", func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"response":{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["roster/api","roster/api"]}}}}`), nil
	})
	if got := f.claims(f.session().AccessToken)["scope"]; got != "aws.cognito.signin.user.admin roster/api" {
		t.Errorf("scope %q", got)
	}
}

func TestNoTokensWithoutTheTrigger(t *testing.T) {
	tests := map[string]struct {
		answer cognito.Trigger
		want   string
	}{
		"it fails":           {func(context.Context, []byte) ([]byte, error) { return nil, errors.New("boom") }, "UserLambdaValidationException"},
		"it answers no JSON": {func(context.Context, []byte) ([]byte, error) { return []byte("boom"), nil }, "InvalidLambdaResponseException"},
		"it says nothing":    {func(context.Context, []byte) ([]byte, error) { return []byte("{}"), nil }, ""},
		"it says null": {func(context.Context, []byte) ([]byte, error) {
			return []byte(`{"response":{"claimsAndScopeOverrideDetails":null}}`), nil
		}, ""},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.member()
			before := f.session()
			f.answer("token", c.answer)
			_, err := f.signIn(ann, password)
			refused(t, err, c.want)
			_, err = f.refresh(*before.RefreshToken)
			refused(t, err, c.want)
		})
	}
}

func TestARefreshTokenGivesNewTokensOfTheSameSession(t *testing.T) {
	f := newFixture(t)
	f.member()
	first := f.session()
	f.wait(time.Hour)
	for _, flow := range []types.AuthFlowType{types.AuthFlowTypeRefreshTokenAuth, types.AuthFlowTypeRefreshToken} {
		out, err := f.authenticate(flow, "REFRESH_TOKEN", *first.RefreshToken)
		if err != nil {
			t.Fatal(err)
		}
		if out.AuthenticationResult.RefreshToken != nil {
			t.Error("the refresh token was replaced")
		}
		fresh := f.claims(out.AuthenticationResult.AccessToken)
		began := float64(f.clock().Add(-time.Hour).Unix())
		if fresh["auth_time"] != began || fresh["iat"] != began+3600 {
			t.Errorf("auth_time %v, iat %v", fresh["auth_time"], fresh["iat"])
		}
	}
}

func TestWhatEndsARefreshToken(t *testing.T) {
	tests := map[string]struct {
		then func(*fixture, *types.AuthenticationResultType) error
		want string
		says string
	}{
		"nothing": {func(*fixture, *types.AuthenticationResultType) error { return nil }, "", ""},
		"a month": {func(f *fixture, _ *types.AuthenticationResultType) error { f.wait(30 * 24 * time.Hour); return nil }, "NotAuthorizedException", "expired"},
		"a change of password does not": {func(f *fixture, _ *types.AuthenticationResultType) error {
			return setPassword("Another1234", true)(f)
		}, "", ""},
		"an operator's sign-out": {func(f *fixture, _ *types.AuthenticationResultType) error {
			_, err := f.AdminUserGlobalSignOut(f.t.Context(), &cip.AdminUserGlobalSignOutInput{UserPoolId: aws.String(poolID), Username: aws.String(ann)})
			return err
		}, "NotAuthorizedException", "Refresh Token has been revoked"},
		"one's own sign-out": {func(f *fixture, s *types.AuthenticationResultType) error {
			_, err := f.GlobalSignOut(f.t.Context(), &cip.GlobalSignOutInput{AccessToken: s.AccessToken})
			return err
		}, "NotAuthorizedException", "Refresh Token has been revoked"},
		"being disabled": {func(f *fixture, _ *types.AuthenticationResultType) error { return disable(f) }, "NotAuthorizedException", "User is disabled."},
		"being disabled, for good": {func(f *fixture, _ *types.AuthenticationResultType) error {
			return errors.Join(disable(f), enable(f))
		}, "NotAuthorizedException", "Refresh Token has been revoked"},
		"being deleted": {func(f *fixture, _ *types.AuthenticationResultType) error { return remove(f) }, "NotAuthorizedException", "Invalid Refresh Token"},
		"being forged": {func(_ *fixture, s *types.AuthenticationResultType) error {
			*s.RefreshToken += "x"
			return nil
		}, "NotAuthorizedException", "Invalid Refresh Token"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.member()
			s := f.session()
			if err := c.then(f, s); err != nil {
				t.Fatal(err)
			}
			_, err := f.refresh(*s.RefreshToken)
			refused(t, err, c.want)
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %q does not say %q", err, c.says)
			}
		})
	}
}

func TestASessionThatEndsWhileTheTriggerRunsGetsNoTokens(t *testing.T) {
	f := newFixture(t)
	f.member()
	s := f.session()
	f.answer("token", func(context.Context, []byte) ([]byte, error) { return nil, disable(f) })
	_, err := f.refresh(*s.RefreshToken)
	refused(t, err, "NotAuthorizedException")
	if err := enable(f); err != nil {
		t.Fatal(err)
	}
	_, err = f.signIn(ann, password)
	refused(t, err, "NotAuthorizedException")
}

func TestAnotherPoolsTokenIsNotVerified(t *testing.T) {
	mine, theirs := newFixture(t), newFixtureOf(t, nil)
	theirs.member()
	token := *theirs.session().AccessToken
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mine.pool.Keyfunc(parsed); err == nil {
		t.Error("there is a key for another pool's token")
	}
	parsed.Method = jwt.SigningMethodHS256
	if _, err := theirs.pool.Keyfunc(parsed); err == nil {
		t.Error("there is a key for another algorithm")
	}
	_, err = mine.GlobalSignOut(t.Context(), &cip.GlobalSignOutInput{AccessToken: &token})
	refused(t, err, "NotAuthorizedException")
}

func TestAnAccessTokenCallsCognitoUntilItsSessionEnds(t *testing.T) {
	f := newFixture(t)
	f.member()
	change := func(s *types.AuthenticationResultType, before, after string) error {
		_, err := f.ChangePassword(t.Context(), &cip.ChangePasswordInput{AccessToken: s.AccessToken, PreviousPassword: &before, ProposedPassword: &after})
		return err
	}
	s := f.session()
	refused(t, change(s, "Wrong12345", "Another1234"), "NotAuthorizedException")
	refused(t, change(s, password, "short"), "InvalidPasswordException")
	refused(t, change(s, password, "Another1234"), "")
	refused(t, change(s, "Another1234", password), "")
	id := *s
	id.AccessToken = s.IdToken
	if err := change(&id, password, "Another1234"); err == nil || !strings.Contains(err.Error(), "Invalid Access Token") {
		t.Errorf("with an id token: %v", err)
	}
	f.wait(15 * time.Minute)
	refused(t, change(s, password, "Another1234"), "NotAuthorizedException")
	fresh := f.session()
	if _, err := f.GlobalSignOut(t.Context(), &cip.GlobalSignOutInput{AccessToken: fresh.AccessToken}); err != nil {
		t.Fatal(err)
	}
	refused(t, change(fresh, password, "Another1234"), "NotAuthorizedException")
}

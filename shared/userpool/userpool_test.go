package userpool

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"roster/scripts/local/cognito"
	"roster/shared/account"
	"roster/shared/activity"
)

const (
	ann      = account.Address("Ann@Example.com")
	password = "Secret1234"
	another  = "Another1234"
)

// signingKey spares every pool the making of one.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// fixture is a pool of its own, both sides of it as functions have them, and its mails.
type fixture struct {
	*testing.T
	*Client
	users *Users

	mu    sync.Mutex
	mails map[string][]string // texts by recipient
}

func open(t *testing.T) *fixture {
	t.Helper()
	key, err := signingKey()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{T: t, mails: map[string][]string{}}
	server := httptest.NewUnstartedServer(nil)
	pool, err := cognito.New(cognito.Config{
		Endpoint: "http://" + server.Listener.Addr().String(), Region: "eu-central-1", PoolID: "eu-central-1_pool", ClientID: "app",
		Mail: f.mail, Key: key, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = pool
	server.Start()
	t.Cleanup(server.Close)
	api := clientOf(server.URL)
	f.Client, f.users = &Client{api, "app"}, &Users{api, "eu-central-1_pool"}
	return f
}

func clientOf(url string) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: "eu-central-1", BaseEndpoint: &url, Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	})
}

func (f *fixture) mail(to, _, text, _ string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mails[to] = append(f.mails[to], text)
}

// sent is how many mails went to an address.
func (f *fixture) sent(to account.Address) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.mails[string(to)])
}

// code is the one in the last mail to an address.
func (f *fixture) code(to account.Address) string {
	f.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	mails := f.mails[string(to)]
	if len(mails) == 0 {
		f.Fatalf("no mail to %s", to)
	}
	return regexp.MustCompile(`\b\d{6}\b`).FindString(mails[len(mails)-1])
}

// wrong is six digits that are not the code.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// must ends the test unless err is nil.
func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// is holds an error to being the expected one, nil included.
func (f *fixture) is(what string, got, want error) {
	f.Helper()
	if want == nil && got != nil || !errors.Is(got, want) {
		f.Errorf("%s: %v, want %v", what, got, want)
	}
}

// confirmed makes a user who can sign in, as a page would.
func (f *fixture) confirmed(a account.Address) {
	f.Helper()
	f.unconfirmed(a)
	f.must(f.Confirm(f.Context(), string(a), f.code(a)))
}

func (f *fixture) unconfirmed(a account.Address) {
	f.Helper()
	taken, err := f.SignUp(f.Context(), a, "Ann", "Lee", password)
	if taken || err != nil {
		f.Fatalf("sign up: taken %v, %v", taken, err)
	}
}

// created makes a user as an operator does, with a password that must be changed.
func (f *fixture) created(a account.Address) {
	f.Helper()
	_, err := f.api.AdminCreateUser(f.Context(), &sdk.AdminCreateUserInput{
		UserPoolId: &f.users.pool, Username: aws.String(string(a)), MessageAction: "SUPPRESS", TemporaryPassword: aws.String(password),
		UserAttributes: attributes(a, "Ann", "Lee"),
	})
	f.must(err)
}

func (f *fixture) disable(a account.Address) {
	f.Helper()
	_, err := f.api.AdminDisableUser(f.Context(), &sdk.AdminDisableUserInput{UserPoolId: &f.users.pool, Username: aws.String(string(a))})
	f.must(err)
}

func (f *fixture) mustReset(a account.Address) {
	f.Helper()
	_, err := f.api.AdminResetUserPassword(f.Context(), &sdk.AdminResetUserPasswordInput{UserPoolId: &f.users.pool, Username: aws.String(string(a))})
	f.must(err)
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before          func(*fixture, account.Address)
		email, password string
		want            error
	}{
		"the right pair":                       {(*fixture).confirmed, "Ann@Example.com", password, nil},
		"in other letters, with space around":  {(*fixture).confirmed, " aNN@eXAMPLE.COM ", password, nil},
		"a wrong password":                     {(*fixture).confirmed, "Ann@Example.com", another, ErrCredentials},
		"a password in other letters":          {(*fixture).confirmed, "Ann@Example.com", "secret1234", ErrCredentials},
		"somebody unknown":                     {(*fixture).confirmed, "bob@example.com", password, ErrCredentials},
		"what is no address":                   {(*fixture).confirmed, "ann", password, ErrCredentials},
		"a wrong password of somebody unsure":  {(*fixture).unconfirmed, "Ann@Example.com", another, ErrCredentials},
		"somebody who has not confirmed yet":   {(*fixture).unconfirmed, "Ann@Example.com", password, ErrUnconfirmed},
		"a password that must be changed":      {(*fixture).created, "Ann@Example.com", password, ErrMustReset},
		"a wrong one where one must change it": {(*fixture).created, "Ann@Example.com", another, ErrCredentials},
		"somebody disabled": {func(f *fixture, a account.Address) {
			f.confirmed(a)
			f.disable(a)
		}, "Ann@Example.com", password, ErrCredentials},
		"somebody whose password was reset": {func(f *fixture, a account.Address) {
			f.confirmed(a)
			f.mustReset(a)
		}, "Ann@Example.com", password, ErrMustReset},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c.before(f, ann)
			got, err := f.SignIn(t.Context(), c.email, c.password)
			f.is("sign in", err, c.want)
			if (err == nil) != (got.Access != "" && got.ID != "" && got.Refresh != "" && got.Lives > time.Minute) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestADomainInItsOwnLettersIsTheOneInIDNAForm(t *testing.T) {
	t.Parallel()
	f := open(t)
	if _, err := f.SignUp(t.Context(), "Ann@Bücher.example", "Ann", "Lee", password); err != nil {
		t.Fatal(err)
	}
	code := f.code("Ann@xn--bcher-kva.example")
	f.must(f.Confirm(t.Context(), "ann@BÜCHER.example", code))
	for _, email := range []string{"Ann@Bücher.example", "ann@xn--bcher-kva.example"} {
		_, err := f.SignIn(t.Context(), email, password)
		f.is(email, err, nil)
	}
}

func TestSigningUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*fixture, account.Address)
		taken  bool
		mails  int // that this sign-up sends
	}{
		"somebody new":                    {func(*fixture, account.Address) {}, false, 1},
		"somebody who has an account":     {(*fixture).confirmed, true, 0},
		"somebody who has not confirmed":  {(*fixture).unconfirmed, false, 1},
		"somebody whom an operator made":  {(*fixture).created, true, 0},
		"somebody whose password expired": {func(f *fixture, a account.Address) { f.confirmed(a); f.mustReset(a) }, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c.before(f, ann)
			before := f.sent(ann)
			taken, err := f.SignUp(t.Context(), "ann@example.COM", "Eve", "Fox", another)
			if got := f.sent(ann) + f.sent("ann@example.COM") - before; taken != c.taken || err != nil || got != c.mails {
				t.Errorf("taken %v, %v, %d mails; want %v, %d", taken, err, got, c.taken, c.mails)
			}
		})
	}
}

func TestSigningUpAgainLeavesThePasswordAndReplacesTheCode(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.unconfirmed(ann)
	old := f.code(ann)
	if taken, err := f.SignUp(t.Context(), ann, "Eve", "Fox", another); taken || err != nil {
		t.Fatal(taken, err)
	}
	if again := f.code(ann); again != old {
		f.is("the old code", f.Confirm(t.Context(), string(ann), old), ErrCode)
	}
	f.must(f.Confirm(t.Context(), string(ann), f.code(ann)))
	_, err := f.SignIn(t.Context(), string(ann), another)
	f.is("the second password", err, ErrCredentials)
	_, err = f.SignIn(t.Context(), string(ann), password)
	f.is("the first password", err, nil)
}

func TestAPasswordThatThePoolRefusesIsTheCallers(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, err := f.SignUp(t.Context(), ann, "Ann", "Lee", "secret")
	f.is("sign up", err, ErrPassword)
	_, _, err = f.users.Provision(t.Context(), ann, "Ann", "Lee", "secret")
	f.is("provision", err, ErrPassword)
	_, _, err = f.users.Provision(t.Context(), ann, "Ann", "Lee", password)
	f.is("and again with a good one", err, nil)
	f.must(f.Forgot(t.Context(), string(ann)))
	f.is("reset", f.ConfirmForgot(t.Context(), string(ann), f.code(ann), "secret", activity.Source{}), ErrPassword)
	f.is("the code is good still", f.ConfirmForgot(t.Context(), string(ann), f.code(ann), another, activity.Source{}), nil)
}

func TestSigningUpWithAnAddressThatIsTooLongForThePool(t *testing.T) {
	t.Parallel()
	f := open(t)
	long := account.Address(strings.Repeat("a", 128) + "@example.com")
	taken, err := f.SignUp(t.Context(), long, "Ann", "Lee", password)
	if f.is("signing up", err, ErrEmail); taken {
		t.Error("the address is said to be taken")
	}
}

func TestConfirmingASignUp(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.unconfirmed(ann)
	code, ctx := f.code(ann), t.Context()
	f.is("a wrong code", f.Confirm(ctx, string(ann), wrong(code)), ErrCode)
	f.is("what is no code", f.Confirm(ctx, string(ann), "abc def"), ErrCode)
	f.is("somebody unknown", f.Confirm(ctx, "bob@example.com", code), ErrCode)
	f.is("what is no address", f.Confirm(ctx, "bob", code), ErrCode)
	f.is("the code, in other letters", f.Confirm(ctx, "ANN@example.com", code), nil)
	f.is("the code again", f.Confirm(ctx, string(ann), code), ErrCode)
}

func TestGuessingACodeEnds(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.unconfirmed(ann)
	for range 5 {
		f.is("a guess", f.Confirm(t.Context(), string(ann), wrong(f.code(ann))), ErrCode)
	}
	f.is("the code, too late", f.Confirm(t.Context(), string(ann), f.code(ann)), ErrCode)
}

func TestRefreshing(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.confirmed(ann)
	session, err := f.SignIn(t.Context(), string(ann), password)
	f.must(err)
	for range 2 {
		fresh, err := f.Refresh(t.Context(), session.Refresh)
		f.must(err)
		if fresh.Refresh != session.Refresh || fresh.Access == "" || fresh.ID == "" || fresh.Lives != session.Lives {
			t.Errorf("%+v, want fresh tokens and the refresh token of %+v", fresh, session)
		}
	}
	for _, dead := range []string{"x", session.Access, session.Refresh + "x", "ünïcode"} {
		_, err := f.Refresh(t.Context(), dead)
		f.is(dead, err, account.ErrRevoked)
	}
}

func TestSigningOutEndsEverySession(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.confirmed(ann)
	var refresh []string
	for range 2 {
		session, err := f.SignIn(t.Context(), string(ann), password)
		f.must(err)
		refresh = append(refresh, session.Refresh)
	}
	f.must(f.users.SignOut(t.Context(), f.sub(ann)))
	f.must(f.users.SignOut(t.Context(), f.sub(ann)))
	for _, token := range refresh {
		_, err := f.Refresh(t.Context(), token)
		f.is("refresh", err, account.ErrRevoked)
	}
	_, err := f.SignIn(t.Context(), string(ann), password)
	f.is("signing in again", err, nil)
	f.is("an account that is gone", f.users.SignOut(t.Context(), "11111111-1111-4111-8111-111111111111"), nil)
}

func TestForgettingAPasswordTellsNothingOfAccounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*fixture, account.Address)
		mails  int
	}{
		"somebody with an account":       {(*fixture).confirmed, 1},
		"nobody":                         {func(*fixture, account.Address) {}, 0},
		"somebody who has not confirmed": {(*fixture).unconfirmed, 0},
		"somebody whom an operator made": {(*fixture).created, 0},
		"somebody disabled":              {func(f *fixture, a account.Address) { f.confirmed(a); f.disable(a) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c.before(f, ann)
			before := f.sent(ann)
			f.is("forgot", f.Forgot(t.Context(), string(ann)), nil)
			if got := f.sent(ann) - before; got != c.mails {
				t.Errorf("%d mails, want %d", got, c.mails)
			}
		})
	}
	f := open(t)
	f.is("what is no address", f.Forgot(t.Context(), "ann"), nil)
}

func TestAForgottenPasswordIsReplacedByItsCode(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.confirmed(ann)
	ctx := t.Context()
	f.must(f.Forgot(ctx, "ann@example.com"))
	code := f.code(ann)
	f.is("a wrong code", f.ConfirmForgot(ctx, string(ann), wrong(code), another, activity.Source{}), ErrCode)
	f.is("somebody unknown", f.ConfirmForgot(ctx, "bob@example.com", code, another, activity.Source{}), ErrCode)
	f.is("the code", f.ConfirmForgot(ctx, string(ann), code, another, activity.Source{}), nil)
	f.is("the code again", f.ConfirmForgot(ctx, string(ann), code, password, activity.Source{}), ErrCode)
	_, err := f.SignIn(ctx, string(ann), password)
	f.is("the old password", err, ErrCredentials)
	_, err = f.SignIn(ctx, string(ann), another)
	f.is("the new password", err, nil)
}

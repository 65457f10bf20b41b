package userpool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/org"
)

// look returns the user of an address as an operator sees it.
func (f *fixture) look(a account.Address) (types.UserStatusType, map[string]string) {
	f.Helper()
	out, err := f.api.AdminGetUser(f.Context(), &sdk.AdminGetUserInput{UserPoolId: &f.users.pool, Username: aws.String(a.Mailable())})
	f.must(err)
	all := map[string]string{}
	for _, x := range out.UserAttributes {
		all[*x.Name] = *x.Value
	}
	return out.UserStatus, all
}

func (f *fixture) sub(a account.Address) account.ID {
	f.Helper()
	_, user := f.look(a)
	return account.ID(user["sub"])
}

func TestAnActivatedInvitationHasAUserWhoeverBeganIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*fixture, account.Address)
		made   bool
	}{
		"nobody did":                        {func(*fixture, account.Address) {}, true},
		"an operator made the user":         {(*fixture).created, false},
		"a stranger signed up":              {(*fixture).unconfirmed, false},
		"an activation that was cut off":    {(*fixture).cutOff, false},
		"a stranger signed up, twice":       {func(f *fixture, a account.Address) { f.unconfirmed(a); f.unconfirmedAgain(a) }, false},
		"a stranger, then it was cut off":   {func(f *fixture, a account.Address) { f.unconfirmed(a); f.verified(a) }, false},
		"a stranger in other letters":       {func(f *fixture, _ account.Address) { f.unconfirmed("aNN@example.com") }, false},
		"an operator, and disabled it then": {func(f *fixture, a account.Address) { f.created(a); f.disable(a); f.enable(a) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c.before(f, ann)
			who, made, err := f.users.Provision(t.Context(), ann, "Anna", "Leigh", another)
			if made != c.made || err != nil {
				t.Fatalf("made %v, %v; want %v", made, err, c.made)
			}
			status, user := f.look(ann)
			want := map[string]string{
				"sub": string(who), "email": string(ann), "email_verified": "true", "given_name": "Anna", "family_name": "Leigh",
			}
			if diff := cmp.Diff(want, user); diff != "" || status != types.UserStatusTypeConfirmed {
				t.Errorf("%s (-want +got):\n%s", status, diff)
			}
			_, err = f.SignIn(t.Context(), string(ann), another)
			f.is("the given password", err, nil)
			_, err = f.SignIn(t.Context(), string(ann), password)
			f.is("the stranger's password", err, ErrCredentials)
			_, _, err = f.users.Provision(t.Context(), ann, "Eve", "Fox", password)
			f.is("activating again", err, org.ErrHasAccount)
		})
	}
}

// cutOff leaves a user as an activation does that ended behind its first call.
func (f *fixture) cutOff(a account.Address) {
	f.Helper()
	_, err := f.api.AdminCreateUser(f.Context(), &sdk.AdminCreateUserInput{
		UserPoolId: &f.users.pool, Username: aws.String(string(a)), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: proven(a, "Ann", "Lee"),
	})
	f.must(err)
}

func (f *fixture) unconfirmedAgain(a account.Address) {
	f.Helper()
	_, err := f.SignUp(f.Context(), a, "Eve", "Fox", "Stranger1234")
	f.must(err)
}

// verified leaves a stranger's sign-up as an activation does that ended behind its third call.
func (f *fixture) verified(a account.Address) {
	f.Helper()
	_, err := f.api.AdminUpdateUserAttributes(f.Context(), &sdk.AdminUpdateUserAttributesInput{
		UserPoolId: &f.users.pool, Username: aws.String(string(a)), UserAttributes: proven(a, "Anna", "Leigh"),
	})
	f.must(err)
	_, err = f.SignIn(f.Context(), string(a), password)
	f.is("until then a stranger's password opens nothing", err, ErrUnconfirmed)
}

func (f *fixture) enable(a account.Address) {
	f.Helper()
	_, err := f.api.AdminEnableUser(f.Context(), &sdk.AdminEnableUserInput{UserPoolId: &f.users.pool, Username: aws.String(string(a))})
	f.must(err)
}

func TestAStrangersCodeIsWorthNothingBehindAnActivation(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.unconfirmed(ann)
	code := f.code(ann)
	_, _, err := f.users.Provision(t.Context(), ann, "Anna", "Leigh", another)
	f.must(err)
	f.is("the code", f.Confirm(t.Context(), string(ann), code), ErrCode)
	_, err = f.SignIn(t.Context(), string(ann), password)
	f.is("the stranger's password", err, ErrCredentials)
}

func TestWhoHasAnAccountKeepsIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*fixture, account.Address)
		signIn error
	}{
		"a confirmed one":               {(*fixture).confirmed, nil},
		"a disabled one":                {func(f *fixture, a account.Address) { f.confirmed(a); f.disable(a) }, ErrCredentials},
		"one whose password was reset":  {func(f *fixture, a account.Address) { f.confirmed(a); f.mustReset(a) }, ErrMustReset},
		"one in other letters":          {func(f *fixture, _ account.Address) { f.confirmed("aNN@example.com") }, nil},
		"one that an activation made":   {func(f *fixture, a account.Address) { f.provisioned(a) }, nil},
		"one that took a stranger over": {func(f *fixture, a account.Address) { f.unconfirmed(a); f.provisioned(a) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c.before(f, ann)
			status, user := f.look(ann)
			who, made, err := f.users.Provision(t.Context(), ann, "Eve", "Fox", another)
			f.is("provision", err, org.ErrHasAccount)
			if who != "" || made {
				t.Errorf("%q, made %v", who, made)
			}
			after, same := f.look(ann)
			if diff := cmp.Diff(user, same); diff != "" || after != status {
				t.Errorf("it was changed: %s, %s\n%s", status, after, diff)
			}
			_, err = f.SignIn(t.Context(), string(ann), password)
			f.is("the own password", err, c.signIn)
			_, err = f.SignIn(t.Context(), string(ann), another)
			f.is("the other password", err, ErrCredentials)
		})
	}
}

func (f *fixture) provisioned(a account.Address) {
	f.Helper()
	_, _, err := f.users.Provision(f.Context(), a, "Ann", "Lee", password)
	f.must(err)
}

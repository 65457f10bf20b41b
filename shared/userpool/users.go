package userpool

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"roster/shared/account"
	"roster/shared/awsconfig"
	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/setting"
)

// Users is the pool's administration.
type Users struct {
	api  *cognito.Client
	pool string
}

// OpenUsers returns the administration of the pool in ROSTER_USER_POOL_ID.
func OpenUsers() *Users {
	return &Users{cognito.NewFromConfig(awsconfig.New("COGNITO_IDENTITY_PROVIDER")), setting.Text("ROSTER_USER_POOL_ID")}
}

// SignOut ends every session of the account. An account that is gone has none.
func (u *Users) SignOut(ctx context.Context, a account.ID) error {
	_, err := u.api.AdminUserGlobalSignOut(ctx, &cognito.AdminUserGlobalSignOutInput{UserPoolId: &u.pool, Username: aws.String(string(a))})
	if code(err) == "UserNotFoundException" {
		return nil
	}
	return translate(err, nil)
}

// Provision makes a user with a verified address and that password, or finishes one that was never
// used: created and given no password, or signed up and not confirmed. made reports that the user is
// new. org.ErrHasAccount for a user who can sign in already: their password is never touched.
//
// The order matters for a sign-up that somebody else may have begun with this address: it can sign
// in only when the password is the one given here. After a crash anywhere, a repeat goes on, or the
// person can sign in with that password.
func (u *Users) Provision(ctx context.Context, a account.Address, first, last, password string) (who account.ID, made bool, err error) {
	out, err := u.api.AdminCreateUser(ctx, &cognito.AdminCreateUserInput{
		UserPoolId: &u.pool, Username: aws.String(a.Mailable()), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: proven(a, first, last),
	})
	switch code(err) {
	case "UsernameExistsException":
		who, err = u.finish(ctx, a, first, last, password)
		return who, false, err
	case "":
		if err != nil {
			return "", false, unreachable(err)
		}
		who = subOf(out.User.Attributes)
		return who, true, u.setPassword(ctx, who, password)
	}
	return "", false, translate(err, account.ErrAddress)
}

// finish takes over a user whom nobody has used yet.
func (u *Users) finish(ctx context.Context, a account.Address, first, last, password string) (account.ID, error) {
	got, err := u.api.AdminGetUser(ctx, &cognito.AdminGetUserInput{UserPoolId: &u.pool, Username: aws.String(a.Mailable())})
	if err != nil {
		return "", translate(err, fault.ErrUnavailable) // there a moment ago, and gone
	}
	unconfirmed := got.UserStatus == types.UserStatusTypeUnconfirmed
	if !unconfirmed && got.UserStatus != types.UserStatusTypeForceChangePassword {
		return "", org.ErrHasAccount
	}
	who := subOf(got.UserAttributes)
	_, err = u.api.AdminUpdateUserAttributes(ctx, &cognito.AdminUpdateUserAttributesInput{
		UserPoolId: &u.pool, Username: aws.String(string(who)), UserAttributes: proven(a, first, last),
	})
	if err != nil {
		return "", translate(err, fault.ErrUnavailable)
	}
	if err := u.setPassword(ctx, who, password); err != nil || !unconfirmed {
		return who, err
	}
	_, err = u.api.AdminConfirmSignUp(ctx, &cognito.AdminConfirmSignUpInput{UserPoolId: &u.pool, Username: aws.String(string(who))})
	if code(err) == "NotAuthorizedException" {
		return who, nil // a permanent password has confirmed them already
	}
	return who, translate(err, fault.ErrUnavailable)
}

func (u *Users) setPassword(ctx context.Context, who account.ID, password string) error {
	_, err := u.api.AdminSetUserPassword(ctx, &cognito.AdminSetUserPasswordInput{
		UserPoolId: &u.pool, Username: aws.String(string(who)), Password: &password, Permanent: true,
	})
	return translate(err, nil)
}

func proven(a account.Address, first, last string) []types.AttributeType {
	return append(attributes(a, first, last), types.AttributeType{Name: aws.String("email_verified"), Value: aws.String("true")})
}

func subOf(attributes []types.AttributeType) account.ID {
	for _, x := range attributes {
		if aws.ToString(x.Name) == "sub" {
			return account.ID(aws.ToString(x.Value))
		}
	}
	return ""
}

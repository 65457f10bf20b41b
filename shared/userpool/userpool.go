// Package userpool is the Cognito user pool: sign-up, sign-in, sessions, passwords, and the users
// that an activated invitation makes. It turns what Cognito refuses into the answers of API.md §6,
// which never tell whether an address has an account.
package userpool

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/awsconfig"
	"roster/shared/fault"
	"roster/shared/setting"
)

// Client calls the pool as a page could: no credentials are needed, only the app client's id.
type Client struct {
	api *cognito.Client
	app string
}

// OpenClient returns the pool's public side, of the app client in ROSTER_USER_POOL_CLIENT_ID.
func OpenClient() *Client {
	return &Client{cognito.NewFromConfig(awsconfig.New("COGNITO_IDENTITY_PROVIDER")), setting.Text("ROSTER_USER_POOL_CLIENT_ID")}
}

// Failures of signing in and up.
var (
	ErrCredentials = fault.New(fault.Invalid, "Incorrect username or password.")
	ErrUnconfirmed = fault.New(fault.Precondition, "The account is not confirmed yet.")
	ErrMustReset   = fault.New(fault.Precondition, "The password must be reset before signing in.")
	ErrCode        = fault.New(fault.Invalid, "The code is not valid.")
	ErrEmail       = fault.New(fault.Invalid, "invalid field Email: value must be an e-mail address of at most 128 characters")
	ErrPassword    = fault.New(fault.Invalid, "invalid field Password: value does not meet the password rules")
	ErrTooMany     = fault.New(fault.Exhausted, "Too many attempts. Please wait before trying again.").After(time.Minute)
)

// Tokens are a session.
type Tokens struct {
	Access, ID, Refresh string
	Lives               time.Duration
}

// Claims are what an access token says of its user that whoever gets it from the pool itself may believe.
type Claims struct {
	Sub      account.ID `json:"sub"`
	LogEntry string     `json:"log_entry"` // where token-issue has logged the sign-in; "" where it has not
}

// Claims reads the access token, whose signature is not looked at: it came from the pool just now.
func (t Tokens) Claims() (c Claims) {
	if parts := strings.Split(t.Access, "."); len(parts) == 3 {
		payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
		_ = json.Unmarshal(payload, &c) // of what is no token nothing is said
	}
	return c
}

// SignIn trades an address and its password for a session. ErrCredentials is the one answer for
// every pair that is not right.
func (c *Client) SignIn(ctx context.Context, email, password string) (Tokens, error) {
	return c.authenticate(ctx, types.AuthFlowTypeUserPasswordAuth,
		map[string]string{"USERNAME": username(email), "PASSWORD": password}, ErrCredentials)
}

// Refresh trades a refresh token for fresh tokens; the refresh token stays the same. A dead one is
// account.ErrRevoked.
func (c *Client) Refresh(ctx context.Context, token string) (Tokens, error) {
	t, err := c.authenticate(ctx, types.AuthFlowTypeRefreshTokenAuth,
		map[string]string{"REFRESH_TOKEN": token}, account.ErrRevoked)
	t.Refresh = token
	return t, err
}

func (c *Client) authenticate(ctx context.Context, flow types.AuthFlowType, with map[string]string, wrong error) (Tokens, error) {
	out, err := c.api.InitiateAuth(ctx, &cognito.InitiateAuthInput{ClientId: &c.app, AuthFlow: flow, AuthParameters: with})
	if err != nil {
		return Tokens{}, translate(err, wrong)
	}
	if out.AuthenticationResult == nil {
		return Tokens{}, ErrMustReset // a challenge: the password was set by an operator and must be changed
	}
	r := out.AuthenticationResult
	return Tokens{
		Access: aws.ToString(r.AccessToken), ID: aws.ToString(r.IdToken), Refresh: aws.ToString(r.RefreshToken),
		Lives: time.Duration(r.ExpiresIn) * time.Second,
	}, nil
}

// SignUp makes an unconfirmed user and has a code mailed to the address. taken reports that there is
// a confirmed user already, which the caller must not learn from the answer; an unconfirmed one
// gets a new code. ErrEmail for an address that the pool takes for nobody's.
func (c *Client) SignUp(ctx context.Context, a account.Address, first, last, password string) (taken bool, err error) {
	_, err = c.api.SignUp(ctx, &cognito.SignUpInput{
		ClientId: &c.app, Username: aws.String(a.Mailable()), Password: &password, UserAttributes: attributes(a, first, last),
	})
	switch code(err) {
	case "UsernameExistsException":
	case "InvalidParameterException":
		return false, ErrEmail // names and password were checked by rules at least as strict
	default:
		return false, translate(err, nil)
	}
	_, err = c.api.ResendConfirmationCode(ctx, &cognito.ResendConfirmationCodeInput{ClientId: &c.app, Username: aws.String(a.Mailable())})
	switch code(err) {
	case "InvalidParameterException", "NotAuthorizedException":
		return true, nil
	case "LimitExceededException", "TooManyRequestsException":
		return false, nil // enough codes are on their way; saying so would tell of the account
	}
	return false, translate(err, fault.ErrUnavailable) // there a moment ago, and gone
}

// username is an address as the pool holds it; what is none is left for the pool to refuse.
func username(email string) string {
	if a, err := account.ParseAddress(email); err == nil {
		return a.Mailable()
	}
	return email
}

func attributes(a account.Address, first, last string) []types.AttributeType {
	var all []types.AttributeType
	for _, x := range [][2]string{{"email", a.Mailable()}, {"given_name", first}, {"family_name", last}} {
		all = append(all, types.AttributeType{Name: aws.String(x[0]), Value: aws.String(x[1])})
	}
	return all
}

// Confirm ends a sign-up with the code from the mail; ErrCode, also for the right one after too many
// wrong ones.
func (c *Client) Confirm(ctx context.Context, email, with string) error {
	_, err := c.api.ConfirmSignUp(ctx, &cognito.ConfirmSignUpInput{ClientId: &c.app, Username: aws.String(username(email)), ConfirmationCode: &with})
	return translateCode(err)
}

// Forgot has a code for a new password mailed, if the address has an account; it does not tell.
func (c *Client) Forgot(ctx context.Context, email string) error {
	_, err := c.api.ForgotPassword(ctx, &cognito.ForgotPasswordInput{ClientId: &c.app, Username: aws.String(username(email))})
	switch code(err) {
	case "UserNotFoundException", "InvalidParameterException", "NotAuthorizedException", "UserNotConfirmedException",
		"LimitExceededException": // which counts the codes of one user, and so tells of the account
		return nil
	}
	return translate(err, nil)
}

// ConfirmForgot sets a new password with the code from the mail; ErrPassword, and ErrCode as Confirm. The
// trigger that logs it is told from where. So is it by others who call the pool, with what they like to tell.
func (c *Client) ConfirmForgot(ctx context.Context, email, with, password string, from activity.Source) error {
	_, err := c.api.ConfirmForgotPassword(ctx, &cognito.ConfirmForgotPasswordInput{
		ClientId: &c.app, Username: aws.String(username(email)), ConfirmationCode: &with, Password: &password, ClientMetadata: from.Metadata(),
	})
	return translateCode(err)
}

// translateCode is translate where a code was sent back. What counts the tries of one user, or knows
// of the user at all, would tell of the account: to the caller the code is not valid.
func translateCode(err error) error {
	switch code(err) {
	case "LimitExceededException", "TooManyFailedAttemptsException", "UserNotConfirmedException":
		return ErrCode
	}
	return translate(err, ErrCode)
}

// code is the name of the exception that AWS answered with, "" for none.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// translate turns what Cognito said into what the caller hears. wrong is the answer where a secret
// or an address was not the right one.
func translate(err, wrong error) error {
	if failed(err) {
		return unreachable(err)
	}
	switch code(err) {
	case "NotAuthorizedException", "UserNotFoundException", "CodeMismatchException", "ExpiredCodeException", "AliasExistsException":
		return cause(wrong, err)
	case "InvalidParameterException":
		return cause(wrong, err) // too long, or of characters that no user name, code or token has
	case "UserNotConfirmedException":
		return ErrUnconfirmed
	case "PasswordResetRequiredException":
		return ErrMustReset
	case "InvalidPasswordException", "PasswordHistoryPolicyViolationException":
		return ErrPassword
	case "TooManyRequestsException", "LimitExceededException":
		return ErrTooMany
	case "", "UnexpectedLambdaException", "UserLambdaValidationException":
		return unreachable(err) // no answer, or none of a trigger that the answer waits for
	}
	return fmt.Errorf("userpool: %w", err)
}

// failed reports whether AWS answered that it is at fault itself, under whatever name.
func failed(err error) bool {
	var answer *http.ResponseError
	return errors.As(err, &answer) && answer.HTTPStatusCode() >= 500
}

func cause(wrong, err error) error {
	if wrong == nil {
		return fmt.Errorf("userpool: %w", err)
	}
	return wrong
}

func unreachable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: userpool: %w", fault.ErrUnavailable, err)
}

package cognito

import (
	"context"
	"encoding/json"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/uuid"
)

// signIn is InitiateAuth: a password or a refresh token for fresh tokens.
func (p *Pool) signIn(ctx context.Context, in cip.InitiateAuthInput) (any, error) {
	switch in.AuthFlow {
	case types.AuthFlowTypeUserPasswordAuth:
		return p.authenticate(ctx, in.AuthParameters)
	case types.AuthFlowTypeRefreshTokenAuth, types.AuthFlowTypeRefreshToken:
		return p.refresh(ctx, in.AuthParameters["REFRESH_TOKEN"])
	}
	return nil, badParameter(string(in.AuthFlow) + " is not enabled for the client.")
}

func (p *Pool) authenticate(ctx context.Context, with map[string]string) (any, error) {
	name, password := with["USERNAME"], with["PASSWORD"]
	switch {
	case name == "":
		return nil, badParameter("Missing required parameter USERNAME")
	case password == "":
		return nil, badParameter("Missing required parameter PASSWORD")
	}
	u, err := p.look(&name)
	if err != nil || !u.hasPassword(password) {
		return nil, errWrongPair // nobody and a wrong password are one answer
	}
	if err := maySignIn(u); err != nil {
		return nil, err
	}
	if u.status == mustChange {
		return challenge(u)
	}
	return p.open(ctx, u)
}

// maySignIn returns why a user who knows the password may not sign in, or nil.
func maySignIn(u user) error {
	switch {
	case u.disabled:
		return errDisabled
	case u.status == unconfirmed:
		return errUnconfirmed
	case u.status == resetRequired:
		return errMustReset
	}
	return nil
}

// challenge asks the holder of a temporary password for one of their own.
func challenge(u user) (any, error) {
	attributes := u.attributes()
	delete(attributes, "sub")
	shown, err := json.Marshal(attributes)
	return map[string]any{
		"ChallengeName": types.ChallengeNameTypeNewPasswordRequired,
		"Session":       uuid.NewString(),
		"ChallengeParameters": map[string]string{
			"USER_ID_FOR_SRP": u.sub, "requiredAttributes": "[]", "userAttributes": string(shown),
		},
	}, err
}

// open runs the trigger, then begins the session: a user who was deleted or disabled meanwhile gets
// none.
func (p *Pool) open(ctx context.Context, u user) (any, error) {
	change, err := p.preToken(ctx, "TokenGeneration_Authentication", u)
	if err != nil {
		return nil, err
	}
	s, u, err := p.begin(u.sub)
	if err != nil {
		return nil, err
	}
	result, err := p.issue(s, u, change)
	if err != nil {
		return nil, err
	}
	result["RefreshToken"] = s.refreshToken()
	return authenticated(result), nil
}

// refresh looks at the session again after the trigger, which may have taken a while.
func (p *Pool) refresh(ctx context.Context, token string) (any, error) {
	_, u, err := p.resume(token)
	if err != nil {
		return nil, err
	}
	change, err := p.preToken(ctx, "TokenGeneration_RefreshTokens", u)
	if err != nil {
		return nil, err
	}
	s, u, err := p.resume(token)
	if err != nil {
		return nil, err
	}
	result, err := p.issue(s, u, change)
	if err != nil {
		return nil, err
	}
	return authenticated(result), nil
}

func authenticated(result map[string]any) any {
	return map[string]any{"AuthenticationResult": result, "ChallengeParameters": map[string]string{}}
}

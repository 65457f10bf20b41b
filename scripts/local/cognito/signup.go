package cognito

import (
	"context"
	"errors"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// nothing is the answer of an action that has nothing to say.
var nothing = struct{}{}

// register makes an unconfirmed user and mails the code.
func (p *Pool) register(_ context.Context, in cip.SignUpInput) (any, error) {
	u := user{status: unconfirmed, email: value(in.Username), signUp: newCode(p.Now(), signUpLife)}
	if !isEmail(u.email) {
		return nil, errNotAnEmail
	}
	if err := checkPassword(value(in.Password)); err != nil {
		return nil, err
	}
	if err := u.fill(in.UserAttributes); err != nil {
		return nil, err
	}
	u.setPassword(*in.Password)
	u, err := p.add(u, errExists)
	if err != nil {
		return nil, err
	}
	p.send(u.email, activation, u.signUp)
	return map[string]any{"UserConfirmed": false, "UserSub": u.sub, "CodeDeliveryDetails": delivery(u.email)}, nil
}

// resend replaces the code of an unconfirmed user. For nobody and for a disabled user it only says
// that it did.
func (p *Pool) resend(_ context.Context, in cip.ResendConfirmationCodeInput) (any, error) {
	u, err := p.change(in.Username, func(u *user) error {
		if u.status != unconfirmed {
			return errConfirmed
		}
		u.signUp = newCode(p.Now(), signUpLife)
		return nil
	})
	told := map[string]any{"CodeDeliveryDetails": delivery(value(in.Username))}
	if errors.Is(err, errNoUser) || u.disabled {
		return told, nil
	}
	if err != nil {
		return nil, err
	}
	p.send(u.email, activation, u.signUp)
	return told, nil
}

// confirm ends a sign-up: the code proves the address. The user stays confirmed when the trigger
// fails, and the trigger is not run again.
func (p *Pool) confirm(ctx context.Context, in cip.ConfirmSignUpInput) (any, error) {
	u, err := p.change(in.Username, func(u *user) error {
		if u.status != unconfirmed {
			return cannotConfirm(u.status)
		}
		if err := u.signUp.redeem(value(in.ConfirmationCode), p.Now()); err != nil {
			return err
		}
		u.status, u.verified, u.signUp = confirmed, true, code{}
		return nil
	})
	if errors.Is(err, errNoUser) {
		return nil, errCodeExpired
	}
	if err != nil {
		return nil, err
	}
	return nothing, p.postConfirmation(ctx, "PostConfirmation_ConfirmSignUp", u, in.ClientMetadata)
}

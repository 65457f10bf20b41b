package cognito

import (
	"context"
	"errors"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// forgot mails a code for a new password. For nobody and for a disabled user it only says that it
// did; a user whose address is not verified cannot be reached.
func (p *Pool) forgot(_ context.Context, in cip.ForgotPasswordInput) (any, error) {
	told := map[string]any{"CodeDeliveryDetails": delivery(value(in.Username))}
	u, err := p.change(in.Username, func(u *user) error {
		switch {
		case u.disabled:
			return errDisabled
		case u.status == mustChange:
			return errCannotReset
		case !u.verified:
			return errNoVerifiedEmail
		}
		u.reset = newCode(p.Now(), resetLife)
		return nil
	})
	if errors.Is(err, errNoUser) || errors.Is(err, errDisabled) {
		return told, nil
	}
	if err != nil {
		return nil, err
	}
	p.send(u.email, reset, u.reset)
	return told, nil
}

// confirmForgot sets a new password with the code from the mail, which proves the address too. A
// refused password does not consume the code.
func (p *Pool) confirmForgot(ctx context.Context, in cip.ConfirmForgotPasswordInput) (any, error) {
	if err := checkPassword(value(in.Password)); err != nil {
		return nil, err
	}
	u, err := p.change(in.Username, func(u *user) error {
		if u.disabled {
			return errCodeMismatch
		}
		if err := u.reset.redeem(value(in.ConfirmationCode), p.Now()); err != nil {
			return err
		}
		u.status, u.verified, u.reset, u.signUp = confirmed, true, code{}, code{}
		u.setPassword(*in.Password)
		return nil
	})
	if errors.Is(err, errNoUser) {
		return nil, errCodeMismatch
	}
	if err != nil {
		return nil, err
	}
	return nothing, p.postConfirmation(ctx, "PostConfirmation_ConfirmForgotPassword", u, in.ClientMetadata)
}

// adminReset makes the password useless until it was reset with the code that is mailed.
func (p *Pool) adminReset(_ context.Context, in cip.AdminResetUserPasswordInput) (any, error) {
	u, err := p.change(in.Username, func(u *user) error {
		switch {
		case u.status != confirmed && u.status != resetRequired:
			return errCannotReset
		case !u.verified:
			return errNoVerifiedEmail
		}
		u.status, u.reset = resetRequired, newCode(p.Now(), resetLife)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.send(u.email, reset, u.reset)
	return nothing, nil
}

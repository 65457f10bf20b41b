package cognito

import (
	"context"
	"crypto/rand"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// adminCreate makes a user who must change a temporary password, one that nobody knows unless it is
// given. Invitations by mail are not this pool's: the message must be suppressed.
func (p *Pool) adminCreate(_ context.Context, in cip.AdminCreateUserInput) (any, error) {
	if in.MessageAction != types.MessageActionTypeSuppress {
		return nil, badParameter("The local user pool creates users with MessageAction SUPPRESS only.")
	}
	u := user{status: mustChange, email: value(in.Username)}
	if !isEmail(u.email) {
		return nil, errNotAnEmail
	}
	temporary := rand.Text() + "a1A"
	if in.TemporaryPassword != nil {
		temporary = *in.TemporaryPassword
	}
	if err := checkPassword(temporary); err != nil {
		return nil, err
	}
	if err := u.update(in.UserAttributes); err != nil {
		return nil, err
	}
	u.setPassword(temporary)
	u, err := p.add(u, errAccountExists)
	if err != nil {
		return nil, err
	}
	profile := u.profile()
	profile["Attributes"] = u.list()
	return map[string]any{"User": profile}, nil
}

func (p *Pool) adminGet(_ context.Context, in cip.AdminGetUserInput) (any, error) {
	u, err := p.look(in.Username)
	if err != nil {
		return nil, err
	}
	profile := u.profile()
	profile["UserAttributes"] = u.list()
	return profile, nil
}

// profile is what both calls that show a user have in common.
func (u *user) profile() map[string]any {
	return map[string]any{
		"Username": u.sub, "Enabled": !u.disabled, "UserStatus": u.status,
		"UserCreateDate": epoch(u.created), "UserLastModifiedDate": epoch(u.modified),
	}
}

func (u *user) list() []types.AttributeType {
	var list []types.AttributeType
	for name, text := range u.attributes() {
		list = append(list, types.AttributeType{Name: &name, Value: &text})
	}
	return list
}

// epoch is a time as JSON 1.1 has it: seconds, with a fraction.
func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// adminConfirm confirms a sign-up without a code, and so without verifying the address.
func (p *Pool) adminConfirm(ctx context.Context, in cip.AdminConfirmSignUpInput) (any, error) {
	u, err := p.change(in.Username, func(u *user) error {
		if u.status != unconfirmed {
			return cannotConfirm(u.status)
		}
		u.status, u.signUp = confirmed, code{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return nothing, p.postConfirmation(ctx, "PostConfirmation_ConfirmSignUp", u, in.ClientMetadata)
}

// adminSetPassword sets a password that lasts, or one that must be changed. Sessions stay.
func (p *Pool) adminSetPassword(ctx context.Context, in cip.AdminSetUserPasswordInput) (any, error) {
	if err := checkPassword(value(in.Password)); err != nil {
		return nil, err
	}
	u, err := p.change(in.Username, func(u *user) error {
		u.setPassword(*in.Password)
		u.status, u.signUp, u.reset = mustChange, code{}, code{}
		if in.Permanent {
			u.status = confirmed
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.report(ctx, "AdminSetUserPassword", u.sub)
	return nothing, nil
}

// adminUpdate sets attributes; an address that another user has is refused.
func (p *Pool) adminUpdate(_ context.Context, in cip.AdminUpdateUserAttributesInput) (any, error) {
	_, err := p.change(in.Username, func(u *user) error {
		next := *u
		if err := next.update(in.UserAttributes); err != nil {
			return err
		}
		if other := p.find(next.email); other != nil && other != u {
			return errAliasExists
		}
		delete(p.subs, alias(u.email))
		p.subs[alias(next.email)] = u.sub
		*u = next
		return nil
	})
	return nothing, err
}

func (p *Pool) adminEnable(_ context.Context, in cip.AdminEnableUserInput) (any, error) {
	_, err := p.change(in.Username, func(u *user) error {
		u.disabled = false
		return nil
	})
	return nothing, err
}

package cognito

import (
	"context"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// What ends a user's sessions, or sets a password, is also what CloudTrail's events are delivered of,
// before the call answers: on AWS they take minutes, which nobody should wait for here.

func (p *Pool) adminDisable(ctx context.Context, in cip.AdminDisableUserInput) (any, error) {
	u, err := p.change(in.Username, func(u *user) error {
		u.disabled = true
		p.revoke(u.sub)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.report(ctx, "AdminDisableUser", u.sub)
	return nothing, nil
}

func (p *Pool) adminSignOut(ctx context.Context, in cip.AdminUserGlobalSignOutInput) (any, error) {
	return p.end(ctx, "AdminUserGlobalSignOut", in.Username)
}

// signOut ends all sessions of the user whose access token it is.
func (p *Pool) signOut(ctx context.Context, in cip.GlobalSignOutInput) (any, error) {
	sub, err := p.bearer(value(in.AccessToken))
	if err != nil {
		return nil, err
	}
	return p.end(ctx, "GlobalSignOut", &sub)
}

func (p *Pool) end(ctx context.Context, call string, name *string) (any, error) {
	u, err := p.change(name, func(u *user) error {
		p.revoke(u.sub)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.report(ctx, call, u.sub)
	return nothing, nil
}

func (p *Pool) adminDelete(ctx context.Context, in cip.AdminDeleteUserInput) (any, error) {
	return p.drop(ctx, "AdminDeleteUser", in.Username)
}

// deleteSelf deletes the user whose access token it is.
func (p *Pool) deleteSelf(ctx context.Context, in cip.DeleteUserInput) (any, error) {
	sub, err := p.bearer(value(in.AccessToken))
	if err != nil {
		return nil, err
	}
	return p.drop(ctx, "DeleteUser", &sub)
}

func (p *Pool) drop(ctx context.Context, call string, name *string) (any, error) {
	u, err := p.remove(name)
	if err != nil {
		return nil, err
	}
	p.report(ctx, call, u.sub)
	return nothing, nil
}

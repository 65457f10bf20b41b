package cognito

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// The pool's policy: at least ten characters, one of each class, no symbol needed. More than 256,
// or white space at either end, Cognito takes from nobody.
const (
	minPassword = 10
	maxPassword = 256
)

// checkPassword returns what is wrong with a new password, or nil.
func checkPassword(s string) error {
	switch {
	case s == "" || strings.TrimSpace(s) != s || utf8.RuneCountInString(s) > maxPassword:
		return badParameter("1 validation error detected: Value at 'password' failed to satisfy constraint.")
	case utf8.RuneCountInString(s) < minPassword:
		return badPassword("Password not long enough")
	case !strings.ContainsFunc(s, unicode.IsLower):
		return badPassword("Password must have lowercase characters")
	case !strings.ContainsFunc(s, unicode.IsUpper):
		return badPassword("Password must have uppercase characters")
	case !strings.ContainsFunc(s, unicode.IsDigit):
		return badPassword("Password must have numeric characters")
	}
	return nil
}

func badPassword(why string) *Failure {
	return &Failure{"InvalidPasswordException", "Password did not conform with policy: " + why}
}

// changePassword lets a signed-in user replace their password. Sessions stay as they are.
func (p *Pool) changePassword(ctx context.Context, in cip.ChangePasswordInput) (any, error) {
	sub, err := p.bearer(value(in.AccessToken))
	if err != nil {
		return nil, err
	}
	if err := checkPassword(value(in.ProposedPassword)); err != nil {
		return nil, err
	}
	_, err = p.change(&sub, func(u *user) error {
		if !u.hasPassword(value(in.PreviousPassword)) {
			return errWrongPair
		}
		u.setPassword(*in.ProposedPassword)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.report(ctx, "ChangePassword", sub)
	return nothing, nil
}

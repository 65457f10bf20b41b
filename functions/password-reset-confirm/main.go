// Command password-reset-confirm sets a new password with the code from the mail.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/httpapi"
	"roster/shared/userpool"
)

type body struct {
	Email    string `json:"email"`
	Code     string `json:"code"`
	Password string `json:"password"`
}

func main() {
	pool := userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		if err := r.Body.check(); err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, pool.ConfirmForgot(ctx, r.Body.Email, r.Body.Code, r.Body.Password, activity.From(r.Caller))
	})
}

func (b *body) check() error {
	if err := httpapi.Required("Email", b.Email); err != nil {
		return err
	}
	if err := httpapi.Required("Code", b.Code); err != nil {
		return err
	}
	return account.CheckPassword(b.Password, "", "") // whose it is, and so their names, only the pool knows
}

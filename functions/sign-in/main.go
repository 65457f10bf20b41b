// Command sign-in trades an e-mail address and its password for a session.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/userpool"
)

type body struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func main() {
	pool := userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Session, error) {
		if err := r.Body.check(); err != nil {
			return httpapi.Session{}, err
		}
		t, err := pool.SignIn(ctx, r.Body.Email, r.Body.Password)
		return httpapi.SessionOf(t.Access, t.ID, t.Refresh, t.Lives), err
	})
}

func (b *body) check() error {
	if err := httpapi.Required("Email", b.Email); err != nil {
		return err
	}
	return httpapi.Required("Password", b.Password)
}

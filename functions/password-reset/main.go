// Command password-reset has a code for a new password mailed, and never tells whether the address
// has an account.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/userpool"
)

type body struct {
	Email string `json:"email"`
}

func main() {
	pool := userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		if err := httpapi.Required("Email", r.Body.Email); err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, pool.Forgot(ctx, r.Body.Email)
	})
}

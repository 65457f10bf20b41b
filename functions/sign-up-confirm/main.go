// Command sign-up-confirm ends a sign-up with the code from the mail.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/userpool"
)

type body struct {
	Email string `json:"email"`
	Code  string `json:"code"`
}

func main() {
	pool := userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		if err := httpapi.Required("Email", r.Body.Email); err != nil {
			return httpapi.Empty{}, err
		}
		if err := httpapi.Required("Code", r.Body.Code); err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, pool.Confirm(ctx, r.Body.Email, r.Body.Code)
	})
}

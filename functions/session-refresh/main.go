// Command session-refresh trades a refresh token for fresh tokens.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/userpool"
)

type body struct {
	Token string `json:"refresh_token"`
}

func main() {
	pool := userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Session, error) {
		if err := httpapi.Required("RefreshToken", r.Body.Token); err != nil {
			return httpapi.Session{}, err
		}
		t, err := pool.Refresh(ctx, r.Body.Token)
		return httpapi.SessionOf(t.Access, t.ID, t.Refresh, t.Lives), err
	})
}

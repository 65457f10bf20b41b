// Command profile-get shows the caller's own account.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/store"
)

type answer struct {
	Email     string `json:"email"`
	First     string `json:"first_name"`
	Last      string `json:"last_name"`
	TOS       bool   `json:"tos"`
	Marketing bool   `json:"marketing"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		a, err := db.Account(ctx, r.Caller)
		return answer{string(a.Address), a.First, a.Last, a.TOS, a.Marketing}, err
	})
}

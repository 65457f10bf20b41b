// Command sign-up begins an account: Cognito mails a code to the address. The answer, and the time
// that it takes, are the same whether or not the address has an account.
package main

import (
	"context"
	"log/slog"
	"time"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/store"
	"roster/shared/userpool"
)

// steady is the beat on which answers go out: longer than signing up usually takes, so that what
// was done meanwhile cannot be told from when the answer comes.
const steady = time.Second

type body struct {
	Email    string `json:"email"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Password string `json:"password"`
}

func main() {
	db, pool := store.Open(), userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		address, err := r.Body.parse()
		if err != nil {
			return httpapi.Empty{}, err
		}
		begun := time.Now()
		err = signUp(ctx, db, pool, address, r.Body)
		wait(ctx, begun)
		return httpapi.Empty{}, err
	})
}

func (b *body) parse() (account.Address, error) {
	if err := httpapi.Required("Email", b.Email); err != nil {
		return "", err
	}
	address, err := account.ParseAddress(b.Email)
	if err != nil {
		return "", fault.Invalidf("invalid field Email: value '%s' must be an e-mail address", b.Email)
	}
	if b.First, err = account.ParseName("FirstName", b.First); err != nil {
		return "", err
	}
	if b.Last, err = account.ParseName("LastName", b.Last); err != nil {
		return "", err
	}
	return address, account.CheckPassword(b.Password, b.First, b.Last)
}

func signUp(ctx context.Context, db *store.Store, pool *userpool.Client, a account.Address, b body) error {
	taken, err := pool.SignUp(ctx, a, b.First, b.Last, b.Password)
	if err != nil || !taken {
		return err
	}
	if err := db.QueueNotice(ctx, a); err != nil {
		slog.ErrorContext(ctx, "notice not queued", "error", err) // in the answer it would tell of the account
	}
	return nil
}

// wait ends at the next beat since begun.
func wait(ctx context.Context, begun time.Time) {
	rest := time.NewTimer(steady - time.Since(begun)%steady)
	defer rest.Stop()
	select {
	case <-ctx.Done():
	case <-rest.C:
	}
}

// Command sign-in trades an e-mail address and its password for a session, and adds to the entry that a
// member's sign-in has in the log from where it was.
package main

import (
	"context"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/httpapi"
	"roster/shared/store"
	"roster/shared/tally"
	"roster/shared/telemetry"
	"roster/shared/userpool"
)

type body struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func main() {
	db, pool := store.Open(), userpool.OpenClient()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Session, error) {
		if err := r.Body.check(); err != nil {
			return httpapi.Session{}, err
		}
		t, err := pool.SignIn(ctx, r.Body.Email, r.Body.Password)
		if err != nil {
			return httpapi.Session{}, err
		}
		locate(ctx, db, t, r.Caller)
		return httpapi.SessionOf(t.Access, t.ID, t.Refresh, t.Lives), nil
	})
}

// patience is how long the table may keep somebody waiting who is signed in already.
const patience = 500 * time.Millisecond

// locate adds to the sign-in's entry from where it was. What keeps it from that is for the log alone.
func locate(ctx context.Context, db *store.Store, t userpool.Tokens, from account.Caller) {
	claims := t.Claims()
	place, ok := activity.ParsePlace(claims.LogEntry)
	if !ok {
		return // nobody's who is a member
	}
	tally.Of(ctx).By(string(claims.Sub))
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := db.SignedInFrom(ctx, place, claims.Sub, activity.From(from)); err != nil {
		telemetry.Failed(ctx, "sign-in not located", err)
	}
}

func (b *body) check() error {
	if err := httpapi.Required("Email", b.Email); err != nil {
		return err
	}
	return httpapi.Required("Password", b.Password)
}

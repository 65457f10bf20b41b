// Command profile-update changes the caller's names and consents; new names show in the members list
// at once.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type body struct {
	First     string `json:"first_name"`
	Last      string `json:"last_name"`
	TOS       *bool  `json:"tos"`
	Marketing *bool  `json:"marketing"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		if err := r.Body.parse(); err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, update(ctx, db, r.Caller, r.Body)
	})
}

func (b *body) parse() (err error) {
	if b.First, err = account.ParseName("FirstName", b.First); err != nil {
		return err
	}
	b.Last, err = account.ParseName("LastName", b.Last)
	return err
}

func update(ctx context.Context, db *store.Store, c account.Caller, b body) error {
	return db.Settle(ctx, func() error {
		a, err := db.Account(ctx, c)
		if err != nil {
			return err
		}
		want := b.of(a)
		if want == a {
			return nil
		}
		return db.UpdateProfile(ctx, a, want)
	})
}

// of returns a with what the body changes; a consent that it does not name stays.
func (b body) of(a account.Account) account.Account {
	a.First, a.Last = b.First, b.Last
	if b.TOS != nil {
		a.TOS = *b.TOS
	}
	if b.Marketing != nil {
		a.Marketing = *b.Marketing
	}
	return a
}

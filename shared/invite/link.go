package invite

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/userpool"
)

// Glimpse is what a link tells whoever holds it.
type Glimpse struct {
	State      string // the state token, good for five minutes
	Address    account.Address
	Org        string
	Role       org.Role
	HasAccount bool
}

// Validate looks at a link without consuming it. org.ErrLink is the one answer to every link that
// does not open anything.
func Validate(ctx context.Context, db *store.Store, token string) (Glimpse, error) {
	link, err := org.ParseLink(token)
	if err != nil {
		return Glimpse{}, err
	}
	var g Glimpse
	err = db.Settle(ctx, func() error {
		seen, _, err := db.LookLink(ctx, link, "")
		if err != nil {
			return err
		}
		row := seen.Row()
		if err := org.MayOpen(seen.Org, row.Member, row.Invitation, link.Secret, seen.At); err != nil {
			return err
		}
		state := org.NewLink(link.Org, link.Member)
		g = Glimpse{State: state.Token(), Address: row.Member.Address, Org: seen.Org.Name, Role: row.Member.Role}
		both, ctx := errgroup.WithContext(ctx)
		both.Go(func() error { return db.PutState(ctx, seen, state.Secret.Hash()) })
		both.Go(func() (err error) {
			g.HasAccount, err = db.HasAccount(ctx, row.Member.Address)
			return err
		})
		return both.Wait()
	})
	return g, err
}

// Profile is what somebody without an account gives to activate an invitation.
type Profile struct {
	First, Last    string
	TOS, Marketing bool
	Password       string
}

// Activate makes an account for the address that a link proved, and makes it a member. The look and
// the rules come first, the user in the pool next, the transaction last: after a crash anywhere the
// person can sign in and accept. org.ErrLink, org.ErrHasAccount.
func Activate(ctx context.Context, db *store.Store, users *userpool.Users, c account.Caller, token string, p Profile) error {
	link, err := org.ParseLink(token)
	if err != nil {
		return err
	}
	seen, err := lookState(ctx, db, c, link)
	if err != nil {
		return err
	}
	who, made, err := users.Provision(ctx, seen.Row().Member.Address, p.First, p.Last, p.Password)
	if err != nil {
		return err
	}
	// What was seen before the user was made is good enough for a first try with a new user.
	if made {
		if err = admit(ctx, db, seen, link, account.Account{}, p.of(who, seen)); !errors.Is(err, store.ErrMoved) {
			return err
		}
	}
	return db.Settle(ctx, func() error {
		seen, err := lookState(ctx, db, c, link)
		if err != nil {
			return err
		}
		before, err := db.Find(ctx, who)
		if err != nil {
			return err
		}
		elsewhere, err := db.Holder(ctx, before, seen.Org.ID)
		if err != nil {
			return err
		}
		if err := org.MayCreate(elsewhere); err != nil {
			return err
		}
		return admit(ctx, db, seen, link, before, p.of(who, seen))
	})
}

func lookState(ctx context.Context, db *store.Store, c account.Caller, link org.Link) (store.Seen, error) {
	seen, state, err := db.LookLink(ctx, link, link.Secret.Hash())
	if err != nil {
		return store.Seen{}, err
	}
	seen.Caller = c
	row := seen.Row()
	return seen, org.MayActivate(seen.Org, row.Member, row.Invitation, state, seen.At)
}

func admit(ctx context.Context, db *store.Store, seen store.Seen, link org.Link, before, after account.Account) error {
	return db.Activate(ctx, seen, link.Secret.Hash(), before, after)
}

// of returns the account that the profile makes of the user.
func (p Profile) of(who account.ID, seen store.Seen) account.Account {
	return account.Account{
		ID: who, Address: seen.Row().Member.Address, First: p.First, Last: p.Last, TOS: p.TOS, Marketing: p.Marketing,
	}
}

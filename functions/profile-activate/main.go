// Command profile-activate makes an account for somebody who followed an activation link, and makes
// it a member.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/store"
	"roster/shared/userpool"
)

type body struct {
	Profile struct {
		First     string `json:"first_name"`
		Last      string `json:"last_name"`
		TOS       bool   `json:"tos"`
		Marketing bool   `json:"marketing"`
	} `json:"profile"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

func main() {
	db, users := store.Open(), userpool.OpenUsers()
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[body]) (httpapi.Empty, error) {
		profile, err := r.Body.parse()
		if err != nil {
			return httpapi.Empty{}, err
		}
		return httpapi.Empty{}, invite.Activate(ctx, db, users, r.Caller, r.Body.Token, profile)
	})
}

func (b body) parse() (p invite.Profile, err error) {
	if err := httpapi.Required("Token", b.Token); err != nil {
		return p, err
	}
	if p.First, err = account.ParseName("Profile.FirstName", b.Profile.First); err != nil {
		return p, err
	}
	if p.Last, err = account.ParseName("Profile.LastName", b.Profile.Last); err != nil {
		return p, err
	}
	if !b.Profile.TOS {
		return p, fault.Invalidf("invalid field Profile.Tos: value must be true")
	}
	p.TOS, p.Marketing, p.Password = true, b.Profile.Marketing, b.Password
	return p, account.CheckPassword(p.Password, p.First, p.Last)
}

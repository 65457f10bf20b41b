// Command member-invite-bulk invites up to ten people to an organization, and tells for each whom it
// could not invite why.
package main

import (
	"context"

	"roster/shared/httpapi"
	"roster/shared/invite"
	"roster/shared/store"
)

type body struct {
	Users []struct {
		Username string `json:"username"`
		Role     string `json:"role"`
	} `json:"users"`
}

type answer struct {
	Errors []refusal `json:"errors"`
}

type refusal struct {
	Username string `json:"username"`
	Error    string `json:"error"`
}

func main() {
	db, policy := store.Open(), invite.Settings()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		o, err := r.Org()
		if err != nil {
			return answer{}, err
		}
		asks := r.Body.asks()
		if err := invite.Check(asks); err != nil {
			return answer{}, err
		}
		refused, err := invite.Many(ctx, db, policy, r.Caller, o, asks)
		return answerOf(asks, refused), err
	})
}

func (b body) asks() []invite.Ask {
	var asks []invite.Ask
	for _, u := range b.Users {
		asks = append(asks, invite.Ask(u))
	}
	return asks
}

func answerOf(asks []invite.Ask, refused []error) answer {
	a := answer{Errors: []refusal{}}
	for i, err := range refused {
		if err != nil {
			a.Errors = append(a.Errors, refusal{asks[i].Username, err.Error()})
		}
	}
	return a
}

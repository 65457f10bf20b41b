// Command server-token gives a PMM server an access token for the credentials that its connect made:
// RFC 6749's client credentials grant, as PMM asks for it before its connect returns.
package main

import (
	"context"
	"slices"
	"strings"

	"roster/shared/httpapi"
	"roster/shared/pmm"
	"roster/shared/setting"
	"roster/shared/store"
)

type answer struct {
	Token   string `json:"access_token"`
	Type    string `json:"token_type"`
	Seconds int    `json:"expires_in"`
	Scope   string `json:"scope"`
}

func main() {
	db, scope := store.Open(), setting.Text("ROSTER_PMM_SCOPE")
	httpapi.ServePublic(func(ctx context.Context, r httpapi.Request[httpapi.Grant]) (answer, error) {
		token, err := issue(ctx, db, r.Body, scope)
		if err != nil {
			return answer{}, err
		}
		return answer{token.Text(), "Bearer", int(pmm.TokenLife.Seconds()), scope}, nil
	})
}

// mayAsk returns why nobody gets a token for such a request, or nil. Asking for no scope is asking for
// the one that there is.
func mayAsk(g httpapi.Grant, scope string) error {
	has := strings.Fields(scope)
	switch {
	case g.Type == "":
		return httpapi.ErrGrantMissing
	case g.Type != "client_credentials":
		return httpapi.ErrGrantType
	case slices.ContainsFunc(strings.Fields(g.Scope), func(s string) bool { return !slices.Contains(has, s) }):
		return httpapi.ErrScope
	}
	return nil
}

// issue makes a token for who proves to be a connected server. Nobody else learns what may be asked for.
func issue(ctx context.Context, db *store.Store, g httpapi.Grant, scope string) (token pmm.Token, err error) {
	client, ok := pmm.ParseClient(g.Client)
	if !ok {
		return token, httpapi.ErrClient
	}
	token = pmm.NewToken(client.Org)
	err = db.Settle(ctx, func() error {
		seen, err := db.LookClient(ctx, client)
		if err != nil {
			return err
		}
		if !pmm.MayProve(seen.Org, seen.Server, g.Secret) {
			return httpapi.ErrClient
		}
		if err := mayAsk(g, scope); err != nil {
			return err
		}
		return db.PutToken(ctx, seen, token.Secret.Hash())
	})
	return token, err
}

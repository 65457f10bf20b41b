package main

import (
	"context"
	"fmt"
	"net/http"
)

// serverURL is one as PMM servers have it: of a private address, which a firewall may take for an attack.
const serverURL = "https://10.0.0.7"

func (r *round) connecting() []step {
	return []step{
		{"connect a PMM server at " + serverURL, r.connect},
		{"it proves itself", func(ctx context.Context) error { return r.proves(ctx, http.StatusOK) }},
		{"it is in the inventory", r.connected},
		{"disconnect it", func(ctx context.Context) error {
			_, err := r.api.call(ctx, request{"POST", "/v1/orgs/inventory/" + r.server + ":disconnect", r.token, nil, 200})
			return err
		}},
		{"it proves itself no more", func(ctx context.Context) error { return r.proves(ctx, http.StatusUnauthorized) }},
	}
}

func (r *round) connect(ctx context.Context) error {
	a, err := r.api.call(ctx, request{"POST", "/v1/orgs/inventory", r.token, map[string]any{
		"pmm_server_id": r.server, "pmm_server_name": "Roster smoke test", "pmm_server_url": serverURL,
		"pmm_server_oauth_callback_url": serverURL + "/graph/login/generic_oauth",
	}, 200})
	r.sso = a.SSO
	return err
}

func (r *round) proves(ctx context.Context, want int) error {
	got, err := r.api.prove(ctx, r.sso)
	if err == nil && got != want {
		err = fmt.Errorf("POST /v1/sso/token answered %d, want %d", got, want)
	}
	return err
}

func (r *round) connected(ctx context.Context) error {
	a, err := r.about(ctx, "POST", "/inventory:search", nil)
	if err == nil && (len(a.Servers) != 1 || a.Servers[0].ID != r.server || a.Servers[0].URL != serverURL) {
		err = fmt.Errorf("the inventory is %v, want %s", a.Servers, r.server)
	}
	return err
}

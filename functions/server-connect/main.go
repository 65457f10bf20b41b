// Command server-connect connects a PMM server to the caller's organization, for the first time or again,
// and makes the credentials that the server proves itself with.
package main

import (
	"context"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/pmm"
	"roster/shared/setting"
	"roster/shared/store"
)

type body struct {
	ID       string `json:"pmm_server_id"`
	Name     string `json:"pmm_server_name"`
	URL      string `json:"pmm_server_url"`
	Callback string `json:"pmm_server_oauth_callback_url"`
}

type sso struct {
	GrafanaClient string `json:"grafana_client_id"`
	Client        string `json:"pmm_managed_client_id"`
	Secret        string `json:"pmm_managed_client_secret"`
	Issuer        string `json:"issuer_url"`
	Scope         string `json:"scope"`
}

type answer struct {
	SSO sso    `json:"sso_details"`
	Org org.ID `json:"org_id"`
}

func main() {
	db, grafana, scope := store.Open(), setting.Text("ROSTER_PMM_CLIENT_ID"), setting.Text("ROSTER_PMM_SCOPE")
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[body]) (answer, error) {
		server, err := r.Body.server()
		if err != nil {
			return answer{}, err
		}
		o, secret, err := connect(ctx, db, r.Caller, server)
		client := pmm.Client{Org: o, Server: server.ID}
		return answer{sso{grafana, client.String(), secret.Text(), r.Address() + "/v1/sso", scope}, o}, err
	})
}

// server is what the request says of the server. The address to which people come back from signing in
// must be one, and is not kept: nobody signs in to PMM here.
func (b body) server() (s pmm.Server, err error) {
	if s.ID, err = pmm.ParseServerID(b.ID); err != nil {
		return pmm.Server{}, err
	}
	if s.Name, err = pmm.ParseName(b.Name); err != nil {
		return pmm.Server{}, err
	}
	if s.URL, err = pmm.ParseURL("PmmServerUrl", b.URL); err != nil {
		return pmm.Server{}, err
	}
	_, err = pmm.ParseURL("PmmServerOauthCallbackUrl", b.Callback)
	return s, err
}

func connect(ctx context.Context, db *store.Store, c account.Caller, server pmm.Server) (o org.ID, secret id.Secret, err error) {
	secret = id.NewSecret()
	server.Credential, server.ConnectedBy = secret.Hash(), c.Account
	err = db.Settle(ctx, func() error {
		seen, err := db.LookServer(ctx, c, server.ID)
		if err != nil {
			return err
		}
		if err := pmm.MayConnect(seen.Org, seen.Holder); err != nil {
			return err
		}
		o = seen.Org.ID
		return db.Connect(ctx, seen, server)
	})
	return o, secret, err
}

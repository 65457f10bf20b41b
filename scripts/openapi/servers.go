package main

import (
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/pmm"
)

const servers = "PMM servers"

var (
	serverID     = text("What the server calls itself, unique among all organizations.").with(field{"pattern", "^[A-Za-z0-9._-]{1,128}$"})
	serverURL    = object{{"type", "string"}, {"format", "uri"}, {"pattern", "^https?://"}, {"maxLength", 2048}}
	sampleServer = object{{"pmm_server_id", "pmm-1"}, {"pmm_server_name", "Monitoring"}, {"pmm_server_url", "https://pmm.example"}}

	connectBody = &body{
		object{
			{"pmm_server_id", ref("schemas", "ServerID")},
			{"pmm_server_name", text("1 to 256 characters, none of them a control character; space around them is cut off.").with(field{"pattern", written(control)})},
			{"pmm_server_url", described(ref("schemas", "ServerURL"), "Of the server's page. Local and private addresses are fine.")},
			{"pmm_server_oauth_callback_url", described(ref("schemas", "ServerURL"), "Of the page that people come back to. It is not kept.")},
		},
		[]string{"pmm_server_id", "pmm_server_name", "pmm_server_url", "pmm_server_oauth_callback_url"},
		sampleServer.with(field{"pmm_server_oauth_callback_url", "https://pmm.example/graph/login/generic_oauth"}),
	}
	connectAnswer = strict(object{
		{"sso_details", strict(object{
			{"grafana_client_id", text("The app client of PMM in the user pool.")},
			{"pmm_managed_client_id", text("What the server calls itself when it asks for a token.")},
			{"pmm_managed_client_secret", text("What it proves that with. It is shown here and never again.")},
			{"issuer_url", text("Where it asks: `<issuer_url>/token`.")},
			{"scope", text("What it asks for.")},
		})},
		{"org_id", ref("schemas", "UUID")},
	})
	connectSample = object{
		{"sso_details", object{
			{"grafana_client_id", "4h57g8k3example"},
			{"pmm_managed_client_id", string(sampleOrg.ID) + ".pmm-1"},
			{"pmm_managed_client_secret", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
			{"issuer_url", "https://api.example/v1/sso"},
			{"scope", "pmm"},
		}},
		{"org_id", sampleOrg.ID},
	}
)

// connect is a route of connecting; there are two of the same.
func connect(at, id string) route {
	return route{
		at: at, id: id, tag: servers, who: signedIn, writes: true,
		summary: "Connect a PMM server",
		text: "To the caller's organization. The same server again, in the same organization, gets new credentials, name and address; the old " +
			"credentials are dead. In another organization it is 409 until that one disconnects it.",
		body: connectBody, answer: connectAnswer, sample: connectSample,
		refusals: []*fault.Error{pmm.ErrNoOrg, pmm.ErrElsewhere},
	}
}

var serverRoutes = []route{
	connect("POST /v1/orgs/inventory", "server-connect"),
	connect("POST /v1/orgs/inventory:connect", "server-connect-verb"),
	{
		at: "POST /v1/orgs/inventory/{pmm_server_id}:disconnect", tag: servers, who: signedIn, writes: true,
		summary: "Disconnect a PMM server",
		text:    "From the caller's organization. An Admin may, and whoever connected it last. Its credentials and its token are dead.",
		body:    noBody,
		answer:  empty, sample: nothing,
		refusals: []*fault.Error{pmm.ErrMissing, pmm.ErrNotYours},
	},
	{
		at: "POST /v1/orgs/{org_id}/inventory:search", tag: servers, who: member,
		summary: "List the PMM servers of an organization",
		text:    "By name.",
		body:    noBody,
		answer: strict(object{{"inventory", listOf(strict(object{
			{"pmm_server_id", ref("schemas", "ServerID")},
			{"pmm_server_name", text("As it was connected.")},
			{"pmm_server_url", ref("schemas", "ServerURL")},
		}))}}),
		sample: object{{"inventory", []any{sampleServer}}},
	},
	{
		at: "POST /v1/sso/token", tag: servers, who: anybody, writes: true, grant: true,
		summary: "Give a PMM server an access token",
		text: "The client credentials grant of RFC 6749, §4.4: Basic authentication with the credentials that connecting made, `grant_type` and " +
			"`scope` in the query or a form. The token identifies the server for an hour, or until it is connected again or disconnected; it opens no route of this API.",
		answer: strict(object{
			{"access_token", text("Opaque.")},
			{"token_type", object{{"type", "string"}, {"const", "Bearer"}}},
			{"expires_in", object{{"type", "integer"}, {"const", 3600}}},
			{"scope", text("What it is for.")},
		}),
		sample: object{
			{"access_token", "D4-tW9nLRp-hZXCGd3KJUB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"}, {"token_type", "Bearer"}, {"expires_in", 3600}, {"scope", "pmm"},
		},
		refusals: []*fault.Error{httpapi.ErrClient, httpapi.ErrGrantMissing, httpapi.ErrGrantType, httpapi.ErrScope},
	},
}

// grantParameters are what a route of grants reads of the query.
var grantParameters = []any{
	object{
		{"name", "grant_type"},
		{"in", "query"},
		{"description", "Here or in a form."},
		{"schema", object{{"type", "string"}, {"const", "client_credentials"}}},
	},
	object{
		{"name", "scope"},
		{"in", "query"},
		{"description", "Here or in a form; without it, the one that there is."},
		{"schema", object{{"type", "string"}}},
	},
}

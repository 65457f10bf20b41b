package contract

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/pmm"
)

var (
	noServer = refusal{404, 5, "PMM server not found."}
	noOrg    = refusal{400, 9, "You must be a member of an organization to connect a PMM server."}
	notYours = refusal{403, 7, "Only an organization admin, or who connected the server last, can disconnect it."}
	taken    = refusal{409, 6, "PMM server is already connected."}
)

// server is what PMM sends to connect one.
func server(id string) object {
	return object{
		"pmm_server_id": id, "pmm_server_name": "Monitoring", "pmm_server_url": "https://10.1.2.3:8443/",
		"pmm_server_oauth_callback_url": "https://10.1.2.3:8443/graph/login/generic_oauth",
	}
}

func newServer() object { return server("pmm-" + uuid.NewString()) }

func connected(t testing.TB, p *cloudtest.Person, s object) cloudtest.Answer {
	t.Helper()
	return p.Do(t, "POST", "/v1/orgs/inventory", s).Want(t, 200)
}

func disconnect(t testing.TB, p *cloudtest.Person, s object) cloudtest.Answer {
	t.Helper()
	return p.Do(t, "POST", "/v1/orgs/inventory/"+s["pmm_server_id"].(string)+":disconnect", nil)
}

func inventory(t testing.TB, p *cloudtest.Person, org string) list {
	t.Helper()
	return p.Do(t, "POST", route(org, "/inventory:search"), object{}).Want(t, 200).At("inventory").(list)
}

// grant asks for a token as PMM does: everything in the query, no body, and Basic authentication as
// plain base64.
func grant(t testing.TB, c *cloudtest.Cloud, id, secret, query, form string) cloudtest.Answer {
	t.Helper()
	r, err := http.NewRequest("POST", c.URL+"/v1/sso/token?"+query, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := c.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const asPMM = "grant_type=client_credentials&scope=pmm"

// proves reports whether the credentials of a connect's answer get a token.
func proves(t testing.TB, c *cloudtest.Cloud, a cloudtest.Answer) bool {
	t.Helper()
	got := grant(t, c, a.Text("sso_details.pmm_managed_client_id"), a.Text("sso_details.pmm_managed_client_secret"), asPMM, "")
	if got.Status == 200 && got.Text("access_token") != "" {
		return true
	}
	if got.Status != 401 || got.Raw != `{"error":"invalid_client"}` {
		t.Errorf("%d %s", got.Status, got.Raw)
	}
	return false
}

func TestAServerConnectsProvesItselfAndIsDisconnected(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	s := newServer()
	a := connected(t, ann, s)
	if a.Text("org_id") != org || a.Text("sso_details.issuer_url") != c.URL+"/v1/sso" ||
		a.Text("sso_details.grafana_client_id") == "" || a.Text("sso_details.scope") == "" {
		t.Error(a.Raw)
	}
	if !proves(t, c, a) {
		t.Error("its credentials get no token")
	}
	if all := inventory(t, ann, org); len(all) != 1 || all[0].(object)["pmm_server_url"] != s["pmm_server_url"] {
		t.Error(all)
	}
	nothing(t, disconnect(t, ann, s))
	noServer.want(t, disconnect(t, ann, s))
	if all := inventory(t, ann, org); len(all) != 0 || proves(t, c, a) {
		t.Errorf("%v is still there, or proves itself", all)
	}
}

func TestAServerThatLostItsStateConnectsAgain(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	s := newServer()
	first := connected(t, ann, s)
	proves(t, c, first)
	s["pmm_server_name"], s["pmm_server_url"] = "Renamed", "http://localhost"
	second := tom.Do(t, "POST", "/v1/orgs/inventory:connect", camel(s)).Want(t, 200)
	if proves(t, c, first) || !proves(t, c, second) {
		t.Error("the credentials are not the new ones alone")
	}
	if all := inventory(t, tom, org); len(all) != 1 || all[0].(object)["pmm_server_name"] != "Renamed" {
		t.Error(all)
	}
	nothing(t, disconnect(t, tom, s)) // he connected it last
}

func camel(s object) object {
	all := object{}
	for _, names := range [][2]string{
		{"pmm_server_id", "pmmServerId"},
		{"pmm_server_name", "pmmServerName"},
		{"pmm_server_url", "pmmServerUrl"},
		{"pmm_server_oauth_callback_url", "pmmServerOauthCallbackUrl"},
	} {
		all[names[1]] = s[names[0]]
	}
	return all
}

func TestATechnicalDisconnectsWhatTheyConnectedLast(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	s := newServer()
	connected(t, tom, s)
	connected(t, ann, s)
	notYours.want(t, disconnect(t, tom, s))
	connected(t, tom, s)
	nothing(t, disconnect(t, tom, s))
	connected(t, tom, s)
	nothing(t, disconnect(t, ann, s))
}

func TestAServerIsOfOneOrganizationAtATime(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	ben, other := found(t, c, "ben")
	s := newServer()
	first := connected(t, ann, s)
	taken.want(t, ben.Do(t, "POST", "/v1/orgs/inventory", s))
	noServer.want(t, disconnect(t, ben, s))
	nothing(t, ann.Do(t, "DELETE", route(org), nil))
	if proves(t, c, first) {
		t.Error("a server of a deleted organization gets a token")
	}
	second := connected(t, ben, s) // at once, purged or not
	c.Settled(t.Context())
	if all := inventory(t, ben, other); len(all) != 1 || !proves(t, c, second) {
		t.Errorf("the purge took %v", all)
	}
	noOrg.want(t, ann.Do(t, "POST", "/v1/orgs/inventory", newServer()))
}

func TestOfTwoOrganizationsThatConnectAServerAtOnceOneHasIt(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for range 5 {
		s := newServer()
		var people []*cloudtest.Person
		for range 4 {
			p, _ := found(t, c, "ann")
			people = append(people, p)
		}
		answers := make([]cloudtest.Answer, len(people))
		var all sync.WaitGroup
		for i, p := range people {
			all.Go(func() {
				var err error
				if answers[i], err = c.Send("POST", "/v1/orgs/inventory", p.Token, s); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		has := 0
		for _, a := range answers {
			if a.Status == 200 {
				has++
				continue
			}
			taken.want(t, a)
		}
		if has != 1 {
			t.Errorf("%d have it", has)
		}
	}
}

func TestTheTokenRouteSaysWhatOAuthClientsRead(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	s := newServer()
	a := connected(t, ann, s)
	id, secret := a.Text("sso_details.pmm_managed_client_id"), a.Text("sso_details.pmm_managed_client_secret")
	for name, x := range map[string]struct {
		id, secret, query, form string
		status                  int
		says                    string
	}{
		"in the query":        {id, secret, asPMM, "", 200, ""},
		"in a form":           {id, secret, "", asPMM, 200, ""},
		"without scope":       {id, secret, "grant_type=client_credentials", "", 200, ""},
		"another scope":       {id, secret, asPMM + "%20admin", "", 400, "invalid_scope"},
		"another grant":       {id, secret, "grant_type=password", "", 400, "unsupported_grant_type"},
		"no grant":            {id, secret, "", "", 400, "invalid_request"},
		"a form that is none": {id, secret, asPMM, "%zz", 400, "invalid_request"},
		"another secret":      {id, strings.Repeat("A", len(secret)), asPMM, "", 401, "invalid_client"},

		"another secret, another grant": {id, strings.Repeat("A", len(secret)), "grant_type=password", "", 401, "invalid_client"},
		"another secret, another scope": {id, strings.Repeat("A", len(secret)), asPMM + "%20admin", "", 401, "invalid_client"},
		"another secret, no grant":      {id, strings.Repeat("A", len(secret)), "", "", 401, "invalid_client"},
		"another secret, a bad form":    {id, strings.Repeat("A", len(secret)), asPMM, "%zz", 401, "invalid_client"},
		"no secret":                     {id, "", asPMM, "", 401, "invalid_client"},
		"a secret in lines":             {id, secret[:9] + "\n" + secret[9:], asPMM, "", 401, "invalid_client"},
		"another server":                {org + ".other", secret, asPMM, "", 401, "invalid_client"},
		"another org":                   {uuid.NewString() + id[36:], secret, asPMM, "", 401, "invalid_client"},
		"no client":                     {"", secret, asPMM, "", 401, "invalid_client"},
		"garbage":                       {"x.y", "z", asPMM, "", 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			a := grant(t, c, x.id, x.secret, x.query, x.form)
			if a.Status != x.status || a.Text("error") != x.says || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d %s %v", a.Status, a.Raw, a.Header)
			}
			if x.status == 200 && (a.At("expires_in") != 3600.0 || a.Text("token_type") != "Bearer" || a.Text("scope") != "pmm") {
				t.Error(a.Raw)
			}
		})
	}
	refusal{400, 3, "invalid field Body: value must be at most 65536 bytes"}.want(t, grant(t, c, id, secret, asPMM, "x="+strings.Repeat("x", 1<<16)))
	token := grant(t, c, id, secret, asPMM, "").Text("access_token")
	credentials.want(t, c.Do(t, "POST", "/v1/orgs:search", token, nil))
	credentials.want(t, c.Do(t, "POST", route(org, "/inventory:search"), token, nil))
}

// A server that asks several times at once gets as many tokens, and each is kept for its hour.
func TestTokensThatAreAskedForAtOnceAreAllGood(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	a := connected(t, ann, newServer())
	answers := make([]cloudtest.Answer, 12)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = grant(t, c, a.Text("sso_details.pmm_managed_client_id"), a.Text("sso_details.pmm_managed_client_secret"), asPMM, "")
		})
	}
	all.Wait()
	kept := tableOf(c).partition(t, "ORG#"+org, "TOKEN#")
	for _, a := range answers {
		token, ok := pmm.ParseToken(a.Text("access_token"))
		if a.Status != 200 || !ok || string(token.Org) != org {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
	}
	if len(kept) != len(answers) {
		t.Errorf("%d tokens are kept of %d", len(kept), len(answers))
	}
}

// runGrants sends a route that takes grants everything but good ones.
func (s *scene) runGrants(t *testing.T, r request) {
	t.Helper()
	s.fresh(t)
	for name, value := range bodiesOf(bodies(t, s, r)) {
		for _, a := range []cloudtest.Answer{
			grant(t, s.cloud, "x", "y", "", value), grant(t, s.cloud, value, value, asPMM, ""),
			grant(t, s.cloud, s.org+".pmm-"+s.org, value, asPMM, ""), grant(t, s.cloud, "x", "y", "grant_type="+url.QueryEscape(value), ""),
		} {
			if a.Status != 400 && a.Status != 401 && a.Status != 413 || len(a.Body) != 1 && a.Status != 413 {
				t.Errorf("%s: %d %s", name, a.Status, clip(a.Raw))
			}
		}
	}
	s.unchanged(t)
}

// bodiesOf are the bodies of tries, short enough for a header.
func bodiesOf(tries []try) map[string]string {
	all := map[string]string{}
	for _, x := range tries {
		if len(x.body) < 2000 {
			all[x.name] = x.body
		}
	}
	return all
}

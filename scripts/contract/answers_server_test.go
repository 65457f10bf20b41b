package contract

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestAnswersOfServerConnect(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "server-connect")
	ann, _ := found(t, c, "ann")
	ben, _ := found(t, c, "ben")
	s := newServer()
	g.keep("a member", ann.Do(t, "POST", "/v1/orgs/inventory", s))
	g.keep("again", ann.Do(t, "POST", "/v1/orgs/inventory:connect", s))
	g.keep("another organization's", ben.Do(t, "POST", "/v1/orgs/inventory", s))
	g.keep("without organization", c.Person(t, "nick").Do(t, "POST", "/v1/orgs/inventory", s))
	for _, field := range []string{"pmm_server_id", "pmm_server_name", "pmm_server_url", "pmm_server_oauth_callback_url"} {
		for what, value := range map[string]any{"empty": "", "missing": nil} {
			bad := newServer()
			if bad[field] = value; value == nil {
				delete(bad, field)
			}
			a := ann.Do(t, "POST", "/v1/orgs/inventory", bad)
			if what == "empty" {
				g.keep(field+" is empty", a)
			}
			a.Want(t, 400)
		}
	}
	for _, x := range [][3]string{
		{"a path in the id", "pmm_server_id", "../x"},
		{"a colon in the id", "pmm_server_id", "a:disconnect"},
		{"an address without host", "pmm_server_url", "https://"},
		{"an address without scheme", "pmm_server_url", "pmm.example"},
		{"another scheme", "pmm_server_oauth_callback_url", "javascript:alert(1)"},
		{"a line break in the name", "pmm_server_name", "a\nb"},
	} {
		bad := newServer()
		bad[x[1]] = x[2]
		g.keep(x[0], ann.Do(t, "POST", "/v1/orgs/inventory", bad))
	}
}

func TestAnswersOfServerDisconnect(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "server-disconnect")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	s := newServer()
	connected(t, ann, s)
	g.keep("a Technical who did not connect it", disconnect(t, tom, s))
	g.keep("an Admin", disconnect(t, ann, s))
	g.keep("again", disconnect(t, ann, s))
	g.keep("without organization", disconnect(t, c.Person(t, "nick"), s))
	g.keep("a malformed id", disconnect(t, ann, server("a%20b")))
	g.keep("another verb", ann.Do(t, "POST", "/v1/orgs/inventory/x:connect", nil))
	g.keep("no verb", ann.Do(t, "POST", "/v1/orgs/inventory/x", nil))
}

func TestAnswersOfServerSearch(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "server-search")
	ann, org := found(t, c, "ann")
	g.keep("none", ann.Do(t, "POST", route(org, "/inventory:search"), nil))
	for _, name := range []string{"Zwei", "Eins <b>"} {
		s := newServer()
		s["pmm_server_name"] = name
		connected(t, ann, s)
	}
	g.keep("two", ann.Do(t, "POST", route(org, "/inventory:search"), object{}))
	g.keep("a stranger", c.Person(t, "nick").Do(t, "POST", route(org, "/inventory:search"), nil))
	g.keep("a malformed id", ann.Do(t, "POST", route("x", "/inventory:search"), nil))
}

func TestAnswersOfServerToken(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "server-token")
	ann, _ := found(t, c, "ann")
	s := newServer()
	a := connected(t, ann, s)
	id, secret := a.Text("sso_details.pmm_managed_client_id"), a.Text("sso_details.pmm_managed_client_secret")
	g.keep("as PMM asks", grant(t, c, id, secret, asPMM, ""))
	g.keep("a wrong secret", grant(t, c, id, "x", asPMM, ""))
	g.keep("nothing said", c.Do(t, "POST", "/v1/sso/token", "", nil))
	g.keep("nothing asked for", grant(t, c, id, secret, "", ""))
	g.keep("another grant", grant(t, c, id, secret, "grant_type=password", ""))
	g.keep("another scope", grant(t, c, id, secret, asPMM+"+admin", ""))
	nothing(t, disconnect(t, ann, s))
	g.keep("disconnected", grant(t, c, id, secret, asPMM, ""))
}

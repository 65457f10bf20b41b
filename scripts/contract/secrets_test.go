package contract

import (
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/org"
)

// nearly are tokens that are like a good one, and none: another secret, another place, a part of it.
func nearly(token string, s *scene) map[string]string {
	link, err := org.ParseLink(token)
	if err != nil {
		panic(err) // it came from a mail or an answer
	}
	foreign := link
	foreign.Org = org.ID(s.held)
	at := len(token) - 8
	other := "A"
	if token[at:at+1] == other {
		other = "B"
	}
	return map[string]string{
		"garbage":              "x",
		"another secret":       org.NewLink(link.Org, link.Member).Token(),
		"one letter changed":   token[:at] + other + token[at+1:],
		"a part of it":         token[:len(token)-4],
		"another organization": foreign.Token(),
	}
}

func wrongLinks(s *scene) map[string]object {
	all := map[string]object{"a state token": {"activation_token": s.state}, "of a deleted organization": {"activation_token": s.dead.link}}
	for name, token := range nearly(s.link, s) {
		all[name] = object{"activation_token": token}
	}
	return all
}

func wrongStates(s *scene) map[string]object {
	all := map[string]object{"a link": profile(s.link), "of a deleted organization": profile(s.dead.state)}
	for name, token := range nearly(s.state, s) {
		all[name] = profile(token)
	}
	return all
}

func wrongPairs(s *scene) map[string]object {
	pair := func(email, password string) object { return object{"email": email, "password": password} }
	return map[string]object{
		"another password": pair(s.who["Technical"].Email, cloudtest.Password+"x"),
		"nobody":           pair(cloudtest.Address("nobody"), cloudtest.Password),
		"account deleted":  pair(s.who["account deleted"].Email, cloudtest.Password),
	}
}

// A server of an organization that is deleted gets no token, purged or not.
func (s *scene) wantNoToken(t *testing.T, r request) {
	t.Helper()
	s.fresh(t)
	id, secret := s.dead.server.Text("sso_details.pmm_managed_client_id"), s.dead.server.Text("sso_details.pmm_managed_client_secret")
	for name, wrong := range map[string]string{"of a deleted organization": secret, "another secret": strings.Repeat("A", len(secret))} {
		if a := grant(t, s.cloud, id, wrong, asPMM, ""); a.Status != 401 || a.Raw != `{"error":"invalid_client"}` {
			t.Errorf("%s, %s: %d %s", r.name, name, a.Status, a.Raw)
		}
	}
	s.unchanged(t)
}

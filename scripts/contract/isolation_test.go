package contract

import (
	"crypto/rand"
	"crypto/rsa"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// TestNobodyGetsWhereTheyMayNot drives every route with every kind of caller whom it might let in by
// mistake. It is sequential and has its cloud alone, so that after refusals the whole table must be what
// it was.
func TestNobodyGetsWhereTheyMayNot(t *testing.T) {
	t.Parallel()
	c := cloudtest.Start(t, cloud.Options{})
	s := newScene(t, c)
	tokens := badTokens(t, s)
	for _, r := range requests(t) {
		t.Run(r.name, func(t *testing.T) {
			if r.bearer != "" {
				s.wantClient(t, r, tokens)
				return
			}
			if r.access == anybody {
				s.wantPublic(t, r, tokens)
				return
			}
			for _, is := range []string{"no organization", "another organization's member", "removed", "pending", "Technical", "deleted organization", "deleted, not yet purged"} {
				t.Run(is, func(t *testing.T) { s.wantCaller(t, r, is) })
			}
			s.fresh(t)
			for name, bad := range tokens {
				t.Run(name, func(t *testing.T) {
					bad.want.want(t, c.Do(t, r.method, s.path(r.path, s.org), bad.token, r.body(s)))
				})
			}
			s.unchanged(t)
		})
	}
}

// A badToken opens nothing, and is refused so.
type badToken struct {
	token string
	want  refusal
}

// badTokens returns tokens that an Admin could have had, each of them with one thing wrong.
func badTokens(t *testing.T, s *scene) map[string]badToken {
	t.Helper()
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	past := func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Second).Unix() }
	return map[string]badToken{
		"no token":             {"", authentication},
		"a garbage token":      {"garbage", credentials},
		"an expired token":     {s.minted(t, nil, past), credentials},
		"a foreign signature":  {s.minted(t, foreign, func(jwt.MapClaims) {}), credentials},
		"another issuer":       {s.minted(t, nil, func(c jwt.MapClaims) { c["iss"] = "https://elsewhere.example" }), credentials},
		"no scope":             {s.minted(t, nil, func(c jwt.MapClaims) { c["scope"] = "aws.cognito.signin.user.admin" }), credentials},
		"an id token":          {s.idToken(t), credentials},
		"a token of no use":    {s.minted(t, nil, func(c jwt.MapClaims) { c["token_use"] = "id" }), credentials},
		"nobody's token":       {s.minted(t, nil, func(c jwt.MapClaims) { delete(c, "sub") }), credentials},
		"an unverified e-mail": {s.minted(t, nil, func(c jwt.MapClaims) { c["email_verified"] = "false" }), unverified},
		"signed out":           {s.who["signed out"].Token, credentials},
		"account deleted":      {s.who["account deleted"].Token, credentials},
	}
}

// wantPublic holds a route without a token to not caring which one is sent: a request that says
// nothing is refused in the same words, or answered alike where nothing needs to be said.
func (s *scene) wantPublic(t *testing.T, r request, tokens map[string]badToken) {
	t.Helper()
	s.fresh(t)
	want := s.cloud.Do(t, r.method, r.path, s.admin.Token, nil)
	if (want.Status == 400) != (len(r.fields) > 0) || (want.Status == 401) != r.grant {
		t.Errorf("answer %d %s", want.Status, clip(want.Raw))
	}
	for name, bad := range tokens {
		if got := s.cloud.Do(t, r.method, r.path, bad.token, nil); got.Status != want.Status || got.Raw != want.Raw {
			t.Errorf("%s: %d %s; want %s", name, got.Status, got.Raw, want.Raw)
		}
	}
	s.unchanged(t)
	s.wantSecret(t, r)
}

// wantSecret holds a route without a token to the secret that it asks for instead: near misses, and what
// belongs to an organization that is deleted, are refused in one way and change nothing, whoever sends them.
func (s *scene) wantSecret(t *testing.T, r request) {
	t.Helper()
	if r.grant {
		s.wantNoToken(t, r)
	}
	if r.wrong == nil {
		return
	}
	for name, body := range r.wrong(s) {
		for _, token := range []string{"", s.admin.Token} {
			t.Run(name, func(t *testing.T) {
				s.fresh(t)
				r.refuses.want(t, s.cloud.Do(t, r.method, r.path, token, body))
				s.unchanged(t)
			})
		}
	}
}

// wantClient holds a route to its client's credential: whatever a person's token is, it is none.
func (s *scene) wantClient(t *testing.T, r request, tokens map[string]badToken) {
	t.Helper()
	s.fresh(t)
	wrong := map[string]string{"an Admin's token": s.admin.Token, "a part of it": r.bearer[1:], "more than it": r.bearer + "1"}
	for name, bad := range tokens {
		wrong[name] = bad.token
	}
	for name, token := range wrong {
		want := credentials
		if token == "" {
			want = authentication
		}
		t.Run(name, func(t *testing.T) { want.want(t, s.cloud.Do(t, r.method, r.path, token, r.body(s))) })
	}
	s.unchanged(t)
	s.stale = true
	s.cloud.Do(t, r.method, r.path, r.bearer, r.body(s)).Want(t, 200)
}

// wantCaller holds a route to its answer to somebody with a good token. Only what is allowed changes
// anything, and somebody new does that.
func (s *scene) wantCaller(t *testing.T, r request, is string) {
	t.Helper()
	org := s.org
	switch is {
	case "deleted organization":
		org = s.gone
	case "deleted, not yet purged":
		org = s.held
	}
	want, refused := r.refusal(is)
	if !refused {
		s.stale = true
		s.person(t, is).Do(t, r.method, s.path(r.path, org), r.body(s)).Want(t, 200)
		return
	}
	s.fresh(t)
	defer s.unchanged(t)
	p := s.who[is]
	a := p.Do(t, r.method, s.path(r.path, org), r.body(s))
	if want == already {
		want.wantOrg(t, a, orgs(t, p)[0].(object)["id"].(string))
		return
	}
	want.want(t, a)
}

// refusal is what the operation answers to somebody who is that to the organization.
func (r request) refusal(is string) (want refusal, refused bool) {
	if is == "deleted, not yet purged" { // nobody can tell
		is = "deleted organization"
	}
	if r.access == account {
		if want, refused = r.answers[r.verb+" "+is]; !refused {
			want, refused = r.answers[is]
		}
		return want, refused
	}
	if is != "Technical" {
		return notMember, true
	}
	if r.barred != nil {
		return *r.barred, true
	}
	return adminOnly, r.access == admin
}

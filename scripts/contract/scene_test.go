package contract

import (
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"roster/scripts/local/cloud/cloudtest"
)

// A scene is an organization with everybody who may call its routes, or may not.
type scene struct {
	cloud *cloudtest.Cloud
	admin *cloudtest.Person
	org   string
	gone  string // an organization that was deleted
	held  string // another one, whose purge never comes

	who  map[string]*cloudtest.Person // by who they are to the organization
	rows map[string]string            // their rows' ids

	link  string // to somebody without an account
	state string // of that link
	dead  struct {
		link, state string           // of the organization that is not yet purged
		server      cloudtest.Answer // what its server was given
	}

	before string // the whole table, as the last allowed change left it
	stale  bool   // something was allowed since
}

// newScene makes a scene.
func newScene(t testing.TB, c *cloudtest.Cloud) *scene {
	t.Helper()
	s := &scene{cloud: c, who: map[string]*cloudtest.Person{}, rows: map[string]string{}}
	s.admin, s.org = found(t, c, "ann")
	s.who["Admin"], s.rows["Admin"] = s.admin, s.admin.MemberID(t, s.org, s.admin.Email)
	for _, name := range []string{"no organization", "another organization's member", "removed", "Technical", "signed out", "account deleted", "pending"} {
		s.who[name] = s.person(t, name)
		if m := row(t, s.admin, s.org, s.who[name].Email); m != nil {
			s.rows[name] = m["member_id"].(string)
		}
	}
	s.who["deleted organization"], s.gone = found(t, c, "gus")
	nothing(t, s.who["deleted organization"].Do(t, "DELETE", route(s.gone), nil))
	s.hold(t)
	s.admin.Do(t, "POST", route(s.org, "/members"), invite(cloudtest.Address("lin"), "Technical")).Want(t, 200)
	address := cloudtest.Address("lou")
	s.rows["invited"] = s.admin.Invite(t, s.org, address, "Technical")
	s.link = c.Link(t, address, 0)
	s.state = validate(t, c, s.link).Want(t, 200).Text("state_token")
	s.admin.Do(t, "POST", "/v1/orgs/inventory", server("pmm-"+s.org)).Want(t, 200)
	s.stale = true
	return s
}

// hold makes an organization that was deleted and is not erased: the stream's record is lost on its way.
// Its invitation had been mailed, and looked at; its server had asked for a token.
func (s *scene) hold(t testing.TB) {
	t.Helper()
	p, org := found(t, s.cloud, "hal")
	address := cloudtest.Address("leo")
	p.Invite(t, org, address, "Technical")
	s.dead.link = s.cloud.Link(t, address, 0)
	s.dead.state = validate(t, s.cloud, s.dead.link).Want(t, 200).Text("state_token")
	s.dead.server = p.Do(t, "POST", "/v1/orgs/inventory", server("pmm-"+org)).Want(t, 200)
	settle(t, s.cloud)
	s.who["deleted, not yet purged"], s.held = p, org
	s.deleteHeld(t, p, org)
}

// deleteHeld deletes an organization and keeps its purge from ever hearing of it.
func (s *scene) deleteHeld(t testing.TB, p *cloudtest.Person, org string) {
	t.Helper()
	s.cloud.Stream.SetFault(func(consumer string, hand func() ([]byte, error)) ([]byte, error) {
		if consumer == "org-purge" {
			return nil, nil
		}
		return hand()
	})
	nothing(t, p.Do(t, "DELETE", route(org), nil))
	settle(t, s.cloud)
	s.cloud.Stream.SetFault(nil)
}

// fresh notes the table as it is, after changes that were allowed and all that follows from them.
func (s *scene) fresh(t testing.TB) {
	t.Helper()
	if s.stale {
		s.before, s.stale = settle(t, s.cloud), false
	}
}

// unchanged fails the test when anything in the table is not what it was.
func (s *scene) unchanged(t testing.TB) {
	t.Helper()
	if after := tableOf(s.cloud).dump(t); after != s.before {
		t.Errorf("the refused call changed the table:\n%s", difference(s.before, after))
		s.stale = true
	}
}

// person makes somebody new who is that to the organization.
func (s *scene) person(t testing.TB, is string) *cloudtest.Person {
	t.Helper()
	c := s.cloud
	switch is {
	case "no organization":
		return c.Person(t, "nick")
	case "another organization's member":
		p, _ := found(t, c, "otto")
		return p
	case "removed":
		p := s.admin.Join(t, s.org, "rob", "Admin")
		nothing(t, s.admin.Do(t, "DELETE", route(s.org, "/members/", s.admin.MemberID(t, s.org, p.Email)), nil))
		return p
	case "Technical":
		return s.admin.Join(t, s.org, "tom", "Technical")
	case "signed out":
		p := s.admin.Join(t, s.org, "sue", "Admin")
		nothing(t, p.Do(t, "POST", "/v1/auth/SignOut", nil))
		return p
	case "account deleted":
		p := s.admin.Join(t, s.org, "del", "Admin")
		closeAccount(t, p)
		return p
	case "pending":
		p := c.Person(t, "pia")
		s.admin.Invite(t, s.org, p.Email, "Technical")
		return p
	case "deleted, not yet purged":
		p, org := found(t, c, "hal")
		s.deleteHeld(t, p, org)
		return p
	case "deleted organization":
		p, org := found(t, c, "gus")
		nothing(t, p.Do(t, "DELETE", route(org), nil))
		return p
	}
	t.Fatalf("nobody is %q", is)
	return nil
}

// path fills in the parameters of a path: the organization, and the row of somebody else in it.
func (s *scene) path(path, org string) string {
	return strings.NewReplacer("{org}", org, "{invitation}", org, "{member}", s.rows["Technical"], "{server}", "pmm-"+s.org).Replace(path)
}

// minted returns the Admin's access token with other claims, signed with the pool's own key unless
// another is given: wrong in nothing but what was changed.
func (s *scene) minted(t testing.TB, key any, change func(jwt.MapClaims)) string {
	t.Helper()
	claims := jwt.MapClaims{}
	good, _, err := jwt.NewParser().ParseUnverified(s.admin.Token, claims)
	if err != nil {
		t.Fatal(err)
	}
	change(claims)
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = good.Header["kid"]
	if key == nil {
		key = s.cloud.Pool.Key
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// idToken signs the Admin in again and returns the token that says who they are and opens nothing.
func (s *scene) idToken(t testing.TB) string {
	t.Helper()
	return signIn(t, s.admin).Text("id_token")
}

func signIn(t testing.TB, p *cloudtest.Person) cloudtest.Answer {
	t.Helper()
	return p.Cloud.Do(t, "POST", "/v1/auth/SignIn", "", object{"email": p.Email, "password": cloudtest.Password}).Want(t, 200)
}

// closeAccount deletes somebody's account in the pool, as an operator does.
func closeAccount(t testing.TB, p *cloudtest.Person) {
	t.Helper()
	p.Cloud.Do(t, "DELETE", "/_local/accounts/"+p.Email, "", nil).Want(t, 200)
}

package rights

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/ses"
	"roster/shared/operation"
)

type object = map[string]any

// unreached are grants that the walk cannot bring a function to use, and why the function has them.
var unreached = map[string]string{
	"org-purge: dynamodb:UpdateItem ORG#": "notes the progress of a purge that outlasts its time",
}

func TestFunctionsUseWhatTheirRowsGrantAndNothingElse(t *testing.T) {
	used := map[string]map[use]bool{}
	walks := map[string]func(*testing.T, *guard){
		"accounts": accounts, "organizations": organizations, "members": members, "invitations": invitations,
		"activation": activation, "addresses": addresses, "mails": mails, "ends": ends, "customers": customers, "servers": servers,
	}
	for _, policy := range []string{"confirm", "join"} {
		g := newGuard(t, operation.All(), used, map[string]string{"ROSTER_RESEND_AFTER": "0", "ROSTER_INVITE_EXISTING": policy})
		for _, name := range slices.Sorted(maps.Keys(walks)) {
			if policy == "join" && name != "members" {
				continue
			}
			t.Run(policy+"/"+name, func(t *testing.T) { walks[name](t, g) })
		}
		g.settle(t)
		for _, what := range g.refusals() {
			t.Errorf("refused: %s", what)
		}
	}
	for _, o := range operation.All() {
		for _, u := range granted(o) {
			name := o.Name + ": " + u.String()
			if public := slices.Contains(client, u.Action); !public && used[o.Name][u] == (unreached[name] != "") {
				t.Errorf("%s: used %v; it is granted, and unreached is %q", name, used[o.Name][u], unreached[name])
			}
		}
	}
}

func org(parts ...string) string { return "/v1/orgs/" + strings.Join(parts, "/") }

// accounts signs up, in and out, and looks at profiles.
func accounts(t *testing.T, g *guard) {
	uma := g.signUp(t, cloudtest.Address("uma"))
	g.post(t, "SignUp", object{"email": uma.Email, "first_name": "Uma", "last_name": "Test", "password": cloudtest.Password})
	in := g.post(t, "SignIn", object{"email": uma.Email, "password": cloudtest.Password})
	g.post(t, "RefreshSession", object{"refresh_token": in.Text("refresh_token")})
	g.reset(t, uma.Email, 2)
	uma.SignIn(t)
	uma.Org(t, "Acme")
	for _, p := range []*cloudtest.Person{uma, g.unknown(t, "una"), g.unknown(t, "uli")} {
		p.Do(t, "POST", "/v1/auth/GetProfile", nil).Want(t, 200)
		p.Do(t, "POST", "/v1/auth/UpdateProfile", object{"first_name": "Una", "last_name": "Leigh"}).Want(t, 200)
		p.Do(t, "POST", "/v1/auth/SignOut", nil).Want(t, 200)
	}
	g.unknown(t, "uwe").SignIn(t)
	g.unknown(t, "udo").Do(t, "POST", "/v1/auth/UpdateProfile", object{"first_name": "Udo", "last_name": "Test"}).Want(t, 200)
	g.unknown(t, "ute").Do(t, "POST", "/v1/auth/SignOut", nil).Want(t, 200)
	g.Do(t, "GET", "/v1/openapi.json", "", nil).Want(t, 200)
}

// organizations makes, names, leaves and deletes them.
func organizations(t *testing.T, g *guard) {
	g.unknown(t, "ole").Org(t, "Ole's")
	g.locked(t, "olga").Org(t, "Olga's")
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	ann.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200)
	ann.Do(t, "GET", org(id), nil).Want(t, 200)
	ann.Do(t, "PUT", org(id), object{"name": "Ace"}).Want(t, 200)
	ann.Do(t, "POST", "/v1/events:search", nil).Want(t, 200)
	ann.Do(t, "GET", "/v1/events/types", nil).Want(t, 200)
	ann.Join(t, id, "bob", "Technical").Do(t, "POST", org(id)+":leave", nil).Want(t, 200)
	ann.Join(t, id, "cat", "Admin").Do(t, "POST", org(id)+":leave", nil).Want(t, 200)
	ann.Join(t, id, "dan", "Technical")
	ann.Invite(t, id, cloudtest.Address("eve"), "Technical")
	ann.Do(t, "DELETE", org(id), nil).Want(t, 200)
	g.settle(t)
}

// members invites people in every way, changes and removes them; of an organization that is linked
// to a customer too, which keeps note of who left.
func members(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	people := org(id, "members")
	for _, linked := range []bool{false, true} {
		if linked {
			g.set(t, "ORG#"+id, "ORG", "customer", "7")
		}
		one, some := g.Person(t, "one"), g.locked(t, "some")
		ann.Do(t, "POST", people, object{"username": one.Email, "role": "Admin"}).Want(t, 200)
		ann.Do(t, "POST", people+":bulk", object{"users": []object{
			{"username": some.Email, "role": "Admin"}, {"username": cloudtest.Address("new"), "role": "Technical"},
		}}).Want(t, 200)
		for _, p := range []*cloudtest.Person{one, some} {
			m := ann.MemberID(t, id, p.Email)
			ann.Do(t, "PUT", people+"/"+m, object{"role": "Technical"}).Want(t, 200)
			ann.Do(t, "PUT", people+"/"+m, object{"role": "Admin"}).Want(t, 200)
			ann.Do(t, "DELETE", people+"/"+m, nil).Want(t, 200)
		}
		m := ann.Invite(t, id, cloudtest.Address("pat"), "Technical")
		ann.Do(t, "POST", people+"/"+m+":reactivate", nil).Want(t, 200)
		ann.Do(t, "DELETE", people+"/"+m, nil).Want(t, 200)
	}
	bob := g.Person(t, "bob")
	ann.Do(t, "POST", people, object{"username": bob.Email, "role": "Technical"}).Want(t, 200)
	bob.Do(t, "POST", "/v1/invitations/"+id+":accept", nil)
	m := ann.MemberID(t, id, bob.Email)
	ann.Do(t, "PUT", people+"/"+m, object{"role": "Admin"}).Want(t, 200)
	ann.Do(t, "DELETE", people+"/"+m, nil).Want(t, 200)
	ann.Do(t, "POST", people+":search", nil).Want(t, 200)
}

// invitations accepts and declines them, inside the portal and by the link.
func invitations(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	for _, role := range []string{"Admin", "Technical"} {
		for _, who := range []func(testing.TB, string) *cloudtest.Person{g.unknown, g.locked} {
			for _, byLink := range []bool{false, true} {
				p := who(t, "ida")
				ann.Invite(t, id, p.Email, role)
				if !byLink {
					p.Do(t, "POST", "/v1/invitations/"+id+":accept", nil).Want(t, 200)
					continue
				}
				p.Do(t, "POST", "/v1/invitations:accept", object{"activation_token": g.Link(t, p.Email, 0)}).Want(t, 200)
			}
		}
	}
	ned := g.unknown(t, "ned")
	ann.Invite(t, id, ned.Email, "Technical")
	ned.Do(t, "POST", "/v1/invitations:search", nil).Want(t, 200)
	ned.Do(t, "POST", "/v1/invitations/"+id+":decline", nil).Want(t, 200)
}

// activation makes accounts of invitations: new ones, and of sign-ups that nobody finished although
// the table knows them, as when an operator made the user anew.
func activation(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	for _, role := range []string{"Admin", "Technical"} {
		for _, begun := range []bool{false, true} {
			email := cloudtest.Address("amy")
			if begun {
				g.post(t, "SignUp", object{"email": email, "first_name": "Amy", "last_name": "Test", "password": cloudtest.Password})
				g.Mails(t, email, 1)
				g.known(t, email)
			}
			ann.Invite(t, id, email, role)
			g.activate(t, email, map[bool]int{true: 1}[begun])
		}
	}
}

// activate follows the link in the mail that comes after so many, and sets a password.
func (g *guard) activate(t *testing.T, email string, seen int) {
	t.Helper()
	state := g.post(t, "ValidateToken", object{"activation_token": g.Link(t, email, seen)}).Text("state_token")
	g.post(t, "ActivateProfile", object{
		"token": state, "password": cloudtest.Password, "profile": object{"first_name": "Amy", "last_name": "Moss", "tos": true, "marketing": false},
	})
}

// addresses changes the addresses of members in the pool, and has both triggers notice.
func addresses(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	notice := map[string]func(p *cloudtest.Person){
		"sign-in":        func(p *cloudtest.Person) { p.SignIn(t) },
		"password reset": func(p *cloudtest.Person) { g.reset(t, p.Email, len(g.Mail.Mails(p.Email))+1) },
	}
	for name, noticed := range notice {
		p := ann.Join(t, id, strings.ReplaceAll(name, " ", "-"), "Technical")
		g.settle(t)
		g.readdress(t, p, strings.ToUpper(p.Email[:1])+p.Email[1:])
		noticed(p)
		g.readdress(t, p, cloudtest.Address("new"))
		noticed(p)
	}
}

// mails has one bounce, and sends it again.
func mails(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	g.SES.SetFault(func(string) error { return ses.Bounced })
	m := ann.Invite(t, id, cloudtest.Address("max"), "Technical")
	g.settle(t)
	g.SES.SetFault(nil)
	ann.Do(t, "POST", org(id, "members", m)+":reactivate", nil).Want(t, 200)
	g.settle(t)
}

// servers connects them for the first time and again, proves them, and disconnects one; another goes with
// its organization.
func servers(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	for _, name := range []string{"one." + id, "two." + id} {
		s := object{
			"pmm_server_id": name, "pmm_server_name": "PMM", "pmm_server_url": "http://localhost", "pmm_server_oauth_callback_url": "http://localhost",
		}
		for range 2 {
			sso := ann.Do(t, "POST", "/v1/orgs/inventory", s).Want(t, 200)
			for range 2 {
				g.prove(t, sso)
			}
		}
	}
	ann.Do(t, "POST", org(id, "inventory:search"), nil).Want(t, 200)
	ann.Do(t, "POST", "/v1/orgs/inventory/one."+id+":disconnect", nil).Want(t, 200)
	ann.Do(t, "DELETE", org(id), nil).Want(t, 200)
	g.settle(t)
}

// prove asks for a token with the credentials that a connect answered.
func (g *guard) prove(t *testing.T, sso cloudtest.Answer) {
	t.Helper()
	r, err := http.NewRequest("POST", g.URL+"/v1/sso/token?grant_type=client_credentials", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(sso.Text("sso_details.pmm_managed_client_id"), sso.Text("sso_details.pmm_managed_client_secret"))
	a, err := g.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	a.Want(t, 200)
}

// ends deletes users in the pool: of members with either role, and of an organization's last Admin.
func ends(t *testing.T, g *guard) {
	ann := g.Person(t, "ann")
	id := ann.Org(t, "Acme")
	bob, cat := ann.Join(t, id, "bob", "Technical"), ann.Join(t, id, "cat", "Admin")
	for _, p := range []*cloudtest.Person{bob, cat, ann} {
		g.Do(t, "DELETE", "/_local/accounts/"+p.Email, "", nil).Want(t, 200)
	}
	g.settle(t)
}

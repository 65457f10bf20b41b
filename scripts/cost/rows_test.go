package cost

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
	"roster/shared/operation"
)

// A row is an operation, and what has it called.
type row struct {
	operation string
	call      func()
	after     bool // the call is over when what it set off is: the operation is woken by an event
	mails     int
}

// A street is where the calls are made: Ann's organization of two, Gwen's for those who come and go, and
// Hank's, who is a customer's contact.
type street struct {
	t     testing.TB
	c     *cloudtest.Cloud
	ann   *cloudtest.Person
	carol *cloudtest.Person // in no organization
	gwen  *cloudtest.Person
	hank  *cloudtest.Person

	acme, guests, globex string
	bob                  string // path of his row
}

func newStreet(t testing.TB, c *cloudtest.Cloud) *street {
	s := &street{t: t, c: c, ann: c.Person(t, "ann"), carol: c.Person(t, "carol"), gwen: c.Person(t, "gwen")}
	s.acme, s.guests = s.ann.Org(t, "Acme"), s.gwen.Org(t, "Guests")
	bob := s.ann.Join(t, s.acme, "bob", "Technical")
	s.bob = "/v1/orgs/" + s.acme + "/members/" + s.ann.MemberID(t, s.acme, bob.Email)
	s.hank = c.SignedUp(t, "hank.scorpio@globex.example", "Hank", "Scorpio")
	s.hank.SignIn(t)
	s.globex = s.hank.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200).Text("orgs.0.id")
	return s
}

// do has somebody make a request, which must be answered 200.
func (s *street) do(p *cloudtest.Person, method, path string, body any) cloudtest.Answer {
	s.t.Helper()
	return p.Do(s.t, method, path, body).Want(s.t, 200)
}

// post is do for those who are nobody yet.
func (s *street) post(path string, body any) cloudtest.Answer {
	s.t.Helper()
	return s.do(&cloudtest.Person{Cloud: s.c}, "POST", path, body)
}

// invited has Gwen invite a new address of that name, and returns it.
func (s *street) invited(name string) string {
	email := cloudtest.Address(name)
	s.do(s.gwen, "POST", "/v1/orgs/"+s.guests+"/members", object{"username": email, "role": "Technical"})
	return email
}

type object = map[string]any

var digits = regexp.MustCompile(`\b\d{6}\b`)

// code is the one in the latest mail to an address.
func (s *street) code(email string) string {
	return digits.FindString(s.c.Mails(s.t, email, 1)[0].(map[string]any)["text"].(string))
}

// turns returns one of some values after the other, so that each call changes something.
func turns(values ...string) func() string {
	n := 0
	return func() string {
		n++
		return values[(n-1)%len(values)]
	}
}

// rows are all operations, in the order of their list.
func rows(t testing.TB, c *cloudtest.Cloud) (all []row) {
	s := newStreet(t, c)
	calls := map[string]func(){}
	for _, some := range []map[string]func(){s.organizations(), s.members(), s.links(), s.customers(), s.servers(), s.accounts(), s.others()} {
		for name, call := range some {
			calls[name] = call
		}
	}
	calls["mail-send"], calls["mail-feedback"] = calls["member-invite"], calls["member-invite"]
	calls["org-purge"], calls["token-issue"] = calls["org-delete"], calls["sign-in"]
	calls["account-signed-up"] = calls["sign-up-confirm"]
	for _, o := range operation.All() {
		if calls[o.Name] == nil {
			t.Fatalf("nothing calls %s", o.Name)
		}
		r := row{operation: o.Name, call: calls[o.Name], after: len(o.Routes) == 0}
		if slices.Contains(o.Mail, "SendEmail") {
			r.mails = 1
		}
		all = append(all, r)
	}
	return all
}

func (s *street) organizations() map[string]func() {
	at, name, eva := "/v1/orgs/"+s.acme, turns("Emca", "Acme"), s.c.Person(s.t, "eva")
	eva.Org(s.t, "Quiet") // whose log has two entries
	return map[string]func(){
		"org-create": func() { s.c.Person(s.t, "flo").Org(s.t, "Acme") },
		"org-search": func() { s.do(s.ann, "POST", "/v1/orgs:search", nil) },
		"org-get":    func() { s.do(s.ann, "GET", at, nil) },
		"org-rename": func() { s.do(s.ann, "PUT", at, object{"name": name()}) },
		"org-delete": func() {
			p := s.c.Person(s.t, "dan")
			s.do(p, "DELETE", "/v1/orgs/"+p.Org(s.t, "Acme"), nil)
		},
		"org-leave": func() {
			s.do(s.gwen.Join(s.t, s.guests, "leo", "Technical"), "POST", "/v1/orgs/"+s.guests+":leave", nil)
		},
		"event-search": func() { s.do(eva, "POST", "/v1/events:search", nil) },
		"event-types":  func() { s.do(s.ann, "GET", "/v1/events/types", nil) },
	}
}

func (s *street) members() map[string]func() {
	at := "/v1/orgs/" + s.guests + "/members"
	role := turns("Admin", "Technical")
	waiting := s.gwen.MemberID(s.t, s.guests, s.invited("wes"))
	return map[string]func(){
		"member-search": func() { s.do(s.ann, "POST", "/v1/orgs/"+s.acme+"/members:search", nil) },
		"member-role":   func() { s.do(s.ann, "PUT", s.bob, object{"role": role()}) },
		"member-invite": func() { s.invited("eve") },
		"member-invite-bulk": func() {
			var users []object
			for range 10 {
				users = append(users, object{"username": cloudtest.Address("kim"), "role": "Technical"})
			}
			s.do(s.gwen, "POST", at+":bulk", object{"users": users})
		},
		"member-reactivate": func() { s.do(s.gwen, "POST", at+"/"+waiting+":reactivate", nil) },
		"member-remove": func() {
			p := s.gwen.Join(s.t, s.guests, "rob", "Technical")
			s.do(s.gwen, "DELETE", at+"/"+s.gwen.MemberID(s.t, s.guests, p.Email), nil)
		},
	}
}

func (s *street) links() map[string]func() {
	validate := func(link string) cloudtest.Answer {
		return s.post("/v1/auth/ValidateToken", object{"activation_token": link})
	}
	link := s.c.Link(s.t, s.invited("vic"), 0)
	return map[string]func(){
		"link-validate": func() { validate(link) },
		"link-accept": func() {
			p := s.c.Person(s.t, "lea")
			s.do(s.gwen, "POST", "/v1/orgs/"+s.guests+"/members", object{"username": p.Email, "role": "Technical"})
			s.do(p, "POST", "/v1/invitations:accept", object{"activation_token": s.c.Link(s.t, p.Email, 0)})
		},
		"profile-activate": func() {
			state := validate(s.c.Link(s.t, s.invited("abe"), 0)).Text("state_token")
			s.post("/v1/auth/ActivateProfile", object{
				"token": state, "password": cloudtest.Password, "profile": object{"first_name": "Abe", "last_name": "Test", "tos": true},
			})
		},
		"invitation-search": func() { s.do(s.carol, "POST", "/v1/invitations:search", nil) },
		"invitation-answer": func() { s.gwen.Join(s.t, s.guests, "ina", "Technical") },
	}
}

func (s *street) customers() map[string]func() {
	at := "/v1/orgs/" + s.globex
	account := s.c.Customers[0].Account
	return map[string]func(){
		"company-search":     func() { s.do(s.hank, "POST", "/v1/orgs/company:search", nil) },
		"entitlement-search": func() { s.do(s.hank, "POST", at+"/entitlements:search", nil) },
		"ticket-search":      func() { s.do(s.hank, "POST", at+"/tickets:search", nil) },
		"ticket-raise": func() {
			s.do(s.hank, "POST", at+"/tickets", object{"short_description": "Slow", "description": "Since Monday.", "priority": "High"})
		},
		"member-onboard": func() {
			told := &cloudtest.Person{Cloud: s.c, Token: crm.Onboarding}
			s.do(told, "POST", "/v1/orgs/members:onboard", object{
				"email": cloudtest.Address("ona"), "technical": true, "active": true,
				"account": object{"ids": object{"servicenow": account.ID}, "active": true, "name": account.Name},
			})
		},
	}
}

func (s *street) servers() map[string]func() {
	connect := func(id string) cloudtest.Answer {
		return s.do(s.ann, "POST", "/v1/orgs/inventory", object{
			"pmm_server_id": id, "pmm_server_name": "Monitoring", "pmm_server_url": "https://10.0.0.7", "pmm_server_oauth_callback_url": "https://10.0.0.7/x",
		})
	}
	disconnect := func(id string) { s.do(s.ann, "POST", "/v1/orgs/inventory/"+id+":disconnect", nil) }
	id := cloudtest.Address("pmm")[:12]
	known := connect(id)
	return map[string]func(){
		"server-connect":    func() { connect(id + "-2"); disconnect(id + "-2") },
		"server-disconnect": func() { connect(id + "-3"); disconnect(id + "-3") },
		"server-search":     func() { s.do(s.ann, "POST", "/v1/orgs/"+s.acme+"/inventory:search", nil) },
		"server-token": func() {
			r, err := http.NewRequest("POST", s.c.URL+"/v1/sso/token?grant_type=client_credentials&scope=pmm", nil)
			if err != nil {
				s.t.Fatal(err)
			}
			r.SetBasicAuth(known.Text("sso_details.pmm_managed_client_id"), known.Text("sso_details.pmm_managed_client_secret"))
			if a, err := s.c.RoundTrip(r); err != nil || a.Status != 200 {
				s.t.Fatalf("%d %s, %v", a.Status, a.Raw, err)
			}
		},
	}
}

func (s *street) accounts() map[string]func() {
	password := func(email string) object { return object{"email": email, "password": cloudtest.Password} }
	signUp := func() string {
		email := cloudtest.Address("sue")
		s.post("/v1/auth/SignUp", object{"email": email, "first_name": "Sue", "last_name": "Test", "password": cloudtest.Password})
		return email
	}
	name := turns("Anne", "Ann")
	refresh := s.post("/v1/auth/SignIn", password(s.carol.Email)).Text("refresh_token")
	return map[string]func(){
		"sign-in": func() { s.post("/v1/auth/SignIn", password(s.carol.Email)) },
		"sign-up": func() { signUp() },
		"sign-up-confirm": func() {
			email := signUp()
			s.post("/v1/auth/ConfirmSignUp", object{"email": email, "code": s.code(email)})
		},
		"session-refresh": func() { s.post("/v1/auth/RefreshSession", object{"refresh_token": refresh}) },
		"sign-out":        func() { s.do(s.gwen.Join(s.t, s.guests, "oz", "Technical"), "POST", "/v1/auth/SignOut", nil) },
		"password-reset":  func() { s.post("/v1/auth/ResetPassword", object{"email": s.c.Person(s.t, "pia").Email}) },
		"password-reset-confirm": func() {
			email := s.c.Person(s.t, "pam").Email
			s.post("/v1/auth/ResetPassword", object{"email": email})
			s.post("/v1/auth/ConfirmResetPassword", object{"email": email, "code": s.code(email), "password": cloudtest.Password})
		},
		"profile-get": func() { s.do(s.ann, "POST", "/v1/auth/GetProfile", nil) },
		"profile-update": func() {
			s.do(s.ann, "POST", "/v1/auth/UpdateProfile", object{"first_name": name(), "last_name": "Test"})
		},
		"account-closed": func() {
			s.c.Do(s.t, "DELETE", "/_local/accounts/"+url.PathEscape(s.gwen.Join(s.t, s.guests, "cy", "Technical").Email), "", nil).Want(s.t, 200)
		},
	}
}

func (s *street) others() map[string]func() {
	get := func(path string) func() {
		return func() {
			answer, err := http.Get(s.c.URL + path) // which may be no JSON
			if err != nil {
				s.t.Fatal(err)
			}
			if answer.Body.Close(); answer.StatusCode != 200 {
				s.t.Fatal(answer.Status)
			}
		}
	}
	return map[string]func(){"openapi": get("/v1/openapi.json"), "portal": get("/")}
}

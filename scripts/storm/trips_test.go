package storm

import (
	"maps"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// A trip is one operation, and how many round trips in a row it may make.
type trip struct {
	operation string
	about     string // where the operation alone does not tell
	bar       int
	join      bool // with the setting "join"
	set       func(s *scene) racer
}

// trips has a row for each operation that works on the table: DESIGN.md §10's bars. Sign-out and the
// closing of an account learn from the account's row which organization to tell, so that they take
// one more than other writes; so does connecting a PMM server, whose event tells the role of the caller.
// Who signs in and is a member is in the log: a look and a change more.
func trips() []trip {
	return []trip{
		{operation: "org-search", bar: 2, set: asMember("POST", "/v1/orgs:search")},
		{operation: "org-get", bar: 1, set: inOrg("GET", "")},
		{operation: "member-search", bar: 1, set: inOrg("POST", "/members:search")},
		{operation: "profile-get", bar: 1, set: asMember("POST", "/v1/auth/GetProfile")},
		{operation: "invitation-search", bar: 2, set: asInvited("/v1/invitations:search")},
		{operation: "link-validate", bar: 2, set: byLink("/v1/auth/ValidateToken")},

		{operation: "event-types", bar: 1, set: asMember("GET", "/v1/events/types")},
		{operation: "event-search", bar: 2, set: asMember("POST", "/v1/events:search")},
		{operation: "event-search", about: "which names the organization", bar: 1, set: func(s *scene) racer {
			ann, _, o := s.twoAdmins()
			return racer{as: ann, method: "POST", path: "/v1/events:search", body: object{"fsp": object{
				"filters": []any{object{"field": object{"name": "organization_id", "value": o}}},
			}}}
		}},

		{operation: "org-create", bar: 2, set: func(s *scene) racer { return create(s.person("ann"), "200") }},
		{operation: "org-create", about: "behind a stale lock", bar: 3, set: func(s *scene) racer { return create(s.stale(), "200") }},
		{operation: "org-rename", bar: 2, set: func(s *scene) racer {
			ann, _, o := s.twoAdmins()
			return racer{as: ann, method: "PUT", path: "/v1/orgs/" + o, body: object{"name": "Other"}}
		}},
		{operation: "org-delete", bar: 2, set: inOrg("DELETE", "")},
		{operation: "org-leave", bar: 2, set: inOrg("POST", ":leave")},

		{operation: "member-invite", bar: 2, set: inviting(1)},
		{operation: "member-invite", about: "a stranger, joining", bar: 3, join: true, set: inviting(1)},
		{operation: "member-invite", about: "an account, joining", bar: 3, join: true, set: func(s *scene) racer {
			ann := s.person("ann")
			return invite(ann, s.found(ann), s.person("bob").Email, "200")
		}},
		{operation: "member-invite-bulk", bar: 2, set: inviting(10)},
		{operation: "member-role", bar: 2, set: onBob("PUT", "", object{"role": "Technical"})},
		{operation: "member-remove", bar: 2, set: onBob("DELETE", "", nil)},
		{operation: "member-remove", about: "an invitation", bar: 2, set: onEve("DELETE", "")},
		{operation: "member-reactivate", bar: 2, set: onEve("POST", ":reactivate")},
		{operation: "mail-send", bar: 3, set: inviting(1)},

		{operation: "invitation-answer", about: "accept", bar: 2, set: func(s *scene) racer {
			ann := s.person("ann")
			o := s.found(ann)
			return accept(s.invited(ann, o, "bob", "Admin"), o, "200")
		}},
		{operation: "invitation-answer", about: "accept behind a stale lock", bar: 3, set: func(s *scene) racer {
			ann, bob := s.person("ann"), s.stale()
			o := s.found(ann)
			ann.Invite(s.t, o, bob.Email, "Admin")
			return accept(bob, o, "200")
		}},
		{operation: "invitation-answer", about: "decline", bar: 2, set: func(s *scene) racer {
			ann := s.person("ann")
			o := s.found(ann)
			return racer{as: s.invited(ann, o, "bob", "Admin"), method: "POST", path: "/v1/invitations/" + o + ":decline"}
		}},
		{operation: "link-accept", bar: 2, set: func(s *scene) racer {
			ann := s.person("ann")
			bob := s.invited(ann, s.found(ann), "bob", "Admin")
			return racer{as: bob, method: "POST", path: "/v1/invitations:accept", body: object{"activation_token": s.c.Link(s.t, bob.Email, 0)}}
		}},
		{operation: "profile-activate", bar: 2, set: func(s *scene) racer {
			validate := byLink("/v1/auth/ValidateToken")(s)
			a := s.c.Do(s.t, "POST", validate.path, "", validate.body).Want(s.t, 200)
			return racer{method: "POST", path: "/v1/auth/ActivateProfile", body: profile("Eve", a.Text("state_token"))}
		}},

		{operation: "server-search", bar: 1, set: inOrg("POST", "/inventory:search")},
		{operation: "server-connect", bar: 3, set: connecting(0)},
		{operation: "server-connect", about: "again", bar: 3, set: connecting(1)},
		{operation: "server-disconnect", bar: 3, set: func(s *scene) racer {
			ann, _, o := s.twoAdmins()
			s.connect(ann, o)
			return racer{as: ann, method: "POST", path: "/v1/orgs/inventory/" + o + ":disconnect"}
		}},
		{operation: "server-token", bar: 2, set: func(s *scene) racer {
			ann, _, o := s.twoAdmins()
			sso := s.connect(ann, o)
			return racer{
				method: "POST", path: "/v1/sso/token?grant_type=client_credentials",
				client: sso.Text("sso_details.pmm_managed_client_id"), secret: sso.Text("sso_details.pmm_managed_client_secret"),
			}
		}},

		{operation: "profile-update", bar: 2, set: func(s *scene) racer {
			r := asMember("POST", "/v1/auth/UpdateProfile")(s)
			r.body = object{"first_name": "Bobby", "last_name": "Example"}
			return r
		}},
		{operation: "token-issue", bar: 1, set: func(s *scene) racer {
			return signIn(s.person("ann"))
		}},
		{operation: "sign-in", about: "of a member", bar: 1, set: func(s *scene) racer { return signIn(asMember("", "")(s).as) }},
		{operation: "token-issue", about: "a member", bar: 4, set: func(s *scene) racer { return signIn(asMember("", "")(s).as) }},
		{operation: "token-issue", about: "whom the CRM never heard of", bar: 2, set: func(s *scene) racer { return signIn(s.newcomer("new")) }},
		{operation: "token-issue", about: "the first contact", bar: 6, set: func(s *scene) racer { return signIn(s.contacts(1)[0]) }},
		{operation: "token-issue", about: "a later contact", bar: 6, set: func(s *scene) racer {
			two := s.contacts(2)
			two[0].SignIn(s.t)
			return signIn(two[1])
		}},
		{operation: "org-create", about: "the first contact", bar: 6, set: func(s *scene) racer { return create(s.waiting(1)[0], "200") }},
		{operation: "org-create", about: "a later contact", bar: 6, set: func(s *scene) racer {
			two := s.waiting(2)
			two[0].Do(s.t, "POST", "/v1/orgs", nil).Want(s.t, 200)
			return create(two[1], "200")
		}},
		{operation: "company-search", bar: 1, set: asMember("POST", "/v1/orgs/company:search")},
		{operation: "entitlement-search", bar: 1, set: asContact("/entitlements:search", nil)},
		{operation: "ticket-search", bar: 1, set: asContact("/tickets:search", nil)},
		{operation: "ticket-raise", bar: 1, set: asContact("/tickets", object{"short_description": "x"})},
		{operation: "member-onboard", about: "founds", bar: 3, set: func(s *scene) racer { return onboard(uuid.NewString(), s.stranger("eve"), true, "200") }},
		{operation: "member-onboard", about: "joins", bar: 3, set: func(s *scene) racer {
			account := uuid.NewString()
			_, _ = onboard(account, s.stranger("eve"), true, "200").send(s.c, 0)
			return onboard(account, s.stranger("eve"), true, "200")
		}},
		{operation: "account-signed-up", bar: 2, set: func(*scene) racer {
			return racer{method: "POST", path: "/_local/accounts", body: object{
				"email": cloudtest.Address("new"), "first_name": "New", "last_name": "Example", "password": cloudtest.Password,
			}}
		}},
		{operation: "sign-up", about: "of a known address", bar: 1, set: func(s *scene) racer {
			return racer{method: "POST", path: "/v1/auth/SignUp", body: object{
				"email": s.person("ann").Email, "first_name": "Ann", "last_name": "Example", "password": cloudtest.Password,
			}}
		}},
		{operation: "mail-feedback", bar: 1, set: inviting(1)},
		{operation: "sign-out", bar: 3, set: asMember("POST", "/v1/auth/SignOut")},
		{operation: "account-closed", bar: 3, set: func(s *scene) racer {
			return racer{method: "DELETE", path: "/_local/accounts/" + asMember("", "")(s).as.Email}
		}},
	}
}

// connecting connects a server that is called as the organization is, for the first time or again.
func connecting(times int) func(s *scene) racer {
	return func(s *scene) racer {
		ann, _, o := s.twoAdmins()
		for range times {
			s.connect(ann, o)
		}
		return racer{as: ann, method: "POST", path: "/v1/orgs/inventory", body: server(o)}
	}
}

func server(id string) object {
	return object{
		"pmm_server_id": id, "pmm_server_name": "PMM", "pmm_server_url": "http://localhost", "pmm_server_oauth_callback_url": "http://localhost",
	}
}

func (s *scene) connect(as *cloudtest.Person, id string) cloudtest.Answer {
	s.t.Helper()
	return as.Do(s.t, "POST", "/v1/orgs/inventory", server(id)).Want(s.t, 200)
}

// asMember is what somebody asks who is a member of an organization.
func asMember(method, path string) func(s *scene) racer {
	return func(s *scene) racer {
		_, bob, _ := s.twoAdmins()
		return racer{as: bob, method: method, path: path}
	}
}

func inOrg(method, path string) func(s *scene) racer {
	return func(s *scene) racer {
		ann, _, o := s.twoAdmins()
		return racer{as: ann, method: method, path: "/v1/orgs/" + o + path}
	}
}

func asInvited(path string) func(s *scene) racer {
	return func(s *scene) racer {
		ann := s.person("ann")
		return racer{as: s.invited(ann, s.found(ann), "bob", "Admin"), method: "POST", path: path}
	}
}

func byLink(path string) func(s *scene) racer {
	return func(s *scene) racer {
		ann, eve := s.person("ann"), s.stranger("eve")
		ann.Invite(s.t, s.found(ann), eve, "Admin")
		return racer{method: "POST", path: path, body: object{"activation_token": s.c.Link(s.t, eve, 0)}}
	}
}

func onBob(method, verb string, body any) func(s *scene) racer {
	return func(s *scene) racer {
		ann, bob, o := s.twoAdmins()
		return racer{as: ann, method: method, path: row(o, bob.Email) + verb, body: body}
	}
}

func onEve(method, verb string) func(s *scene) racer {
	return func(s *scene) racer {
		ann, eve := s.person("ann"), s.stranger("eve")
		o := s.found(ann)
		ann.Invite(s.t, o, eve, "Admin")
		return racer{as: ann, method: method, path: row(o, eve) + verb}
	}
}

// inviting invites so many strangers in one request.
func inviting(n int) func(s *scene) racer {
	return func(s *scene) racer {
		ann := s.person("ann")
		o := s.found(ann)
		if n == 1 {
			return invite(ann, o, s.stranger("eve"), "200")
		}
		var users []any
		for _, g := range s.strangers(n) {
			users = append(users, object{"username": g, "role": "Admin"})
		}
		return racer{as: ann, method: "POST", path: "/v1/orgs/" + o + "/members:bulk", body: object{"users": users}}
	}
}

// stale returns somebody whose account is locked to an organization that is gone, as until a purge
// comes by.
func (s *scene) stale() *cloudtest.Person {
	s.t.Helper()
	p := s.person("stale")
	s.put("ACCOUNT#"+p.ID, "ACCOUNT", "org_id", &types.AttributeValueMemberS{Value: uuid.NewString()})
	return p
}

// held is how long each answer is held back, so that requests made side by side overlap.
const held = 15 * time.Millisecond

func TestRoundTripsInARow(t *testing.T) {
	t.Parallel()
	settings := maps.Clone(lenient)
	confirm, p := cloudtest.Behind(t, cloud.Options{Settings: settings})
	settings = maps.Clone(lenient)
	settings["ROSTER_INVITE_EXISTING"] = "join"
	join, q := cloudtest.Behind(t, cloud.Options{Settings: settings})
	for _, row := range trips() {
		t.Run(row.operation+" "+row.about, func(t *testing.T) {
			if row.join {
				row.hold(t, join, q)
				return
			}
			row.hold(t, confirm, p)
		})
	}
}

// hold counts one call, and on a machine that is too busy to make two requests side by side another.
func (r trip) hold(t *testing.T, c *cloudtest.Cloud, p *cloudtest.Proxy) {
	got := 0
	for range 3 {
		if got = r.count(t, c, p); got <= r.bar {
			break
		}
	}
	t.Logf("%s %s: %d", r.operation, r.about, got)
	if got > r.bar {
		t.Errorf("%d round trips in a row; want %d", got, r.bar)
	}
}

func (r trip) count(t *testing.T, c *cloudtest.Cloud, p *cloudtest.Proxy) int {
	t.Helper()
	s := &scene{t: t, c: c}
	asks := r.set(s)
	settle(t, c)
	p.Forget()
	p.Of(r.operation).Pace = held
	a, err := asks.send(c, 0)
	if kind := s.kind(a, err); kind != "200" {
		t.Fatalf("%s was answered %s %s", r.operation, kind, a.Raw)
	}
	s.until(func() bool { return len(p.Calls(r.operation)) > 0 })
	settle(t, c)
	p.Of(r.operation).Pace = 0
	return cloudtest.Trips(p.Calls(r.operation)[0])
}

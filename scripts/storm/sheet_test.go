package storm

import (
	"time"

	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// Why some take more round trips than DESIGN.md §10 has for their like.
const (
	role    = "the account's row says where the row lies that tells the caller's role, which the event names"
	linking = "a sign-in holds the account to the pool, looks for its company, and is then in the log of its organization"
)

// trips has a row for each operation that works on the table, with DESIGN.md §10's bars or why not.
func trips() []trip {
	return []trip{
		{operation: "org-search", bar: 2, set: asMember("POST", "/v1/orgs:search")},
		{operation: "org-get", bar: 1, set: inOrg("GET", "")},
		{operation: "member-search", bar: 1, grows: "it lists a page of a thousand", set: inOrg("POST", "/members:search")},
		{operation: "member-search", about: "a page of ten", bar: 1, grows: "it lists a page of ten", set: func(s *scene) racer {
			r := inOrg("POST", "/members:search")(s)
			r.body = object{"page_size": 10}
			return r
		}},
		{operation: "profile-get", bar: 1, set: asMember("POST", "/v1/auth/GetProfile")},
		{operation: "invitation-search", bar: 2, set: asInvited("/v1/invitations:search")},
		{operation: "link-validate", bar: 2, set: byLink("/v1/auth/ValidateToken")},

		{operation: "event-types", bar: 1, set: asMember("GET", "/v1/events/types")},
		{
			operation: "event-search", bar: 2, why: "the account's row says whose log it is",
			grows: "it counts all that the log holds", set: asMember("POST", "/v1/events:search"),
		},
		{operation: "event-search", about: "of a moment", bar: 1, set: func(s *scene) racer {
			ann, _, o := s.twoAdmins()
			since := object{"name": "timestamp", "value": time.Now().UTC().Format("2006-01-02T15:04:05.000Z")}
			return racer{as: ann, method: "POST", path: "/v1/events:search", body: object{"fsp": object{"filters": []any{
				object{"field": object{"name": "organization_id", "value": o}}, object{"field": since, "filter_type": "GREATER_OR_EQUAL"},
			}}}}
		}},

		{operation: "org-create", bar: 2, alone: "it makes an organization", set: func(s *scene) racer { return create(s.person("ann"), "200") }},
		{operation: "org-create", about: "behind a stale lock", bar: 3, alone: "it makes an organization", set: func(s *scene) racer { return create(s.stale(), "200") }},
		{operation: "org-rename", bar: 2, set: func(s *scene) racer {
			ann, _, o := s.twoAdmins()
			return racer{as: ann, method: "PUT", path: "/v1/orgs/" + o, body: object{"name": "Other"}}
		}},
		{operation: "org-delete", bar: 2, set: inOrg("DELETE", "")},
		{operation: "org-purge", bar: 12, why: "nobody waits for it", grows: "it erases everything", set: inOrg("DELETE", "")},
		{operation: "org-leave", bar: 2, set: inOrg("POST", ":leave")},

		{operation: "member-invite", bar: 2, set: inviting(1)},
		{operation: "member-invite", about: "a stranger, joining", bar: 2, join: true, set: inviting(1)},
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

		{operation: "server-search", bar: 1, grows: "it lists all servers", set: inOrg("POST", "/inventory:search")},
		{operation: "server-connect", bar: 3, why: role, set: connecting(0)},
		{operation: "server-connect", about: "again", bar: 3, why: role, set: connecting(1)},
		{operation: "server-disconnect", bar: 3, set: func(s *scene) racer {
			ann, _, _ := s.twoAdmins()
			id := uuid.NewString()
			s.connect(ann, id)
			return racer{as: ann, method: "POST", path: "/v1/orgs/inventory/" + id + ":disconnect"}
		}},
		{operation: "server-token", bar: 2, set: func(s *scene) racer {
			ann, _, _ := s.twoAdmins()
			sso := s.connect(ann, uuid.NewString())
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
		{operation: "token-issue", bar: 1, alone: "nobody is a member", set: func(s *scene) racer {
			return signIn(s.person("ann"))
		}},
		{operation: "sign-in", about: "of a member", bar: 1, set: func(s *scene) racer { return signIn(asMember("", "")(s).as) }},
		{operation: "token-issue", about: "a member", bar: 3, why: "the account's row says whose log the sign-in is in", set: func(s *scene) racer { return signIn(asMember("", "")(s).as) }},
		{operation: "token-issue", about: "whom the CRM never heard of", bar: 2, alone: "nobody is a member", set: func(s *scene) racer { return signIn(s.newcomer("new")) }},
		{operation: "token-issue", about: "the first contact", bar: 5, why: linking, alone: "it makes an organization", set: func(s *scene) racer { return signIn(s.contacts(1)[0]) }},
		{operation: "token-issue", about: "a later contact", bar: 6, why: linking, set: func(s *scene) racer {
			two := s.contacts(2)
			two[0].SignIn(s.t)
			return signIn(two[1])
		}},
		{operation: "org-create", about: "the first contact", bar: 4, alone: "it makes an organization", set: func(s *scene) racer { return create(s.waiting(1)[0], "200") }},
		{operation: "org-create", about: "a later contact", bar: 4, set: func(s *scene) racer {
			two := s.waiting(2)
			two[0].Do(s.t, "POST", "/v1/orgs", nil).Want(s.t, 200)
			return create(two[1], "200")
		}},
		{operation: "company-search", bar: 1, set: asMember("POST", "/v1/orgs/company:search")},
		{operation: "entitlement-search", bar: 1, set: asContact("/entitlements:search", nil)},
		{operation: "ticket-search", bar: 1, set: asContact("/tickets:search", nil)},
		{operation: "ticket-raise", bar: 1, set: asContact("/tickets", object{"short_description": "x"})},
		{operation: "member-onboard", about: "founds", bar: 2, alone: "it makes an organization", set: func(s *scene) racer { return onboard(uuid.NewString(), s.stranger("eve"), true, "200") }},
		{operation: "member-onboard", about: "joins", bar: 3, set: func(s *scene) racer {
			account := s.company()
			_, _ = onboard(account, s.stranger("eve"), true, "200").send(s.c, 0)
			return onboard(account, s.stranger("eve"), true, "200")
		}},
		{operation: "account-signed-up", bar: 2, alone: "nobody is a member", set: func(*scene) racer {
			return racer{method: "POST", path: "/_local/accounts", body: object{
				"email": cloudtest.Address("new"), "first_name": "New", "last_name": "Example", "password": cloudtest.Password,
			}}
		}},
		{operation: "sign-up", about: "of a known address", bar: 1, alone: "nobody is a member", set: func(s *scene) racer {
			return racer{method: "POST", path: "/v1/auth/SignUp", body: object{
				"email": s.person("ann").Email, "first_name": "Ann", "last_name": "Example", "password": cloudtest.Password,
			}}
		}},
		{operation: "mail-feedback", bar: 1, set: inviting(1)},
		{operation: "sign-out", bar: 3, why: role, set: asMember("POST", "/v1/auth/SignOut")},
		{operation: "account-closed", bar: 3, why: role, set: func(s *scene) racer {
			return racer{method: "DELETE", path: "/_local/accounts/" + asMember("", "")(s).as.Email}
		}},
	}
}

// Package operation is the one list of what Roster does: a row per Lambda function, with the routes
// or events that wake it and everything that it may touch. The CDK app derives functions, routes,
// environment and grants from it, the local cloud mounts from it, and tests hold it against
// functions/, events/ and what the code does. It imports nothing.
package operation

// An Operation is one Lambda function: the folder functions/<Name>, the sample events/<Name>.json.
type Operation struct {
	Name   string
	Routes []string // "METHOD /path" as API Gateway takes them; a verb behind a parameter is part of its segment
	Public bool     // the gateway asks for no token
	Client bool     // a Public one that the CRM calls, with a credential of its own, which a secret holds
	Page   bool     // it answers browsers with files: it is Public, stands outside of /v1, and in no description of the API
	Event  Event    // what wakes a function that has no route

	Table  Table    // what it may do to the table
	SignIn bool     // it calls the user pool as a page could, which needs a client and no rights
	Users  []string // the user pool's admin actions that it calls, without "cognito-idp:"
	Mail   []string // SES's actions that it calls, without "ses:": sending for the deployment's one identity, the rest for the account
	CRM    bool     // it asks the customers' platform, where the deployment has one, with the credentials of a secret
	Reads  []string // settings of the deployment that it reads besides those that Variables derives
}

// CompressedFrom is the size in bytes from which the gateway compresses answers, for clients that say
// they take that.
const CompressedFrom = 1 << 10

// All returns every operation, routes first. The slice is the caller's own.
func All() []Operation {
	all := organizations()
	for _, more := range [][]Operation{members(), invitations(), customers(), servers(), accounts(), activity(), about(), events()} {
		all = append(all, more...)
	}
	return all
}

func organizations() []Operation {
	return []Operation{
		{
			Name: "org-create", Routes: []string{"POST /v1/orgs"},
			Table: linking(Table{Get: Accounts | Orgs, Check: Orgs, Put: Accounts | Addresses | Orgs, Update: Accounts}), CRM: true,
		},
		{Name: "org-search", Routes: []string{"POST /v1/orgs:search"}, Table: Table{Get: Accounts | Orgs}},
		{Name: "org-get", Routes: []string{"GET /v1/orgs/{org}"}, Table: Table{Get: Accounts | Orgs}, CRM: true},
		{
			Name: "org-rename", Routes: []string{"PUT /v1/orgs/{org}"},
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Put: Orgs, Update: Orgs},
		},
		{
			Name: "org-delete", Routes: []string{"DELETE /v1/orgs/{org}"},
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Update: Orgs, Delete: Customers},
		},
		{
			Name: "org-leave", Routes: []string{"POST /v1/orgs/{org}"}, // {org}:leave
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Put: Orgs, Update: Accounts | Orgs, Delete: Orgs},
		},
	}
}

func members() []Operation {
	return []Operation{
		{
			Name: "member-invite", Routes: []string{"POST /v1/orgs/{org}/members"},
			Table: inviting(), Reads: invitePolicy(),
		},
		{
			Name: "member-invite-bulk", Routes: []string{"POST /v1/orgs/{org}/members:bulk"},
			Table: inviting(), Reads: invitePolicy(),
		},
		{
			Name: "member-search", Routes: []string{"POST /v1/orgs/{org}/members:search"},
			Table: Table{Get: Accounts | Orgs, Query: Orgs},
		},
		{
			Name: "member-role", Routes: []string{"PUT /v1/orgs/{org}/members/{member}"},
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Put: Orgs, Update: Orgs},
		},
		{
			Name: "member-remove", Routes: []string{"DELETE /v1/orgs/{org}/members/{member}"},
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Put: Orgs, Update: Accounts | Orgs, Delete: Addresses | Orgs},
		},
		{
			Name: "member-reactivate", Routes: []string{"POST /v1/orgs/{org}/members/{member}"}, // {member}:reactivate
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Put: Orgs, Update: Orgs}, Reads: invitePolicy(),
		},
	}
}

func invitations() []Operation {
	return []Operation{
		{
			Name: "link-validate", Routes: []string{"POST /v1/auth/ValidateToken"}, Public: true,
			Table: Table{Get: Addresses | Orgs, Check: Orgs, Put: Orgs},
		},
		{Name: "link-accept", Routes: []string{"POST /v1/invitations:accept"}, Table: accepting()},
		{
			Name: "profile-activate", Routes: []string{"POST /v1/auth/ActivateProfile"}, Public: true,
			Table: Table{
				Get: Accounts | Orgs, Check: Orgs, Put: Accounts | Addresses | Orgs, Update: Accounts | Orgs, Delete: Addresses | Orgs,
			},
			Users: []string{"AdminConfirmSignUp", "AdminCreateUser", "AdminGetUser", "AdminSetUserPassword", "AdminUpdateUserAttributes"},
		},
		{
			Name: "invitation-search", Routes: []string{"POST /v1/invitations:search"},
			Table: Table{Get: Accounts | Orgs, Query: Addresses},
		},
		{
			Name: "invitation-answer", Routes: []string{"POST /v1/invitations/{invitation}"}, // {invitation}:accept, :decline
			Table: accepting(),
		},
	}
}

// customers are the routes that exist for customer accounts.
func customers() []Operation {
	reading := Table{Get: Accounts | Orgs}
	return []Operation{
		{Name: "company-search", Routes: []string{"POST /v1/orgs/company:search"}, Table: Table{Get: Accounts, Update: Accounts}, CRM: true},
		{Name: "entitlement-search", Routes: []string{"POST /v1/orgs/{org}/entitlements:search"}, Table: reading, CRM: true},
		{Name: "ticket-search", Routes: []string{"POST /v1/orgs/{org}/tickets:search"}, Table: reading, CRM: true},
		{Name: "ticket-raise", Routes: []string{"POST /v1/orgs/{org}/tickets"}, Table: reading, CRM: true},
		{
			Name: "member-onboard", Routes: []string{"POST /v1/orgs/members:onboard"}, Public: true, Client: true,
			Table: Table{
				Get: Accounts | Addresses | Customers | Orgs, Query: Orgs, Check: Customers | Orgs, Put: Addresses | Customers | Orgs,
				Update: Accounts | Orgs, Delete: Addresses | Orgs,
			},
		},
	}
}

// servers are the routes of PMM servers.
func servers() []Operation {
	return []Operation{
		{
			Name: "server-connect", Routes: []string{"POST /v1/orgs/inventory", "POST /v1/orgs/inventory:connect"},
			Table: Table{Get: Accounts | Orgs | Servers, Check: Orgs, Put: Orgs | Servers},
			Reads: []string{"ROSTER_PMM_CLIENT_ID", "ROSTER_PMM_SCOPE"},
		},
		{
			Name: "server-disconnect", Routes: []string{"POST /v1/orgs/inventory/{server}"}, // {server}:disconnect
			Table: Table{Get: Accounts | Orgs | Servers, Check: Orgs, Put: Orgs, Delete: Orgs | Servers},
		},
		{
			Name: "server-search", Routes: []string{"POST /v1/orgs/{org}/inventory:search"},
			Table: Table{Get: Accounts | Orgs, Query: Orgs},
		},
		{
			Name: "server-token", Routes: []string{"POST /v1/sso/token"}, Public: true,
			Table: Table{Get: Orgs, Check: Orgs, Put: Orgs}, Reads: []string{"ROSTER_PMM_SCOPE"},
		},
	}
}

func accounts() []Operation {
	return []Operation{
		{Name: "sign-in", Routes: []string{"POST /v1/auth/SignIn"}, Public: true, SignIn: true, Table: Table{UpdateAlone: Orgs}},
		{Name: "sign-up", Routes: []string{"POST /v1/auth/SignUp"}, Public: true, SignIn: true, Table: Table{Put: Addresses}},
		{Name: "sign-up-confirm", Routes: []string{"POST /v1/auth/ConfirmSignUp"}, Public: true, SignIn: true},
		{Name: "session-refresh", Routes: []string{"POST /v1/auth/RefreshSession"}, Public: true, SignIn: true},
		{
			Name: "sign-out", Routes: []string{"POST /v1/auth/SignOut"},
			Table: Table{Get: Accounts | Orgs, Check: Orgs, Put: Accounts | Addresses | Orgs, Update: Accounts},
			Users: []string{"AdminUserGlobalSignOut"},
		},
		{Name: "password-reset", Routes: []string{"POST /v1/auth/ResetPassword"}, Public: true, SignIn: true},
		{Name: "password-reset-confirm", Routes: []string{"POST /v1/auth/ConfirmResetPassword"}, Public: true, SignIn: true},
		{
			Name: "profile-get", Routes: []string{"POST /v1/auth/GetProfile"},
			Table: Table{Get: Accounts, Put: Accounts | Addresses},
		},
		{
			Name: "profile-update", Routes: []string{"POST /v1/auth/UpdateProfile"},
			Table: Table{Get: Accounts, Put: Accounts | Addresses, Update: Accounts | Orgs},
		},
	}
}

// activity is the log of an organization.
func activity() []Operation {
	return []Operation{
		{Name: "event-search", Routes: []string{"POST /v1/events:search"}, Table: Table{Get: Accounts | Orgs, Query: Orgs}},
		{Name: "event-types", Routes: []string{"GET /v1/events/types"}, Table: Table{Get: Accounts}},
	}
}

// about are the routes that tell of the API itself, and the page on which people use it.
func about() []Operation {
	return []Operation{
		{Name: "openapi", Routes: []string{"GET /v1/openapi.json"}, Public: true},
		{
			Name: "portal", Routes: []string{"GET /", "GET /activation", "GET /assets/{version}/{folder}/{file}"},
			Public: true, Page: true, Reads: []string{"ROSTER_TERMS_URL"},
		},
	}
}

// events are the operations that no route reaches.
func events() []Operation {
	return []Operation{
		{Name: "account-signed-up", Event: PostConfirmation, Table: ensuring()},
		{
			Name: "token-issue", Event: PreTokenGeneration, Table: linking(ensuring()), CRM: true,
			Reads: []string{"ROSTER_LINK_AT_SIGN_IN"},
		},
		{
			Name: "account-closed", Event: UserPoolCall,
			Table: Table{
				Get: Accounts | Addresses | Orgs, Check: Orgs, Put: Orgs, Update: Accounts | Orgs, Delete: Addresses | Orgs,
			},
		},
		{Name: "mail-feedback", Event: MailReported, Table: Table{UpdateAlone: Orgs}},
		{
			Name: "mail-send", Event: InvitationQueued,
			Table: Table{Get: Addresses | Orgs, UpdateAlone: Addresses | Orgs},
			Mail:  []string{"DeleteSuppressedDestination", "GetSuppressedDestination", "SendEmail"}, Reads: []string{"ROSTER_PORTAL_URL"},
		},
		{
			Name: "org-purge", Event: OrganizationDeleted,
			Table: Table{
				Get: Orgs, Query: Orgs, Delete: Orgs, UpdateAlone: Accounts | Orgs, DeleteAlone: Addresses | Servers, DeleteMany: Orgs,
			},
		},
	}
}

// inviting is what inviting somebody takes. The policy "join" alone asks for more than the
// organization: where an address leads, and the account's lock.
func inviting() Table {
	return Table{
		Get: Accounts | Addresses | Orgs, Check: Orgs, Put: Addresses | Orgs, Update: Accounts | Orgs, Delete: Orgs,
	}
}

// accepting is what becoming a member through an invitation takes, declining it too. A caller whose
// account has no rows yet gets them.
func accepting() Table {
	return Table{
		Get: Accounts | Orgs, Check: Orgs, Put: Accounts | Addresses | Orgs, Update: Accounts | Orgs, Delete: Addresses | Orgs,
	}
}

// ensuring is what holding an account's rows to the user pool takes: a new spelling of an address
// moves the member's row too.
func ensuring() Table {
	all := Accounts | Addresses | Orgs
	return Table{Get: all, Check: Orgs, Put: all, Update: Accounts | Orgs, Delete: Addresses | Orgs}
}

// linking is t with what it takes to bring a customer's contact into their company's organization.
func linking(t Table) Table {
	t.Get |= Customers | Orgs
	t.Check |= Customers | Orgs
	t.Put |= Customers | Orgs
	t.Update |= Accounts | Orgs
	t.Delete |= Addresses | Orgs
	return t
}

// invitePolicy is what a deployment decides about invitations.
func invitePolicy() []string {
	return []string{"ROSTER_INVITE_EXISTING", "ROSTER_INVITES_PER_DAY", "ROSTER_RESEND_AFTER"}
}

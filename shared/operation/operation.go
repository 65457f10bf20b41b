// Package operation is the one list of what Roster does: a row per Lambda function, with the routes
// or events that wake it and what it needs. The CDK app derives functions, routes and grants from
// it, the local gateway mounts from it, and tests hold it against functions/ and events/.
// It imports nothing.
package operation

// An Operation is one Lambda function: the folder functions/<Name>, the sample events/<Name>.json.
type Operation struct {
	Name   string
	Routes []string // "METHOD /path" as API Gateway takes them; a verb behind a parameter is part of its segment
	Public bool     // the gateway asks for no token
	Event  Event    // what wakes a function that has no route
	Needs  Need     // what it may touch
}

// Event names what wakes a function that no route reaches.
type Event string

const (
	// PostConfirmation is Cognito's trigger after a person confirmed a sign-up.
	PostConfirmation Event = "PostConfirmation"
	// PreTokenGeneration is Cognito's trigger (V2_0) before it issues tokens.
	PreTokenGeneration Event = "PreTokenGeneration"
	// UserPoolCall is an operator's call to Cognito, as CloudTrail reports it through EventBridge.
	UserPoolCall Event = "UserPoolCall"
	// InvitationQueued is a stream record of an INVITATION item whose mail is queued.
	InvitationQueued Event = "InvitationQueued"
	// OrganizationDeleted is a stream record of an ORG item that carries deleted_at.
	OrganizationDeleted Event = "OrganizationDeleted"
)

// Need is a set of things that a function may touch.
type Need uint8

const (
	// Read is reading the table by key or partition.
	Read Need = 1 << iota
	// Write is changing the table in transactions.
	Write
	// SignIn is the user pool's public API, as a page could call it.
	SignIn
	// Users is the user pool's administration.
	Users
	// Mail is sending through SES from the deployment's one identity.
	Mail
)

// Has reports whether n contains all of m.
func (n Need) Has(m Need) bool { return n&m == m }

// All returns every operation, routes first. The slice is the caller's own.
func All() []Operation {
	return []Operation{
		{Name: "org-create", Routes: []string{"POST /v1/orgs"}, Needs: Read | Write},
		{Name: "org-search", Routes: []string{"POST /v1/orgs:search"}, Needs: Read},
		{Name: "org-get", Routes: []string{"GET /v1/orgs/{org}"}, Needs: Read},
		{Name: "org-rename", Routes: []string{"PUT /v1/orgs/{org}"}, Needs: Read | Write},
		{Name: "org-delete", Routes: []string{"DELETE /v1/orgs/{org}"}, Needs: Read | Write},
		{Name: "org-leave", Routes: []string{"POST /v1/orgs/{org}"}, Needs: Read | Write}, // {org}:leave

		{Name: "member-invite", Routes: []string{"POST /v1/orgs/{org}/members"}, Needs: Read | Write},
		{Name: "member-invite-bulk", Routes: []string{"POST /v1/orgs/{org}/members:bulk"}, Needs: Read | Write},
		{Name: "member-search", Routes: []string{"POST /v1/orgs/{org}/members:search"}, Needs: Read},
		{Name: "member-role", Routes: []string{"PUT /v1/orgs/{org}/members/{member}"}, Needs: Read | Write},
		{Name: "member-remove", Routes: []string{"DELETE /v1/orgs/{org}/members/{member}"}, Needs: Read | Write},
		{Name: "member-reactivate", Routes: []string{"POST /v1/orgs/{org}/members/{member}"}, Needs: Read | Write}, // {member}:reactivate

		{Name: "link-validate", Routes: []string{"POST /v1/auth/ValidateToken"}, Public: true, Needs: Read | Write},
		{Name: "link-accept", Routes: []string{"POST /v1/invitations:accept"}, Needs: Read | Write},
		{Name: "profile-activate", Routes: []string{"POST /v1/auth/ActivateProfile"}, Public: true, Needs: Read | Write | Users},
		{Name: "invitation-search", Routes: []string{"POST /v1/invitations:search"}, Needs: Read},
		{Name: "invitation-answer", Routes: []string{"POST /v1/invitations/{invitation}"}, Needs: Read | Write}, // {invitation}:accept, :decline

		{Name: "sign-in", Routes: []string{"POST /v1/auth/SignIn"}, Public: true, Needs: SignIn},
		{Name: "sign-up", Routes: []string{"POST /v1/auth/SignUp"}, Public: true, Needs: SignIn | Write},
		{Name: "sign-up-confirm", Routes: []string{"POST /v1/auth/ConfirmSignUp"}, Public: true, Needs: SignIn},
		{Name: "session-refresh", Routes: []string{"POST /v1/auth/RefreshSession"}, Public: true, Needs: SignIn},
		{Name: "sign-out", Routes: []string{"POST /v1/auth/SignOut"}, Needs: Read | Write | Users},
		{Name: "password-reset", Routes: []string{"POST /v1/auth/ResetPassword"}, Public: true, Needs: SignIn},
		{Name: "password-reset-confirm", Routes: []string{"POST /v1/auth/ConfirmResetPassword"}, Public: true, Needs: SignIn},
		{Name: "profile-get", Routes: []string{"POST /v1/auth/GetProfile"}, Needs: Read | Write}, // makes a row that Cognito's triggers could not
		{Name: "profile-update", Routes: []string{"POST /v1/auth/UpdateProfile"}, Needs: Read | Write},

		{Name: "account-signed-up", Event: PostConfirmation, Needs: Read | Write},
		{Name: "token-issue", Event: PreTokenGeneration, Needs: Read | Write},
		{Name: "account-closed", Event: UserPoolCall, Needs: Read | Write},
		{Name: "mail-send", Event: InvitationQueued, Needs: Read | Write | Mail},
		{Name: "org-purge", Event: OrganizationDeleted, Needs: Read | Write},
	}
}

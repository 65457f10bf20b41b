package operation

// Event names what wakes a function that no route reaches.
type Event string

const (
	// PostConfirmation is Cognito's trigger after a person confirmed a sign-up.
	PostConfirmation Event = "PostConfirmation"
	// PreTokenGeneration is Cognito's trigger (V2_0) before it issues tokens.
	PreTokenGeneration Event = "PreTokenGeneration"
	// UserPoolCall is an operator's call to Cognito, as CloudTrail reports it through EventBridge.
	UserPoolCall Event = "UserPoolCall"
	// MailReported is what SES reports of a mail that it accepted, through EventBridge: source aws.ses,
	// of the types that ReportTypes lists.
	MailReported Event = "MailReported"
	// InvitationQueued is a stream record of an INVITATION item whose mail was just queued, or of a
	// notice. Setting the link, which each try to send does, makes a record that wakes nobody.
	InvitationQueued Event = "InvitationQueued"
	// OrganizationDeleted is a stream record of an ORG item that carries deleted_at.
	OrganizationDeleted Event = "OrganizationDeleted"
)

// A Filter is what the new image of a stream record must be like: all of its matches hold.
type Filter []Match

// A Match is a condition on one attribute that is a string: it equals, or begins with, or is merely
// there when neither is given; or, where Absent is set, it is not there.
type Match struct {
	Attribute, Equals, Prefix string

	Absent bool
}

// Filters returns which records of the table's stream wake a function; any one of the filters is
// enough. Events that do not come from the stream have none.
func (e Event) Filters() []Filter {
	switch e {
	case InvitationQueued:
		queued := Match{Attribute: "delivery", Equals: "queued"}
		return []Filter{
			{{Attribute: "SK", Prefix: "INVITATION#"}, queued, {Attribute: "link", Absent: true}},
			{{Attribute: "PK", Prefix: "EMAIL#"}, {Attribute: "SK", Equals: "NOTICE"}, queued},
		}
	case OrganizationDeleted:
		return []Filter{{{Attribute: "SK", Equals: "ORG"}, {Attribute: "deleted_at"}}}
	}
	return nil
}

// ReportTypes lists the detail types of SES's events that tell of a mail's delivery. SES sends more.
func ReportTypes() []string {
	return []string{"Email Delivered", "Email Bounced", "Email Complaint Received", "Email Rejected"}
}

// Streamed reports whether the event comes from the table's stream.
func (e Event) Streamed() bool { return e.Filters() != nil }

// Trigger reports whether Cognito waits for the function, five seconds at most.
func (e Event) Trigger() bool { return e == PostConfirmation || e == PreTokenGeneration }

// Seconds is how long the function may take.
func (o Operation) Seconds() int {
	switch {
	case o.Event.Trigger():
		return 4
	case o.Event.Streamed():
		return 60
	}
	return 10
}

// Variables lists the environment variables that name to the function what it works with, each once:
// those of what it touches, and the settings that it reads.
func (o Operation) Variables() []string {
	var all []string
	if o.Table != (Table{}) {
		all = append(all, "ROSTER_TABLE")
	}
	if len(o.Users) > 0 {
		all = append(all, "ROSTER_USER_POOL_ID")
	}
	if o.SignIn {
		all = append(all, "ROSTER_USER_POOL_CLIENT_ID")
	}
	if len(o.Mail) > 0 {
		all = append(all, "ROSTER_MAIL_FROM", "ROSTER_MAIL_CONFIGURATION_SET")
	}
	if o.CRM {
		all = append(all, "ROSTER_CRM_URL", "ROSTER_CRM_MAPPING", "ROSTER_CRM_SECRET")
	}
	if o.Client {
		all = append(all, "ROSTER_ONBOARDING_SECRET")
	}
	return append(all, o.Reads...)
}

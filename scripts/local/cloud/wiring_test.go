package cloud

import (
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/operation"
)

// record is one whose new image has these strings; one without any was removed.
func record(attributes map[string]string) (r events.DynamoDBEventRecord) {
	for name, value := range attributes {
		if r.Change.NewImage == nil {
			r.Change.NewImage = map[string]events.DynamoDBAttributeValue{}
		}
		r.Change.NewImage[name] = events.NewStringAttribute(value)
	}
	return r
}

func TestFiltersPassWhatTheFunctionsWaitFor(t *testing.T) {
	tests := []struct {
		name       string
		attributes map[string]string
		mail       bool
		purge      bool
	}{
		{"a queued invitation", map[string]string{"PK": "ORG#1", "SK": "INVITATION#2", "delivery": "queued"}, true, false},
		{"a sent invitation", map[string]string{"PK": "ORG#1", "SK": "INVITATION#2", "delivery": "sent"}, false, false},
		{"a queued notice", map[string]string{"PK": "EMAIL#a", "SK": "NOTICE", "delivery": "queued"}, true, false},
		{"a notice of something else", map[string]string{"PK": "ORG#1", "SK": "NOTICE", "delivery": "queued"}, false, false},
		{"an address", map[string]string{"PK": "EMAIL#a", "SK": "ACCOUNT", "delivery": "queued"}, false, false},
		{"a deleted organization", map[string]string{"PK": "ORG#1", "SK": "ORG", "deleted_at": "now"}, false, true},
		{"a living organization", map[string]string{"PK": "ORG#1", "SK": "ORG"}, false, false},
		{"another row with such an attribute", map[string]string{"PK": "ORG#1", "SK": "MEMBER#2", "deleted_at": "now"}, false, false},
		{"a removed row", nil, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := record(test.attributes)
			mail, purge := passes(operation.InvitationQueued.Filters()), passes(operation.OrganizationDeleted.Filters())
			if mail(r) != test.mail || purge(r) != test.purge {
				t.Errorf("mail-send %v, org-purge %v; want %v, %v", mail(r), purge(r), test.mail, test.purge)
			}
		})
	}
}

func TestEveryEventWakesAFunction(t *testing.T) {
	for _, e := range []operation.Event{
		operation.PostConfirmation, operation.PreTokenGeneration, operation.UserPoolCall,
		operation.MailReported,
		operation.InvitationQueued, operation.OrganizationDeleted,
	} {
		if woken(e) == "" {
			t.Errorf("%s wakes nobody", e)
		}
	}
}

func TestFunctionsGetTheSettingsOfTheirRowsAlone(t *testing.T) {
	all := variables{"AWS_REGION": "local", "AWS_ENDPOINT": "http://{function}", "ROSTER_TABLE": "t", "ROSTER_MAIL_FROM": "m", "PATH": "p"}
	got := all.of(operation.Operation{Name: "one", Table: operation.Table{Get: operation.Orgs}})
	if want := []string{"AWS_ENDPOINT=http://one", "AWS_REGION=local", "ROSTER_TABLE=t"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

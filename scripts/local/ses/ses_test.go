package ses_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"roster/scripts/local/ses"
)

// serve returns a server, its inbox and an SDK client that tries once.
func serve(t *testing.T) (*ses.Server, *ses.Inbox, *sesv2.Client) {
	t.Helper()
	inbox := &ses.Inbox{}
	server := ses.New(inbox)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	client := sesv2.New(sesv2.Options{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(listening.URL),
		RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	return server, inbox, client
}

func content(s string) *types.Content { return &types.Content{Data: &s} }

// welcome is a valid mail to ann@example.com.
func welcome() *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{
		FromEmailAddress:     aws.String("Roster <no-reply@example.com>"),
		Destination:          &types.Destination{ToAddresses: []string{"Ann@Example.com"}},
		ConfigurationSetName: aws.String("roster"),
		EmailTags:            []types.MessageTag{{Name: aws.String("org"), Value: aws.String("6f0e-1")}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: content("Welcome to Acme"),
			Body:    &types.Body{Html: content(`<a href="https://portal/?a=1&amp;b=2">Activate</a>`), Text: content("Activate")},
			Headers: []types.MessageHeader{{Name: aws.String("X-Roster"), Value: aws.String("1")}},
		}},
	}
}

func TestAMailThatIsSentIsInTheInboxAsItWasSent(t *testing.T) {
	_, inbox, client := serve(t)
	out, err := client.SendEmail(t.Context(), welcome())
	if err != nil || aws.ToString(out.MessageId) == "" {
		t.Fatalf("SendEmail = %v, %v", out, err)
	}
	mails := inbox.Mails("")
	if len(mails) != 1 {
		t.Fatalf("%d mails, want 1", len(mails))
	}
	want := &ses.Mail{
		From: "Roster <no-reply@example.com>", To: "Ann@Example.com", Subject: "Welcome to Acme",
		HTML: `<a href="https://portal/?a=1&amp;b=2">Activate</a>`, Text: "Activate",
		Links: []ses.Link{{Href: "https://portal/?a=1&b=2", Text: "Activate"}},
	}
	if diff := cmp.Diff(want, mails[0], cmpopts.IgnoreFields(ses.Mail{}, "ID", "SentAt")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatSESRefusesIsRefusedAndNotDelivered(t *testing.T) {
	tests := map[string]func(*sesv2.SendEmailInput){
		"a mail to nobody": func(in *sesv2.SendEmailInput) { in.Destination = nil },
		"a recipient that is no address": func(in *sesv2.SendEmailInput) {
			in.Destination.ToAddresses = []string{"ann"}
		},
		"a recipient with a line break": func(in *sesv2.SendEmailInput) {
			in.Destination.ToAddresses = []string{"ann@example.com\r\nBcc: eve@example.com"}
		},
		"more than fifty recipients": func(in *sesv2.SendEmailInput) {
			in.Destination.ToAddresses = strings.Split(strings.Repeat("a@example.com ", 50)+"a@example.com", " ")
		},
		"a sender that is no address": func(in *sesv2.SendEmailInput) { in.FromEmailAddress = aws.String("Roster") },
		"a mail without a subject":    func(in *sesv2.SendEmailInput) { in.Content.Simple.Subject = content("") },
		"a subject with a line break": func(in *sesv2.SendEmailInput) { in.Content.Simple.Subject = content("a\nb") },
		"a mail without a body": func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Body = &types.Body{}
		},
		"a header with a line break": func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Headers[0].Value = aws.String("1\r\nBcc: eve@example.com")
		},
		"a header name with a colon": func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Headers[0].Name = aws.String("X:Y")
		},
		"a tag outside the alphabet": func(in *sesv2.SendEmailInput) { in.EmailTags[0].Value = aws.String("a b") },
		"a tag of more than 256 characters": func(in *sesv2.SendEmailInput) {
			in.EmailTags[0].Value = aws.String(strings.Repeat("a", 257))
		},
		"more than fifteen headers": func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Headers = slices.Repeat(in.Content.Simple.Headers, 16)
		},
		"content that is not simple": func(in *sesv2.SendEmailInput) {
			in.Content = &types.EmailContent{Raw: &types.RawMessage{Data: []byte("x")}}
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			_, inbox, client := serve(t)
			in := welcome()
			spoil(in)
			_, err := client.SendEmail(t.Context(), in)
			var bad *types.BadRequestException
			if !errors.As(err, &bad) {
				t.Fatalf("error %v, want BadRequestException", err)
			}
			if n := len(inbox.Mails("")); n != 0 {
				t.Fatalf("%d mails were delivered", n)
			}
		})
	}
}

func TestAFaultReachesTheSDKAsItsOwnError(t *testing.T) {
	as := func(target any) func(error) bool { return func(err error) bool { return errors.As(err, target) } }
	tests := map[string]struct {
		fault     error
		is        func(error) bool
		delivered int
	}{
		"throttled":          {ses.ErrThrottled, as(new(*types.TooManyRequestsException)), 0},
		"rejected":           {ses.ErrRejected, as(new(*types.MessageRejected)), 0},
		"transient":          {ses.ErrTransient, func(err error) bool { return strings.Contains(err.Error(), "StatusCode: 503") }, 0},
		"the reply was lost": {ses.ErrReplyLost, func(err error) bool { return err != nil }, 1},
		"no fault":           {nil, func(err error) bool { return err == nil }, 1},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			server, inbox, client := serve(t)
			server.SetFault(func(to string) error {
				if to != "Ann@Example.com" {
					t.Errorf("asked for %q", to)
				}
				return c.fault
			})
			if _, err := client.SendEmail(t.Context(), welcome()); !c.is(err) {
				t.Errorf("error %v", err)
			}
			if n := len(inbox.Mails("")); n != c.delivered {
				t.Errorf("%d mails were delivered, want %d", n, c.delivered)
			}
		})
	}
}

func TestAFaultEndsWhenItIsTakenAway(t *testing.T) {
	server, _, client := serve(t)
	server.SetFault(func(string) error { return ses.ErrRejected })
	server.SetFault(nil)
	if _, err := client.SendEmail(t.Context(), welcome()); err != nil {
		t.Fatal(err)
	}
}

func TestASuppressedAddressGetsNoMailUntilItIsReleased(t *testing.T) {
	_, inbox, client := serve(t)
	_, err := client.PutSuppressedDestination(t.Context(), &sesv2.PutSuppressedDestinationInput{
		EmailAddress: aws.String("ann@example.com"), Reason: types.SuppressionListReasonBounce,
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(want int) {
		t.Helper()
		if _, err := client.SendEmail(t.Context(), welcome()); err != nil {
			t.Fatal(err)
		}
		if n := len(inbox.Mails("")); n != want {
			t.Fatalf("%d mails, want %d", n, want)
		}
	}
	release := func() error {
		_, err := client.DeleteSuppressedDestination(t.Context(), &sesv2.DeleteSuppressedDestinationInput{EmailAddress: aws.String("ANN@example.com")})
		return err
	}
	send(0)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	send(1)
	var missing *types.NotFoundException
	if err := release(); !errors.As(err, &missing) {
		t.Fatalf("releasing again: %v, want NotFoundException", err)
	}
}

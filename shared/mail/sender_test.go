package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"
)

const from = "Roster <no-reply@roster.example>"

// sender returns a Sender whose SES is answer.
func sender(t *testing.T, set string, answer http.HandlerFunc) *Sender {
	t.Helper()
	ses := httptest.NewServer(answer)
	t.Cleanup(ses.Close)
	s, err := NewSender(sesv2.New(sesv2.Options{
		BaseEndpoint: aws.String(ses.URL),
		Region:       "eu-west-1",
		Retryer:      aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	}), from, set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// refuse answers as SES documents its errors: the kind in a header, the reason in the body.
func refuse(status int, kind, reason string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("x-amzn-errortype", kind)
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"message":%q}`, reason)
	}
}

func TestSESGetsTheWholeMail(t *testing.T) {
	var path, body string
	s := sender(t, "roster", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		path, body = r.Method+" "+r.URL.Path, string(b)
		fmt.Fprint(w, `{"MessageId":"0102018f-1"}`)
	})
	id, err := s.Send(t.Context(), "Ann@acme.example", Message{"Subject ß", "<p>", "Text"},
		map[string]string{"org": "o-1", "member": "m-1", "mail": "x_1"})
	if err != nil || id != "0102018f-1" {
		t.Fatalf("Send = %q, %v; want SES's message id", id, err)
	}
	want := `{
		"FromEmailAddress": "\"Roster\" <no-reply@roster.example>",
		"Destination": {"ToAddresses": ["Ann@acme.example"]},
		"ConfigurationSetName": "roster",
		"Content": {"Simple": {
			"Subject": {"Charset": "UTF-8", "Data": "Subject ß"},
			"Body": {"Html": {"Charset": "UTF-8", "Data": "<p>"}, "Text": {"Charset": "UTF-8", "Data": "Text"}},
			"Headers": [
				{"Name": "Auto-Submitted", "Value": "auto-generated"},
				{"Name": "X-Auto-Response-Suppress", "Value": "All"}
			]
		}},
		"EmailTags": [
			{"Name": "mail", "Value": "x_1"}, {"Name": "member", "Value": "m-1"}, {"Name": "org", "Value": "o-1"}
		]
	}`
	if diff := cmp.Diff(decode(t, want), decode(t, body)); diff != "" || path != "POST /v2/email/outbound-emails" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func decode(t *testing.T, s string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return v
}

func TestWithoutAConfigurationSetSESUsesTheIdentitys(t *testing.T) {
	var body string
	s := sender(t, "", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
		fmt.Fprint(w, `{"MessageId":"1"}`)
	})
	if _, err := s.Send(t.Context(), "ann@acme.example", Message{}, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(body, "ConfigurationSetName") {
		t.Errorf("a configuration set in %s", body)
	}
}

func TestARefusalIsPermanentOnlyWhenNoRepeatCanHealIt(t *testing.T) {
	for _, c := range []struct {
		kind   string
		status int
		want   bool
	}{
		{"MessageRejected", 400, true},
		{"BadRequestException", 400, true},
		{"BadRequestException:http://internal.amazon.com/coral/com.amazonaws.services.email/", 400, true},
		{"ValidationException", 400, true},
		{"SerializationException", 400, true},
		{"TooManyRequestsException", 429, false},
		{"ThrottlingException", 400, false},
		{"LimitExceededException", 400, false},
		{"SendingPausedException", 400, false},
		{"AccountSuspendedException", 400, false},
		{"MailFromDomainNotVerifiedException", 400, false},
		{"NotFoundException", 404, false},
		{"AccessDeniedException", 403, false},
		{"ExpiredTokenException", 403, false},
		{"RequestExpired", 400, false},
		{"InternalServiceErrorException", 500, false},
		{"ServiceUnavailable", 503, false},
		{"", 502, false},
	} {
		s := sender(t, "roster", refuse(c.status, c.kind, "No."))
		_, err := s.Send(t.Context(), "ann@acme.example", Message{}, nil)
		if err == nil || Permanent(err) != c.want {
			t.Errorf("%d %s: %v, permanent %v; want %v", c.status, c.kind, err, Permanent(err), c.want)
		}
	}
}

func TestABrokenNetworkIsNotARefusal(t *testing.T) {
	s := sender(t, "roster", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := s.Send(t.Context(), "ann@acme.example", Message{}, nil); err == nil || Permanent(err) {
		t.Errorf("connection lost: %v, permanent %v", err, Permanent(err))
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Send(over, "ann@acme.example", Message{}, nil); !errors.Is(err, context.Canceled) || Permanent(err) {
		t.Errorf("context over: %v, permanent %v", err, Permanent(err))
	}
	if Permanent(nil) || Permanent(errors.New("anything")) {
		t.Error("what is no refusal is permanent")
	}
}

func TestAnErrorDoesNotNameTheRecipient(t *testing.T) {
	const reason = "Email address is not verified. The following identities failed the check in region EU-WEST-1: "
	for _, quoted := range []string{"Ann@Acme.example", "ann@acme.example"} {
		s := sender(t, "roster", refuse(400, "MessageRejected", reason+quoted))
		_, err := s.Send(t.Context(), "Ann@Acme.example", Message{}, nil)
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "ann@") || !strings.Contains(err.Error(), reason+"<recipient>") {
			t.Errorf("%v; want SES's reason without the address", err)
		}
	}
	s := sender(t, "roster", refuse(400, "BadRequestException", "Missing address"))
	if _, err := s.Send(t.Context(), "", Message{}, nil); err == nil || !strings.HasSuffix(err.Error(), "BadRequestException: Missing address") {
		t.Errorf("without a recipient: %v", err)
	}
}

func TestTagsThatSESWouldRefuseAreNotSent(t *testing.T) {
	s := sender(t, "roster", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"MessageId":"1"}`) })
	for _, c := range []struct {
		name, value string
		ok          bool
	}{
		{"org", "3f0c9d1e-5b0a-4c38-9a75-2f1f6f3c1b11", true},
		{"mail", "AZaz09_-", true},
		{"mail", strings.Repeat("x", 256), true},
		{"mail", strings.Repeat("x", 257), false},
		{"mail", "", false},
		{"", "x", false},
		{"mail", "a.b", false},
		{"mail", "a@b", false},
		{"mail", "a b", false},
		{"mäil", "x", false},
	} {
		_, err := s.Send(t.Context(), "ann@acme.example", Message{}, map[string]string{c.name: c.value})
		if (err == nil) != c.ok || Permanent(err) == c.ok {
			t.Errorf("tag %q=%q: %v, permanent %v", c.name, c.value, err, Permanent(err))
		}
	}
}

func TestTheSettingOfTheSenderIsChecked(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"a name and an address", from, `"Roster" <no-reply@roster.example>`},
		{"an address alone", "no-reply@roster.example", "<no-reply@roster.example>"},
		{"a name beyond ASCII is encoded", "Röster <a@roster.example>", "=?utf-8?q?R=C3=B6ster?= <a@roster.example>"},
		{"nothing", "", ""},
		{"no address", "Roster", ""},
		{"two addresses", "a@roster.example, b@roster.example", ""},
		{"a second header", from + "\r\nBcc: x@evil.example", ""},
		{"a domain that is not in IDNA form", "a@röster.example", ""},
		{"a local part beyond ASCII", "ä@roster.example", ""},
	} {
		s, err := NewSender(nil, c.in, "")
		switch {
		case c.want == "" && (err == nil || !strings.Contains(err.Error(), "ROSTER_MAIL_FROM")):
			t.Errorf("%s: %v; want an error that names the setting", c.why, err)
		case c.want != "" && (err != nil || s.from != c.want):
			t.Errorf("%s: %v, %v; want %s", c.why, s, err, c.want)
		}
	}
}

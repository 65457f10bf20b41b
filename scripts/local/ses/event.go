package ses

import (
	"encoding/json"
	"net/mail"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/uuid"
)

const (
	sendingAccount = "000000000000" // the AWS account that the local cloud pretends to be
	region         = "us-east-1"
	moment         = "2006-01-02T15:04:05.000Z"
)

type object = map[string]any

// An accepted is a mail that SES took for one recipient.
type accepted struct {
	id string
	at time.Time
	to string
	in sesv2.SendEmailInput
}

// reports returns the events of a mail's fate, as SES publishes them to EventBridge's default bus.
// They come of mails with a configuration set only, whose event destination asks for them.
func (m accepted) reports(f Fate, why types.SuppressionListReason) [][]byte {
	if aws.ToString(m.in.ConfigurationSetName) == "" {
		return nil
	}
	switch {
	case f == Delivered:
		return [][]byte{m.delivery()}
	case f == Complained:
		return [][]byte{m.delivery(), m.complaint(nil)}
	case f == Bounced:
		return [][]byte{m.bounce("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown")}
	case f == BouncedSoftly:
		return [][]byte{m.bounce("Transient", "MailboxFull", "4.2.2", "smtp; 452 4.2.2 mailbox full")}
	case f == Rejected:
		return [][]byte{m.event("Email Rejected", "Reject", object{"reason": "Bad content"})}
	case why == types.SuppressionListReasonComplaint:
		return [][]byte{m.complaint("OnAccountSuppressionList")}
	}
	return [][]byte{m.bounce("Permanent", "OnAccountSuppressionList", "5.1.1",
		"Amazon SES did not send the message to this address because it is on the suppression list for your account.")}
}

func (m accepted) delivery() []byte {
	return m.event("Email Delivered", "Delivery", object{
		"timestamp": now(), "processingTimeMillis": time.Since(m.at).Milliseconds(), "recipients": []string{m.to},
		"smtpResponse": "250 2.0.0 OK", "reportingMTA": "localhost",
	})
}

func (m accepted) bounce(kind, subKind, status, diagnosis string) []byte {
	return m.event("Email Bounced", "Bounce", object{
		"feedbackId": uuid.NewString(), "bounceType": kind, "bounceSubType": subKind, "timestamp": now(), "reportingMTA": "dns; localhost",
		"bouncedRecipients": []object{{"emailAddress": m.to, "action": "failed", "status": status, "diagnosticCode": diagnosis}},
	})
}

func (m accepted) complaint(subKind any) []byte {
	return m.event("Email Complaint Received", "Complaint", object{
		"feedbackId": uuid.NewString(), "complaintSubType": subKind, "timestamp": now(), "arrivalDate": now(),
		"complainedRecipients": []object{{"emailAddress": m.to}}, "complaintFeedbackType": "abuse", "userAgent": "roster-local",
	})
}

// event is what EventBridge has of one thing that happened to the mail; the object that tells of it
// is called like its type, in lower case.
func (m accepted) event(detailType, kind string, told object) []byte {
	detail, _ := json.Marshal(object{"eventType": kind, strings.ToLower(kind): told, "mail": m.described()}) // of text, it does not fail
	raw, _ := json.Marshal(events.EventBridgeEvent{
		Version: "0", ID: uuid.NewString(), DetailType: detailType, Source: "aws.ses", AccountID: sendingAccount,
		Time: time.Now().UTC().Truncate(time.Second), Region: region, Detail: detail,
		Resources: []string{"arn:aws:ses:" + region + ":" + sendingAccount + ":configuration-set/" + *m.in.ConfigurationSetName},
	})
	return raw
}

// described is the mail as its events tell it. Tags are lists, and SES adds some of its own.
func (m accepted) described() object {
	from := aws.ToString(m.in.FromEmailAddress)
	tags := map[string][]string{"ses:configuration-set": {*m.in.ConfigurationSetName}, "ses:from-domain": {domain(from)}}
	for _, t := range m.in.EmailTags {
		tags[aws.ToString(t.Name)] = append(tags[aws.ToString(t.Name)], aws.ToString(t.Value))
	}
	subject := text(m.in.Content.Simple.Subject)
	return object{
		"timestamp": m.at.UTC().Format(moment), "messageId": m.id, "source": from, "sendingAccountId": sendingAccount,
		"sourceArn":   "arn:aws:ses:" + region + ":" + sendingAccount + ":identity/" + domain(from),
		"destination": recipients(m.in), "headersTruncated": false, "tags": tags,
		"headers": []object{
			{"name": "From", "value": from}, {"name": "To", "value": m.to}, {"name": "Subject", "value": subject},
		},
		"commonHeaders": object{"from": []string{from}, "to": recipients(m.in), "messageId": m.id, "subject": subject},
	}
}

func domain(from string) string {
	if a, err := mail.ParseAddress(from); err == nil {
		from = a.Address
	}
	return from[strings.LastIndexByte(from, '@')+1:]
}

func now() string { return time.Now().UTC().Format(moment) }

package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// A Sender sends messages from the deployment's one address.
type Sender struct {
	client *sesv2.Client
	from   string
	set    *string
}

// NewSender returns a Sender for from, an address with or without a display name, such as
// `Roster <no-reply@roster.example>`. The configuration set decides where SES reports what became
// of a mail; "" is the identity's own. An error names the setting that from comes from.
func NewSender(client *sesv2.Client, from, configurationSet string) (*Sender, error) {
	a, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("ROSTER_MAIL_FROM is not an address: %w", err)
	}
	if strings.ContainsFunc(a.Address, func(r rune) bool { return r > '~' }) {
		return nil, errors.New("ROSTER_MAIL_FROM: the address must be ASCII, its domain in IDNA form")
	}
	s := &Sender{client: client, from: a.String()}
	if configurationSet != "" {
		s.set = &configurationSet
	}
	return s, nil
}

// Send hands m to SES for one recipient and returns SES's message id: SES accepted the mail, it
// did not deliver it yet. SES takes to only with its domain in IDNA ASCII form. The tags come back
// in SES's events. An error tells through Permanent whether a repeat makes sense, and its text
// does not hold the recipient, so that it can be logged.
func (s *Sender) Send(ctx context.Context, to string, m Message, tags map[string]string) (messageID string, err error) {
	list, err := emailTags(tags)
	if err != nil {
		return "", err
	}
	out, err := s.client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress:     &s.from,
		Destination:          &types.Destination{ToAddresses: []string{to}},
		Content:              &types.EmailContent{Simple: simple(m)},
		ConfigurationSetName: s.set,
		EmailTags:            list,
	})
	if err != nil {
		return "", anonymous{err, to}
	}
	return aws.ToString(out.MessageId), nil
}

// simple leaves MIME to SES and asks other machines not to answer.
func simple(m Message) *types.Message {
	content := func(s string) *types.Content {
		return &types.Content{Data: aws.String(s), Charset: aws.String("UTF-8")}
	}
	header := func(name, value string) types.MessageHeader {
		return types.MessageHeader{Name: aws.String(name), Value: aws.String(value)}
	}
	return &types.Message{
		Subject: content(m.Subject),
		Body:    &types.Body{Html: content(m.HTML), Text: content(m.Text)},
		Headers: []types.MessageHeader{
			header("Auto-Submitted", "auto-generated"),
			header("X-Auto-Response-Suppress", "All"),
		},
	}
}

// emailTags returns the tags sorted by name, so that equal messages are equal requests.
func emailTags(tags map[string]string) ([]types.MessageTag, error) {
	var list []types.MessageTag
	for name, value := range tags {
		if !tagged(name) || !tagged(value) {
			return nil, fmt.Errorf("%w: %q", errTag, name)
		}
		list = append(list, types.MessageTag{Name: aws.String(name), Value: aws.String(value)})
	}
	slices.SortFunc(list, func(a, b types.MessageTag) int { return cmp.Compare(*a.Name, *b.Name) })
	return list, nil
}

// tagged reports whether SES takes s as the name or value of a tag.
func tagged(s string) bool {
	return s != "" && len(s) <= 256 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

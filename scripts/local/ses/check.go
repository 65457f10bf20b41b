package ses

import (
	"net/mail"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// Limits of SES.
const (
	maxRecipients = 50
	maxHeaders    = 15
	maxTag        = 256
)

// check returns a BadRequestException for a mail that SES would refuse whoever sent it.
func check(in sesv2.SendEmailInput) error {
	if err := checkAddresses(in); err != nil {
		return err
	}
	if in.Content == nil || in.Content.Simple == nil {
		return badRequest("The local SES takes simple content only.")
	}
	if err := checkContent(*in.Content.Simple); err != nil {
		return err
	}
	return checkTags(in.EmailTags)
}

func checkAddresses(in sesv2.SendEmailInput) error {
	to := recipients(in)
	switch {
	case len(to) == 0:
		return badRequest("Destination must contain at least one recipient.")
	case len(to) > maxRecipients:
		return badRequest("Recipient count exceeds %d.", maxRecipients)
	}
	for _, address := range append(to, aws.ToString(in.FromEmailAddress)) {
		if _, err := mail.ParseAddress(address); err != nil {
			return badRequest("Illegal address.")
		}
	}
	return nil
}

func checkContent(c types.Message) error {
	switch {
	case text(c.Subject) == "":
		return badRequest("Subject is missing.")
	case hasBreak(text(c.Subject)):
		return badRequest("Subject must not contain line breaks.")
	case c.Body == nil || text(c.Body.Html) == "" && text(c.Body.Text) == "":
		return badRequest("Body is missing.")
	case len(c.Headers) > maxHeaders:
		return badRequest("There can be at most %d headers.", maxHeaders)
	}
	for _, h := range c.Headers {
		if !isHeaderName(aws.ToString(h.Name)) || hasBreak(aws.ToString(h.Value)) {
			return badRequest("Invalid header.")
		}
	}
	return nil
}

// checkTags holds message tags to SES's alphabet: what falls outside it is refused with the mail.
func checkTags(tags []types.MessageTag) error {
	for _, t := range tags {
		if !isTag(aws.ToString(t.Name), "_-") || !isTag(aws.ToString(t.Value), "_-.@") {
			return badRequest("Invalid message tag.")
		}
	}
	return nil
}

func isTag(s, marks string) bool {
	return s != "" && len(s) <= maxTag && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune(marks, r)
	})
}

func isHeaderName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == ':' || r > '~' })
}

func isAlphanumeric(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func hasBreak(s string) bool { return strings.ContainsAny(s, "\r\n") }

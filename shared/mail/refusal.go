package mail

import (
	"errors"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/httpbinding"
)

// errTag is our own mistake, found before SES would find it.
var errTag = errors.New("mail: a tag may hold 1 to 256 of A-Z a-z 0-9 _ -")

// Permanent reports whether err, from Send, refuses this very message for good: its content or its
// recipient's address. Everything else may pass, by itself or by an operator's hand, and the
// message with it: throttling and quotas, a paused or suspended account, an unverified domain, a
// missing configuration set, credentials, SES or the network out of order. An error that nobody
// thought of counts as passing; giving up after a while is the caller's part.
//
// SES also answers MessageRejected where an identity is not verified, the recipient's too while the
// account is in the sandbox; that is permanent here, or one address would hold up all mail.
func Permanent(err error) bool {
	if errors.Is(err, errTag) {
		return true
	}
	refusal, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	switch refusal.ErrorCode() {
	case "MessageRejected", "BadRequestException", // SES's own
		"ValidationError", "ValidationException", "SerializationException": // any AWS service's
		return true
	}
	return false
}

// anonymous is an error without the recipient, whom SES likes to quote, and who stands in the address of
// some of its calls.
type anonymous struct {
	error
	recipient string
}

func (a anonymous) Error() string {
	text := "mail: " + a.error.Error()
	if a.recipient == "" {
		return text
	}
	const somebody = "<recipient>"
	lower := strings.ToLower(a.recipient)
	return strings.NewReplacer(a.recipient, somebody, lower, somebody,
		httpbinding.EscapePath(a.recipient, true), somebody).Replace(text)
}

func (a anonymous) Unwrap() error { return a.error }

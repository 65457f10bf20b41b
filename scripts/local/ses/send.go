package ses

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/uuid"
)

func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	id, err := s.accept(r)
	var refusal *Refusal
	switch {
	case errors.Is(err, ErrReplyLost):
		panic(http.ErrAbortHandler) // net/http's way to break the connection without an answer
	case errors.As(err, &refusal):
		refuse(w, refusal)
	case err != nil:
		refuse(w, &Refusal{http.StatusInternalServerError, "InternalServiceErrorException", err.Error()})
	default:
		reply(w, http.StatusOK, map[string]string{"MessageId": id})
	}
}

// accept takes the mail unless it is refused or its fault says otherwise. The request is decoded
// into the SDK's own type: what the functions send is what arrives.
func (s *Server) accept(r *http.Request) (id string, err error) {
	var in sesv2.SendEmailInput
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return "", badRequest("The request is not JSON of a SendEmail: %v", err)
	}
	if err := check(in); err != nil {
		return "", err
	}
	fault, fate := s.failing(recipients(in)[0]), Delivered
	if errors.As(fault, &fate) {
		fault = nil
	}
	id = uuid.NewString()
	if fault == nil || errors.Is(fault, ErrReplyLost) {
		s.deliver(id, in, fate)
	}
	return id, fault
}

// deliver puts one mail into the inbox for each recipient whom it reaches, and reports what became
// of it.
func (s *Server) deliver(id string, in sesv2.SendEmailInput, told Fate) {
	simple := in.Content.Simple
	for _, to := range recipients(in) {
		fate, why := s.fateOf(to, told)
		if fate.arrives() {
			s.inbox.Deliver(aws.ToString(in.FromEmailAddress), to, text(simple.Subject), text(simple.Body.Text), text(simple.Body.Html))
		}
		s.report(accepted{id, time.Now(), to, in}.reports(fate, why)...)
	}
}

func recipients(in sesv2.SendEmailInput) []string {
	if in.Destination == nil {
		return nil
	}
	d := in.Destination
	return append(append(append([]string(nil), d.ToAddresses...), d.CcAddresses...), d.BccAddresses...)
}

func text(c *types.Content) string {
	if c == nil {
		return ""
	}
	return aws.ToString(c.Data)
}

package ses

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

func (s *Server) suppress(w http.ResponseWriter, r *http.Request) {
	var in sesv2.PutSuppressedDestinationInput
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || aws.ToString(in.EmailAddress) == "" {
		refuse(w, &Refusal{http.StatusBadRequest, "BadRequestException", "EmailAddress is missing."})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suppressed[normalized(*in.EmailAddress)] = true
	reply(w, http.StatusOK, struct{}{})
}

// release takes an address off the list; one that is not on it is a NotFoundException, as SES has it.
func (s *Server) release(w http.ResponseWriter, r *http.Request) {
	address := normalized(r.PathValue("address"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.suppressed[address] {
		refuse(w, &Refusal{http.StatusNotFound, "NotFoundException", "Email address does not exist on your suppression list."})
		return
	}
	delete(s.suppressed, address)
	reply(w, http.StatusOK, struct{}{})
}

func (s *Server) isSuppressed(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.suppressed[normalized(address)]
}

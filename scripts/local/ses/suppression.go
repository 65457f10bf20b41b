package ses

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// A suppressed is an entry of the suppression list, as SES tells it.
type suppressed struct {
	EmailAddress   string
	Reason         types.SuppressionListReason
	LastUpdateTime float64 // seconds since 1970
}

var errUnlisted = &Refusal{http.StatusNotFound, "NotFoundException", "Email address does not exist on your suppression list."}

func (s *Server) suppress(address string, why types.SuppressionListReason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list[normalized(address)] = suppressed{address, why, float64(time.Now().UnixMilli()) / 1000}
}

// suppression tells why an address is on the list, if it is.
func (s *Server) suppression(address string) (why types.SuppressionListReason, is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, is := s.list[normalized(address)]
	return entry.Reason, is
}

func (s *Server) putSuppressed(w http.ResponseWriter, r *http.Request) {
	var in sesv2.PutSuppressedDestinationInput
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || aws.ToString(in.EmailAddress) == "" {
		refuse(w, &Refusal{http.StatusBadRequest, "BadRequestException", "EmailAddress is missing."})
		return
	}
	s.suppress(*in.EmailAddress, in.Reason)
	reply(w, http.StatusOK, struct{}{})
}

func (s *Server) getSuppressed(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, is := s.list[normalized(r.PathValue("address"))]
	if !is {
		refuse(w, errUnlisted)
		return
	}
	reply(w, http.StatusOK, map[string]suppressed{"SuppressedDestination": entry})
}

// deleteSuppressed takes an address off the list; one that is not on it is a NotFoundException, as
// SES has it.
func (s *Server) deleteSuppressed(w http.ResponseWriter, r *http.Request) {
	address := normalized(r.PathValue("address"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, is := s.list[address]; !is {
		refuse(w, errUnlisted)
		return
	}
	delete(s.list, address)
	reply(w, http.StatusOK, struct{}{})
}

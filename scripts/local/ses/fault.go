package ses

import (
	"errors"
	"net/http"
)

// A Fault decides what happens to a valid mail to an address: nil and it is delivered, a *Refusal
// and it is refused so, a Fate and that becomes of it after it was accepted, ErrReplyLost and it is
// delivered without anybody saying so.
type Fault func(to string) error

// Faults that SES has on a bad day. The SDK retries the first two of itself, the third never.
var (
	ErrTransient = &Refusal{http.StatusServiceUnavailable, "ServiceUnavailable", "Service is unavailable."}
	ErrThrottled = &Refusal{http.StatusTooManyRequests, "TooManyRequestsException", "Maximum sending rate exceeded."}
	ErrRejected  = &Refusal{http.StatusBadRequest, "MessageRejected", "Email address is not verified."}
)

// ErrReplyLost makes the connection break after the mail was accepted and delivered.
var ErrReplyLost = errors.New("the mail was accepted and the reply was lost")

// SetFault makes every later SendEmail ask f first; nil ends it.
func (s *Server) SetFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// SetListFault makes every later call about the suppression list fail so; nil ends it.
func (s *Server) SetListFault(r *Refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listFault = r
}

// listed is a call about the suppression list.
func (s *Server) listed(call http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		fault := s.listFault
		s.mu.Unlock()
		if fault != nil {
			refuse(w, fault)
			return
		}
		call(w, r)
	}
}

// failing asks the fault, outside the lock, so that a fault may block or set another.
func (s *Server) failing(to string) error {
	s.mu.Lock()
	f := s.fault
	s.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(to)
}

// Package ses stands in for Amazon SES in the local cloud: it speaks SES v2's API for the calls
// that Roster makes, refuses what SES refuses, and puts what it takes into an inbox that a person
// or a test can read instead of sending it anywhere.
package ses

import (
	"net/http"
	"sync"

	"roster/shared/account"
)

// maxBody is larger than any mail that Roster sends; SES itself takes 40 MB.
const maxBody = 1 << 20

// A Server answers SES v2's SendEmail and the calls of its suppression list, in memory. Its methods
// are safe for concurrent use.
type Server struct {
	inbox *Inbox
	mux   *http.ServeMux

	mu         sync.Mutex
	fault      Fault
	suppressed map[string]bool // by normalized address
}

// New returns a server that delivers into inbox.
func New(inbox *Inbox) *Server {
	s := &Server{inbox: inbox, mux: http.NewServeMux(), suppressed: map[string]bool{}}
	s.mux.HandleFunc("POST /v2/email/outbound-emails", s.send)
	s.mux.HandleFunc("PUT /v2/email/suppression/addresses", s.suppress)
	s.mux.HandleFunc("DELETE /v2/email/suppression/addresses/{address}", s.release)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, &Refusal{http.StatusNotFound, "UnknownOperationException", "The local SES knows no such call."})
	})
	return s
}

// ServeHTTP answers as the endpoint of SES v2.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	s.mux.ServeHTTP(w, r)
}

func normalized(address string) string {
	return account.Address(address).Normalized()
}

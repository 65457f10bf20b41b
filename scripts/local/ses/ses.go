// Package ses stands in for Amazon SES in the local cloud: it speaks SES v2's API for the calls
// that Roster makes, refuses what SES refuses, puts what it takes into an inbox that a person or a
// test can read instead of sending it anywhere, and reports what became of it as SES does.
package ses

import (
	"context"
	"net/http"
	"sync"

	"roster/shared/account"
)

// maxBody is larger than any mail that Roster sends; SES itself takes 40 MB.
const maxBody = 1 << 20

// A Server answers SES v2's SendEmail and the calls of its suppression list, in memory. Its methods
// are safe for concurrent use.
type Server struct {
	// Publish gets the event of what became of a mail, as EventBridge has it of SES. It is set before
	// the server answers; without it nobody is told.
	Publish func(ctx context.Context, event []byte) ([]byte, error)

	inbox *Inbox
	mux   *http.ServeMux
	post  post

	mu        sync.Mutex
	fault     Fault
	listFault *Refusal
	list      map[string]suppressed // by normalized address
}

// New returns a server that delivers into inbox.
func New(inbox *Inbox) *Server {
	s := &Server{inbox: inbox, mux: http.NewServeMux(), list: map[string]suppressed{}}
	s.mux.HandleFunc("POST /v2/email/outbound-emails", s.send)
	s.mux.HandleFunc("PUT /v2/email/suppression/addresses", s.listed(s.putSuppressed))
	s.mux.HandleFunc("GET /v2/email/suppression/addresses/{address}", s.listed(s.getSuppressed))
	s.mux.HandleFunc("DELETE /v2/email/suppression/addresses/{address}", s.listed(s.deleteSuppressed))
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

package crm

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Mode is how the instance behaves.
type Mode string

// The modes.
const (
	None    Mode = "none"
	Down    Mode = "down"    // hangs up
	Slow    Mode = "slow"    // answers when nobody waits any more
	Garbage Mode = "garbage" // answers 200 with the page of an instance that hibernates
	Tired   Mode = "tired"   // takes so long for each answer that one is in time, and two are not
	Lost    Mode = "lost"    // does what it is told, and hangs up instead of saying so
)

// weariness is how long a tired instance takes.
const weariness = 1200 * time.Millisecond

// SetFault makes the instance behave so from now on; whoever still waits for a slow answer is answered.
func (s *Server) SetFault(m Mode) error {
	switch m {
	case None, Down, Slow, Garbage, Tired, Lost:
	default:
		return fmt.Errorf("mode %q is none of none, down, slow, garbage, tired, lost", m)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
	close(s.woken)
	s.woken = make(chan struct{})
	return nil
}

// failing answers in the way of the fault that there is, if any.
func (s *Server) failing(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	mode, woken := s.mode, s.woken
	if mode != None {
		s.requests["fault"]++
	}
	s.mu.Unlock()
	switch mode {
	case Down:
		panic(http.ErrAbortHandler) // net/http's way to break the connection without an answer
	case Slow:
		select {
		case <-r.Context().Done():
		case <-woken:
		case <-time.After(slowness):
		}
		return false
	case Tired:
		select {
		case <-r.Context().Done():
		case <-time.After(weariness):
		}
		return false
	case Lost:
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/api/") {
			s.mux.ServeHTTP(unheard{}, r)
			panic(http.ErrAbortHandler)
		}
		return false
	case Garbage:
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
		_, _ = w.Write([]byte("<html><head><title>Instance Hibernating page</title></head><body>Your instance is hibernating.</body></html>"))
		return true
	}
	return false
}

// unheard is an answer that goes nowhere.
type unheard struct{}

func (unheard) Header() http.Header            { return http.Header{} }
func (unheard) Write(text []byte) (int, error) { return len(text), nil }
func (unheard) WriteHeader(int)                {}

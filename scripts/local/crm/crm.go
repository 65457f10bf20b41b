// Package crm stands in for the Customer Portal, a ServiceNow instance with Customer Service
// Management, in the local cloud. It answers the REST Table API and the OAuth token endpoint as
// ServiceNow documents them, holds the companies that a person or a test gives it, can be down, slow
// or answer garbage, and keeps its own credential in a Secrets Manager as small as needed.
package crm

import (
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	maxBody   = 1 << 20
	tokenLife = 30 * time.Minute
	slowness  = 10 * time.Second // longer than anybody waits
)

// The secrets: SecretID holds the credential that the instance takes, OnboardingID those that Roster takes
// from it.
const (
	SecretID     = "roster/crm"
	OnboardingID = "roster/onboarding"
)

// Onboarding is what the instance calls Roster with until SetOnboarding says something else.
const Onboarding = "Roster-demo-onboarding-1"

// Credential is what the instance takes: an OAuth client, and a user for basic authentication. Either
// pair may be empty.
type Credential struct {
	ClientID     string `json:"client_id,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	Username     string `json:"username,omitempty"`
	Password     string `json:"password,omitempty"`
}

// A Server is an instance, in memory. Its methods are safe for concurrent use.
type Server struct {
	mux    *http.ServeMux
	schema map[string]map[string]string

	mu       sync.Mutex
	tables   map[string][]record
	accepted Credential
	secret   Credential // what Secrets Manager holds
	taken    onboarding // and of what Roster takes
	tokens   map[string]time.Time
	mode     Mode
	woken    chan struct{} // closed when the mode changes
	requests map[string]int
	numbers  int
}

// New returns an instance without customers, whose OAuth client's credential is in the secret.
func New() *Server {
	own := Credential{ClientID: "roster", ClientSecret: uuid.NewString()}
	s := &Server{
		mux: http.NewServeMux(), schema: schema(), tables: map[string][]record{}, accepted: own, secret: own, taken: onboarding{Primary: Onboarding},
		tokens: map[string]time.Time{}, mode: None, woken: make(chan struct{}), requests: map[string]int{},
	}
	s.mux.HandleFunc("POST /oauth_token.do", s.grant)
	s.mux.HandleFunc("GET /api/now/table/{table}", s.list)
	s.mux.HandleFunc("POST /api/now/table/{table}", s.create)
	s.mux.HandleFunc("GET /api/now/table/{table}/{id}", s.get)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusBadRequest, "Requested URI does not represent any resource", "")
	})
	return s
}

// ServeHTTP answers as the instance, unless a fault says otherwise.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if !s.failing(w, r) {
		s.mux.ServeHTTP(w, r)
	}
}

// Requests returns how often each thing was asked for: tables by their names, token, secret. What met
// a fault counts as fault.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

func (s *Server) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[what]++
}

// SetCredential makes the instance take that credential and no other; tokens given before die.
func (s *Server) SetCredential(c Credential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = c
	clear(s.tokens)
}

// SetOnboarding makes Secrets Manager hold those credentials as the ones that Roster takes from the instance.
func (s *Server) SetOnboarding(primary, secondary string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = onboarding{primary, secondary}
}

// onboarding are the credentials of the secret of that name.
type onboarding struct {
	Primary   string `json:"primary"`
	Secondary string `json:"secondary"`
}

// SetSecret makes Secrets Manager hold that credential, whatever the instance takes.
func (s *Server) SetSecret(c Credential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret = c
}

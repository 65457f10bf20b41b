package crm

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// grant trades an OAuth client's credentials for an access token.
func (s *Server) grant(w http.ResponseWriter, r *http.Request) {
	s.count("token")
	if r.FormValue("grant_type") != "client_credentials" {
		answer(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type", "error_description": "unsupported_grant_type"})
		return
	}
	id, secret := r.FormValue("client_id"), r.FormValue("client_secret")
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" || secret == "" || id != s.accepted.ClientID || secret != s.accepted.ClientSecret {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "server_error", "error_description": "access_denied"})
		return
	}
	token := uuid.NewString()
	s.tokens[token] = time.Now().Add(tokenLife)
	answer(w, http.StatusOK, map[string]any{
		"access_token": token, "scope": "useraccount", "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()) - 1,
	})
}

// admits checks who calls, and answers those who may not.
func (s *Server) admits(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && time.Now().Before(s.tokens[token]) {
		return true
	}
	user, password, ok := r.BasicAuth()
	if ok && user != "" && password != "" && user == s.accepted.Username && password == s.accepted.Password {
		return true
	}
	w.Header().Set("WWW-Authenticate", `BASIC realm="Service-now"`)
	refuse(w, http.StatusUnauthorized, "User Not Authenticated", "Required to provide Auth information")
	return false
}

// refuse answers as the Table API says no.
func refuse(w http.ResponseWriter, status int, message, detail string) {
	said := map[string]any{"message": message, "detail": nil}
	if detail != "" {
		said["detail"] = detail
	}
	answer(w, status, map[string]any{"error": said, "status": "failure"})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the other side may be gone
}

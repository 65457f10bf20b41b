package crm

import (
	"encoding/json"
	"net/http"
)

// Local returns what the local cloud adds for tests and for people: POST /_local/crm adds a company,
// DELETE /_local/crm/accounts/{id} removes one, POST /_local/crm/fault sets how the instance behaves.
func (s *Server) Local() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_local/crm", s.localAdd)
	mux.HandleFunc("DELETE /_local/crm/accounts/{id}", s.localRemove)
	mux.HandleFunc("POST /_local/crm/fault", s.localFault)
	return mux
}

func (s *Server) localAdd(w http.ResponseWriter, r *http.Request) {
	var in Company
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		invalid(w, "invalid JSON: "+err.Error())
		return
	}
	if err := s.Add(in); err != nil {
		invalid(w, err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]any{"account": map[string]string{"id": in.Account.ID}})
}

func (s *Server) localRemove(w http.ResponseWriter, r *http.Request) {
	if !s.Remove(r.PathValue("id")) {
		answer(w, http.StatusNotFound, map[string]any{"code": 5, "message": "Account not found.", "details": []any{}})
		return
	}
	answer(w, http.StatusOK, struct{}{})
}

func (s *Server) localFault(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Mode Mode `json:"mode"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in)
	if err == nil {
		err = s.SetFault(in.Mode)
	}
	if err != nil {
		invalid(w, err.Error())
		return
	}
	answer(w, http.StatusOK, struct{}{})
}

// invalid answers in the shape that all errors of Roster's API have.
func invalid(w http.ResponseWriter, message string) {
	answer(w, http.StatusBadRequest, map[string]any{"code": 3, "message": message, "details": []any{}})
}

package crm

import (
	"encoding/json"
	"net/http"
	"time"
)

// Secrets answers as AWS Secrets Manager for the one call that Roster makes, GetSecretValue, and the
// two secrets that there are.
func (s *Server) Secrets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ SecretId string }
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in)
		switch {
		case r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue":
			exception(w, "UnknownOperationException", "The local Secrets Manager knows no such action.")
		case err != nil:
			exception(w, "SerializationException", err.Error())
		case in.SecretId == OnboardingID:
			s.tell(w, in.SecretId, func() any { return s.taken })
		case in.SecretId != SecretID:
			exception(w, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
		default:
			s.count("secret")
			s.tell(w, in.SecretId, func() any { return s.secret })
		}
	})
}

func (s *Server) tell(w http.ResponseWriter, id string, held func() any) {
	s.mu.Lock()
	text, _ := json.Marshal(held()) // of text, it does not fail
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"ARN":  "arn:aws:secretsmanager:us-east-1:000000000000:secret:" + id + "-000000",
		"Name": id, "VersionId": "00000000-0000-4000-8000-000000000000", "VersionStages": []string{"AWSCURRENT"},
		"SecretString": string(text), "CreatedDate": float64(time.Now().UnixMilli()) / 1000,
	})
}

func exception(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "Message": message})
}

package ses

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// A Refusal is an error as SES v2 answers it; the SDK turns Code into its typed error.
type Refusal struct {
	Status  int
	Code    string
	Message string
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }

func badRequest(format string, args ...any) error {
	return &Refusal{http.StatusBadRequest, "BadRequestException", fmt.Sprintf(format, args...)}
}

func refuse(w http.ResponseWriter, r *Refusal) {
	w.Header().Set("X-Amzn-Errortype", r.Code)
	reply(w, r.Status, map[string]string{"message": r.Message})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the other side may be gone
}

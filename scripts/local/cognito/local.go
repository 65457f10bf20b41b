package cognito

import (
	"encoding/json"
	"errors"
	"net/http"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"roster/shared/account"
	"roster/shared/fault"
)

// Local returns what the local cloud adds for tests and for people: accounts without a mail, and an
// operator's deletion without AWS's command line.
func (p *Pool) Local() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_local/accounts", p.localCreate)
	mux.HandleFunc("DELETE /_local/accounts/{email}", p.localDelete)
	return mux
}

// A person is what POST /_local/accounts takes. Verified is true when it is absent.
type person struct {
	Email    string `json:"email"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Password string `json:"password"`
	Verified *bool  `json:"verified"`
}

// localCreate makes a confirmed user as if they had signed up and confirmed, trigger included.
func (p *Pool) localCreate(w http.ResponseWriter, r *http.Request) {
	var in person
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		refuse(w, http.StatusBadRequest, 3, "invalid JSON: "+err.Error())
		return
	}
	u, err := in.user()
	if err != nil {
		refuse(w, http.StatusBadRequest, 3, err.Error())
		return
	}
	u, err = p.add(u, errExists)
	if err == nil {
		err = p.postConfirmation(r.Context(), "PostConfirmation_ConfirmSignUp", u, nil)
	}
	switch {
	case errors.Is(err, errExists):
		refuse(w, http.StatusConflict, 6, "An account with this e-mail already exists.")
	case err != nil:
		refuse(w, http.StatusInternalServerError, 13, err.Error())
	default:
		answer(w, http.StatusOK, map[string]string{"id": u.sub})
	}
}

// user holds a person to what Roster asks of a sign-up.
func (in person) user() (user, error) {
	email, err := account.ParseAddress(in.Email)
	if err != nil {
		return user{}, fault.Invalidf("invalid field Email: value '%s' must be an e-mail address", in.Email)
	}
	first, err := account.ParseName("FirstName", in.First)
	if err != nil {
		return user{}, err
	}
	last, err := account.ParseName("LastName", in.Last)
	if err != nil {
		return user{}, err
	}
	if err := account.CheckPassword(in.Password, first, last); err != nil {
		return user{}, err
	}
	u := user{status: confirmed, email: email.Mailable(), given: first, family: last, verified: in.Verified == nil || *in.Verified}
	u.setPassword(in.Password)
	return u, nil
}

func (p *Pool) localDelete(w http.ResponseWriter, r *http.Request) {
	email := r.PathValue("email")
	if a, err := account.ParseAddress(email); err == nil {
		email = a.Mailable()
	}
	_, err := p.adminDelete(r.Context(), cip.AdminDeleteUserInput{Username: &email})
	if err != nil {
		refuse(w, http.StatusNotFound, 5, "Account not found.")
		return
	}
	answer(w, http.StatusOK, struct{}{})
}

// refuse answers in the shape that all errors of Roster's API have.
func refuse(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{"code": code, "message": message, "details": []any{}})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the other side may be gone
}

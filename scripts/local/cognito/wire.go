package cognito

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

const (
	target  = "AWSCognitoIdentityProviderService."
	maxBody = 1 << 18
)

// An action is one call of the API: from the request's JSON to a value that becomes the answer's.
type action func(ctx context.Context, body []byte) (any, error)

// on makes an action of a method that takes the SDK's own input type, whose field names are the
// wire's.
func on[In any](f func(context.Context, In) (any, error)) action {
	return func(ctx context.Context, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, &Failure{"SerializationException", err.Error()}
		}
		return f(ctx, in)
	}
}

// call answers one request in AWS's JSON 1.1.
func (p *Pool) call(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Requestid", uuid.NewString())
	out, err := p.dispatch(r)
	var failure *Failure
	if errors.As(err, &failure) {
		w.Header().Set("X-Amzn-Errortype", failure.Code)
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]string{"__type": failure.Code, "message": failure.Message}
	} else if err != nil {
		p.Log.Error("cognito: internal error", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		out = map[string]string{"__type": "InternalErrorException", "message": "Internal error."}
	}
	_ = json.NewEncoder(w).Encode(out) // the other side may be gone
}

func (p *Pool) dispatch(r *http.Request) (any, error) {
	name, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target)
	act, ok := p.actions[name]
	if !ok {
		return nil, &Failure{"UnknownOperationException", "The local user pool knows no action " + name + "."}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, &Failure{"SerializationException", err.Error()}
	}
	if err := p.admit(body); err != nil {
		return nil, err
	}
	return act(context.WithValue(r.Context(), callerKey{}, r.Header.Get("X-Amz-Security-Token")), body)
}

// admit refuses what is wrong with a request whatever its action: another pool or app client than
// this one, or a user name that Cognito's model does not allow.
func (p *Pool) admit(body []byte) error {
	var in struct{ ClientId, UserPoolId, Username *string }
	if err := json.Unmarshal(body, &in); err != nil {
		return &Failure{"SerializationException", err.Error()}
	}
	switch {
	case in.ClientId != nil && *in.ClientId != p.ClientID:
		return &Failure{"ResourceNotFoundException", "User pool client " + *in.ClientId + " does not exist."}
	case in.UserPoolId != nil && *in.UserPoolId != p.PoolID:
		return &Failure{"ResourceNotFoundException", "User pool " + *in.UserPoolId + " does not exist."}
	case in.Username != nil && !isUsername(*in.Username):
		return badParameter("1 validation error detected: Value at 'username' failed to satisfy constraint.")
	}
	return nil
}

// isUsername holds a name to Cognito's pattern [\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}.
func isUsername(s string) bool {
	n := utf8.RuneCountInString(s)
	return n > 0 && n <= 128 && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
	})
}

package cognito

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// overrides is what a pre token generation trigger answers: changes to each of the two tokens.
type overrides struct {
	ID     override `json:"idTokenGeneration"`
	Access override `json:"accessTokenGeneration"`
}

// An override adds or replaces claims of any JSON type, then takes claims away; scopes likewise.
type override struct {
	Add            map[string]json.RawMessage `json:"claimsToAddOrOverride"`
	Suppress       []string                   `json:"claimsToSuppress"`
	AddScopes      []string                   `json:"scopesToAdd"`
	SuppressScopes []string                   `json:"scopesToSuppress"`
}

func parseOverrides(answer []byte) (overrides, error) {
	var event struct {
		Response struct {
			Details overrides `json:"claimsAndScopeOverrideDetails"`
		} `json:"response"`
	}
	if err := json.Unmarshal(answer, &event); err != nil {
		return overrides{}, &Failure{"InvalidLambdaResponseException", "Unrecognizable lambda output"}
	}
	return event.Response.Details, nil
}

// isProtected reports whether Cognito keeps a claim to itself, whatever a trigger says of it.
func isProtected(claim string) bool {
	switch claim {
	case "acr", "amr", "at_hash", "aud", "auth_time", "azp", "client_id", "device_key", "event_id", "exp", "iat", "identities",
		"iss", "jti", "nbf", "nonce", "origin_jti", "scope", "sub", "token_use", "username", "version":
		return true
	}
	return strings.HasPrefix(claim, "cognito:") || strings.HasPrefix(claim, "dev:")
}

// apply changes claims. A claim that is both added and suppressed is suppressed.
func (o override) apply(claims jwt.MapClaims) {
	for name, value := range o.Add {
		if !isProtected(name) {
			claims[name] = value
		}
	}
	for _, name := range o.Suppress {
		if !isProtected(name) {
			delete(claims, name)
		}
	}
}

// scopes returns the scopes of an access token that had these.
func (o override) scopes(had ...string) string {
	all := slices.DeleteFunc(append(had, o.AddScopes...), func(s string) bool {
		return slices.Contains(o.SuppressScopes, s)
	})
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

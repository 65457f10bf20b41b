package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"roster/shared/refusal"
)

// awsTime is how the authorizer writes the times in a token into its claims.
const awsTime = "Mon Jan 02 15:04:05 UTC 2006"

// authorizer stands for COGNITO_USER_POOLS with a scope on the method. As on AWS it takes tokens of
// every client of the pool and does not look at token_use: an id token fails for want of a scope.
type authorizer struct {
	parser *jwt.Parser
	keys   jwt.Keyfunc
	scope  string
}

func newAuthorizer(c Config) authorizer {
	return authorizer{
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
			jwt.WithIssuer(c.Issuer),
			jwt.WithExpirationRequired(),
			jwt.WithJSONNumber(),
		),
		keys:  c.Keys,
		scope: c.Scope,
	}
}

// check returns the claims of the token in an Authorization header, bare or after Bearer.
func (a authorizer) check(header string) (map[string]string, refusal.Type) {
	if header == "" {
		return nil, refusal.Unauthorized
	}
	claims := jwt.MapClaims{}
	_, err := a.parser.ParseWithClaims(bare(header), claims, a.keys)
	if errors.Is(err, jwt.ErrTokenExpired) {
		return nil, refusal.ExpiredToken
	}
	if err != nil || !a.hasScope(claims) {
		return nil, refusal.AccessDenied
	}
	return texts(claims), ""
}

func bare(header string) string {
	const scheme = "Bearer "
	if len(header) >= len(scheme) && strings.EqualFold(header[:len(scheme)], scheme) {
		return strings.TrimSpace(header[len(scheme):])
	}
	return header
}

func (a authorizer) hasScope(claims jwt.MapClaims) bool {
	scopes, _ := claims["scope"].(string)
	return slices.Contains(strings.Fields(scopes), a.scope)
}

// texts returns the claims as functions get them: every value is a string.
func texts(claims jwt.MapClaims) map[string]string {
	all := make(map[string]string, len(claims))
	for name, value := range claims {
		all[name] = text(value)
		if name == "exp" || name == "iat" {
			all[name] = moment(value)
		}
	}
	return all
}

// text writes a list with commas, as groups arrive, and an object as its JSON.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = text(v[i])
		}
		return strings.Join(parts, ",")
	case map[string]any:
		raw, _ := json.Marshal(v)
		return string(raw)
	default:
		return fmt.Sprint(v)
	}
}

// moment writes seconds as AWS does. What is not a number stays what it is.
func moment(value any) string {
	number, _ := value.(json.Number)
	seconds, err := number.Int64()
	if err != nil {
		return text(value)
	}
	return time.Unix(seconds, 0).UTC().Format(awsTime)
}

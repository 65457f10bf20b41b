package cognito

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const (
	accessLife  = 15 * time.Minute // of id tokens too
	refreshLife = 30 * 24 * time.Hour
)

// selfService is the scope with which an access token may call Cognito for its user. Every token of
// a sign-in through the API has it.
const selfService = "aws.cognito.signin.user.admin"

var errKey = errors.New("cognito: the token names no key of this pool")

// issue makes the tokens of a session, changed as the trigger wants them.
func (p *Pool) issue(s session, u user, change overrides) (map[string]any, error) {
	access, err := p.sign(p.accessClaims(s, u, change.Access))
	if err != nil {
		return nil, err
	}
	id, err := p.sign(p.idClaims(s, u, change.ID))
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"AccessToken": access, "IdToken": id, "TokenType": "Bearer", "ExpiresIn": int(accessLife.Seconds()),
	}, nil
}

func (p *Pool) accessClaims(s session, u user, o override) jwt.MapClaims {
	claims := p.claims(s, "access")
	maps.Copy(claims, jwt.MapClaims{"client_id": p.ClientID, "username": u.sub, "scope": o.scopes(selfService)})
	o.apply(claims)
	return claims
}

func (p *Pool) idClaims(s session, u user, o override) jwt.MapClaims {
	claims := p.claims(s, "id")
	for name, text := range u.attributes() {
		claims[name] = text
	}
	maps.Copy(claims, jwt.MapClaims{"aud": p.ClientID, "cognito:username": u.sub, "email_verified": u.verified})
	o.apply(claims)
	return claims
}

// claims are those that both tokens have.
func (p *Pool) claims(s session, use string) jwt.MapClaims {
	now := p.Now()
	return jwt.MapClaims{
		"sub": s.sub, "iss": p.Issuer(), "token_use": use, "origin_jti": s.origin,
		"jti": uuid.NewString(), "event_id": uuid.NewString(),
		"auth_time": s.began.Unix(), "iat": now.Unix(), "exp": now.Add(accessLife).Unix(),
	}
}

func (p *Pool) sign(claims jwt.MapClaims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = p.keyID
	return token.SignedString(p.Key)
}

// Keyfunc returns the key that a token of this pool is verified with; any other token is refused.
func (p *Pool) Keyfunc(t *jwt.Token) (any, error) {
	if t.Method != jwt.SigningMethodRS256 || t.Header["kid"] != p.keyID {
		return nil, errKey
	}
	return &p.Key.PublicKey, nil
}

// keySet answers with the pool's JSON Web Key Set.
func (p *Pool) keySet(w http.ResponseWriter, _ *http.Request) {
	encode := base64.RawURLEncoding.EncodeToString
	key := map[string]string{
		"kid": p.keyID, "alg": "RS256", "kty": "RSA", "use": "sig",
		"n": encode(p.Key.N.Bytes()), "e": encode(big.NewInt(int64(p.Key.E)).Bytes()),
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{key}}) // the other side may be gone
}

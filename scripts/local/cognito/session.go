package cognito

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// A session is one sign-in; its tokens name it in origin_jti. Its refresh token lives until the
// session ends or is revoked.
type session struct {
	origin  string
	sub     string
	secret  string
	began   time.Time
	revoked bool
}

// refreshToken is opaque to everybody else.
func (s session) refreshToken() string { return s.origin + "." + s.secret }

// begin opens a session for a user who still may have one.
func (p *Pool) begin(sub string) (session, user, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[sub]
	if !ok {
		return session{}, user{}, errWrongPair
	}
	if u.disabled {
		return session{}, user{}, errDisabled
	}
	s := &session{origin: uuid.NewString(), sub: sub, secret: rand.Text() + rand.Text(), began: p.Now()}
	p.sessions[s.origin] = s
	return *s, *u, nil
}

// resume returns the session of a refresh token and its user while both are good.
func (p *Pool) resume(token string) (session, user, error) {
	origin, secret, _ := strings.Cut(token, ".")
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sessions[origin]
	if !ok || subtle.ConstantTimeCompare([]byte(secret), []byte(s.secret)) == 0 {
		return session{}, user{}, errBadRefresh
	}
	u := p.users[s.sub] // a deleted user's sessions are gone
	switch {
	case u.disabled:
		return session{}, user{}, errDisabled
	case s.revoked:
		return session{}, user{}, errRevokedRefresh
	case !p.Now().Before(s.began.Add(refreshLife)):
		return session{}, user{}, errExpiredRefresh
	}
	return *s, *u, nil
}

// revoke ends the sessions of a user. The caller holds the lock.
func (p *Pool) revoke(sub string) {
	for _, s := range p.sessions {
		if s.sub == sub {
			s.revoked = true
		}
	}
}

// bearer returns whose access token it is, while it may call Cognito for its user.
func (p *Pool) bearer(token string) (sub string, err error) {
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, claims, p.Keyfunc, jwt.WithTimeFunc(p.Now), jwt.WithIssuer(p.Issuer()), jwt.WithExpirationRequired())
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "", errExpiredAccess
	case err != nil || claims["token_use"] != "access":
		return "", errBadAccess
	}
	scopes, _ := claims["scope"].(string)
	if !slices.Contains(strings.Fields(scopes), selfService) {
		return "", errScope
	}
	origin, _ := claims["origin_jti"].(string)
	return p.alive(origin)
}

func (p *Pool) alive(origin string) (sub string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sessions[origin]
	switch {
	case !ok:
		return "", errNoUser // sessions go with their user only
	case s.revoked:
		return "", errRevokedAccess
	}
	return s.sub, nil
}

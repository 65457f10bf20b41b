package cognito

import (
	"crypto/sha256"
	"crypto/subtle"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// status is what AdminGetUser calls UserStatus.
type status string

const (
	unconfirmed   status = "UNCONFIRMED"
	confirmed     status = "CONFIRMED"
	mustChange    status = "FORCE_CHANGE_PASSWORD"
	resetRequired status = "RESET_REQUIRED"
)

// A user is one profile of the pool. Its sub is its immutable user name.
type user struct {
	sub      string
	status   status
	disabled bool
	password [sha256.Size]byte

	email    string // in the spelling that it was given
	verified bool
	given    string
	family   string

	signUp code // to confirm the sign-up with
	reset  code // to set a new password with

	created, modified time.Time
}

func (u *user) setPassword(s string) { u.password = sha256.Sum256([]byte(s)) }

func (u *user) hasPassword(s string) bool {
	sum := sha256.Sum256([]byte(s))
	return subtle.ConstantTimeCompare(sum[:], u.password[:]) == 1
}

// attributes returns the user's attributes in Cognito's names; absent ones are left out.
func (u *user) attributes() map[string]string {
	all := map[string]string{
		"sub": u.sub, "email": u.email, "email_verified": strconv.FormatBool(u.verified),
		"given_name": u.given, "family_name": u.family,
	}
	for name, value := range all {
		if value == "" {
			delete(all, name)
		}
	}
	return all
}

// alias is the form of an e-mail address that finds its user: the pool ignores letter case.
func alias(email string) string { return strings.ToLower(email) }

// find returns the user of that sub or e-mail address, or nil. The caller holds the lock.
func (p *Pool) find(name string) *user {
	if u, ok := p.users[name]; ok {
		return u
	}
	return p.users[p.subs[alias(name)]]
}

// add stores u as a new user, or returns taken when its address has one.
func (p *Pool) add(u user, taken *Failure) (user, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.find(u.email) != nil {
		return user{}, taken
	}
	u.sub = uuid.NewString()
	u.created = p.Now()
	u.modified = u.created
	p.users[u.sub] = &u
	p.subs[alias(u.email)] = u.sub
	return u, nil
}

// change applies f to the user of that name under the lock and returns the user as f left it, a
// failing f included: a wrong code counts. errNoUser when there is none.
func (p *Pool) change(name *string, f func(*user) error) (user, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(value(name))
	if u == nil {
		return user{}, errNoUser
	}
	err := f(u)
	if err == nil {
		u.modified = p.Now()
	}
	return *u, err
}

// look returns the user of that name, errNoUser when there is none.
func (p *Pool) look(name *string) (user, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u := p.find(value(name)); u != nil {
		return *u, nil
	}
	return user{}, errNoUser
}

// remove deletes the user of that name with everything it holds.
func (p *Pool) remove(name *string) (user, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(value(name))
	if u == nil {
		return user{}, errNoUser
	}
	delete(p.users, u.sub)
	delete(p.subs, alias(u.email))
	for origin, s := range p.sessions {
		if s.sub == u.sub {
			delete(p.sessions, origin)
		}
	}
	return *u, nil
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

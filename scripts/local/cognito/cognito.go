// Package cognito stands in for one Amazon Cognito user pool in the local cloud: it speaks Cognito's
// wire API, runs the pool's triggers, issues tokens that its key set verifies, and reports what
// operators do as CloudTrail would. Users live in memory. Where AWS documents a behaviour, this is it;
// the app client has no secret and hides who exists (PreventUserExistenceErrors is ENABLED).
package cognito

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

// A Trigger invokes a function with an event and returns what it answered; an error is the
// function's own. It returns when ctx ends. A pool without one goes on as if none were configured.
type Trigger func(ctx context.Context, payload []byte) ([]byte, error)

// Config says what a pool is and whom it tells.
type Config struct {
	Endpoint string // where the pool answers, "http://127.0.0.1:<port>"; tokens name it
	Region   string
	PoolID   string
	ClientID string

	// Mail delivers the pool's own mails, the ones with codes.
	Mail func(to, subject, text, html string)

	PostConfirmation Trigger // after a sign-up or a reset was confirmed
	PreToken         Trigger // version V2_0, before tokens are issued
	Closed           Trigger // what EventBridge has of CloudTrail when a user is deleted, disabled, signed out or given a password

	Key *rsa.PrivateKey  // signs tokens; a new one when nil
	Now func() time.Time // time.Now when nil
	Log *slog.Logger     // slog.Default when nil
}

// A Pool is a user pool with one app client. It is safe for concurrent use: its lock is never held
// while a mail is sent or a function runs.
type Pool struct {
	Config
	keyID   string
	actions map[string]action
	mux     *http.ServeMux

	mu       sync.Mutex
	users    map[string]*user    // by sub
	subs     map[string]string   // by alias: the e-mail address in lower case
	sessions map[string]*session // by origin_jti
}

// New returns an empty pool.
func New(c Config) (*Pool, error) {
	c, err := defaults(c)
	if err != nil {
		return nil, err
	}
	p := &Pool{
		Config: c, keyID: uuid.NewString(), mux: http.NewServeMux(),
		users: map[string]*user{}, subs: map[string]string{}, sessions: map[string]*session{},
	}
	p.actions = p.all()
	p.mux.HandleFunc("POST /{$}", p.call)
	p.mux.HandleFunc("GET /"+c.PoolID+"/.well-known/jwks.json", p.keySet)
	return p, nil
}

func defaults(c Config) (Config, error) {
	if c.Key == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return c, fmt.Errorf("cognito: %w", err)
		}
		c.Key = key
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Mail == nil {
		c.Mail = func(string, string, string, string) {}
	}
	return c, nil
}

// Issuer is what the pool's tokens name as their issuer.
func (p *Pool) Issuer() string { return p.Endpoint + "/" + p.PoolID }

// ServeHTTP answers as Cognito's endpoint, the pool's key set included.
func (p *Pool) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

package customer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// A credential is what the secret holds: {"client_id","client_secret"} for OAuth's client credentials
// grant, or {"username","password"} for basic authentication; with both pairs, the former.
type credential struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Username     string `json:"username"`
	Password     string `json:"password"`
}

func (c credential) oauth() bool { return c.ClientID != "" && c.ClientSecret != "" }

// parseCredential reads the secret's text, and repeats nothing of it in its error.
func parseCredential(text string) (credential, error) {
	var c credential
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return credential{}, errors.New("the secret is no JSON object of text")
	}
	if !c.oauth() && (c.Username == "" || c.Password == "") {
		return credential{}, errors.New("the secret holds neither client_id and client_secret nor username and password")
	}
	return c, nil
}

// CheckSecret returns what is wrong with a text as the CRM's secret, or nil. It repeats nothing of it.
func CheckSecret(text string) error {
	_, err := parseCredential(text)
	return err
}

// A grant is what requests are authorized with, until then; for ever when until is zero.
type grant struct {
	header string
	until  time.Time
}

func (g grant) valid(now time.Time) bool {
	return g.header != "" && (g.until.IsZero() || now.Before(g.until))
}

var errRefused = errors.New("the CRM refuses the credentials")

// keys keeps the credential and the token made of it. The secret is read once, and again after a
// refusal, which is how a rotated one is noticed.
type keys struct {
	read  func(context.Context) (string, error)            // the secret's text
	token func(context.Context, credential) (grant, error) // errRefused for a credential that is none
	now   func() time.Time

	flight singleflight.Group
	mu     sync.Mutex
	secret credential
	grant  grant
}

// errGaveUp says that the caller who renewed for all ran out of time.
var errGaveUp = errors.New("the caller ran out of time")

// header returns the value of Authorization. refused is one that the CRM did not take, or "": it is
// not returned again. Callers at the same time share one renewal; who waits does so on their own
// context, and takes over from one who gave up.
func (k *keys) header(ctx context.Context, refused string) (string, error) {
	for {
		if h := k.held(refused); h != "" {
			return h, nil
		}
		done := k.flight.DoChan("", func() (any, error) {
			h, err := k.renew(ctx, refused)
			if err != nil && ctx.Err() != nil {
				err = fmt.Errorf("%w: %w", errGaveUp, err)
			}
			return h, err
		})
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case r := <-done:
			if h, _ := r.Val.(string); r.Err == nil && h != refused {
				return h, nil // however soon it ends
			}
			if r.Err != nil && (!errors.Is(r.Err, errGaveUp) || ctx.Err() != nil) {
				return "", r.Err
			}
		}
	}
}

// held is the header that is good now, "" if there is none but the refused one.
func (k *keys) held(refused string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.grant.valid(k.now()) || k.grant.header == refused {
		return ""
	}
	return k.grant.header
}

// renew makes a grant of the secret: of the one that is kept, unless a grant of it was refused or it
// is refused itself; then of the one that is read anew. The same secret is not shown twice to a CRM
// that refused it, which may lock an account that keeps failing.
func (k *keys) renew(ctx context.Context, refused string) (string, error) {
	k.mu.Lock()
	kept := k.secret
	k.mu.Unlock()
	if kept != (credential{}) && refused == "" {
		h, err := k.spend(ctx, kept, refused)
		if !errors.Is(err, errRefused) {
			return h, err
		}
	}
	text, err := k.read(ctx)
	if err != nil {
		return "", fmt.Errorf("the secret cannot be read: %w", err)
	}
	fresh, err := parseCredential(text)
	if err != nil {
		return "", err
	}
	if fresh == kept && (refused == "" || !fresh.oauth()) {
		return "", errRefused
	}
	return k.spend(ctx, fresh, refused)
}

// spend makes a grant of a credential and keeps both. ServiceNow may give the same token twice, so a
// refused one can come back.
func (k *keys) spend(ctx context.Context, c credential, refused string) (string, error) {
	g := grant{header: "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password))}
	if c.oauth() {
		var err error
		if g, err = k.token(ctx, c); err != nil {
			return "", err
		}
	}
	if g.header == refused {
		return "", errRefused
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.secret, k.grant = c, g
	return g.header, nil
}

package secret

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"roster/shared/account"
	"roster/shared/fault"
)

// How long the credentials count that were read, how soon an unknown one has them read again, and how
// long a caller waits for that.
const (
	keeping  = 5 * time.Minute
	again    = 10 * time.Second
	patience = 2 * time.Second
)

// fewest is the shortest credential that is taken, in bytes.
const fewest = 24

// Bearers are the credentials of a client that is no person. Its secret holds {"primary","secondary"},
// both good, so that the client can change from one to the other at its leisure; "" is none. A new one is
// taken at once, ten seconds after another was refused at the latest, and one that was taken out of the
// secret is good for five minutes more at the most.
type Bearers struct {
	read func(context.Context) (string, error) // nil: there are none
	now  func() time.Time

	mu    sync.Mutex
	good  [][sha256.Size]byte
	asked time.Time
}

// OpenBearers returns the credentials in the secret of that id; with "" nobody has one. It asks nothing yet.
func OpenBearers(id string) *Bearers {
	b := &Bearers{now: time.Now}
	if id != "" {
		b.read = Open(id)
	}
	return b
}

// Check returns account.ErrNoToken for no credential, account.ErrRevoked for a wrong one, and
// fault.ErrUnavailable while the secret cannot be read. It compares in constant time.
func (b *Bearers) Check(ctx context.Context, given string) error {
	if given == "" {
		return account.ErrNoToken
	}
	if b.read == nil {
		return account.ErrRevoked
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	age := b.now().Sub(b.asked)
	if age < keeping && b.has(given) {
		return nil
	}
	if age < again {
		return account.ErrRevoked
	}
	if err := b.renew(ctx); err != nil {
		return fmt.Errorf("%w: %w", fault.ErrUnavailable, err)
	}
	if !b.has(given) {
		return account.ErrRevoked
	}
	return nil
}

func (b *Bearers) has(given string) bool {
	sum, found := sha256.Sum256([]byte(given)), 0
	for _, one := range b.good {
		found |= subtle.ConstantTimeCompare(one[:], sum[:])
	}
	return found == 1
}

// renew reads the secret. What it held before is forgotten only when it could be read.
func (b *Bearers) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := b.read(ctx)
	if err != nil {
		return fmt.Errorf("the secret of the credentials cannot be read: %w", err)
	}
	var held struct{ Primary, Secondary string }
	if json.Unmarshal([]byte(text), &held) != nil {
		return errors.New("the secret of the credentials is no JSON object of text")
	}
	b.good, b.asked = nil, b.now()
	for _, one := range []string{held.Primary, held.Secondary} {
		if Taken(one) {
			b.good = append(b.good, sha256.Sum256([]byte(one)))
		}
	}
	return nil
}

// Taken reports whether a credential is long enough to be taken from a caller at all.
func Taken(credential string) bool { return len(credential) >= fewest }

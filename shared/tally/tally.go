// Package tally keeps account of what a request or an event met on its way. The store and the
// clients of AWS count here and know nothing of logs and metrics; whoever began the account reads it
// in the end.
package tally

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Tally is what one request or event met. Its methods and counters may be used from any goroutine.
type Tally struct {
	Moved       atomic.Int64 // conditions that were broken, because the world had moved since the look
	Conflicts   atomic.Int64 // transactions that met another one
	Throttles   atomic.Int64 // calls to AWS that were refused for now
	Retries     atomic.Int64 // calls to AWS that were made again
	MailsSent   atomic.Int64 // mails that SES took
	MailsFailed atomic.Int64 // mails that were given up
	Stranded    atomic.Int64 // organizations whose sole Admin's account was closed

	mu      sync.Mutex
	org     string
	touched string
	several bool
	account string
	err     error
	under   int           // calls to AWS that are under way
	since   time.Time     // when the first of them began
	waited  time.Duration // for those before them
}

type in struct{}

// Begin returns a context that carries a new tally, and the tally.
func Begin(ctx context.Context) (context.Context, *Tally) {
	t := &Tally{}
	return context.WithValue(ctx, in{}, t), t
}

// Of returns the tally that the context carries; without one it is a tally that nobody reads.
func Of(ctx context.Context) *Tally {
	if t, ok := ctx.Value(in{}).(*Tally); ok {
		return t
	}
	return &Tally{}
}

// About notes the organization that this is about, for those who know.
func (t *Tally) About(org string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.org = org
}

// Touch notes an organization that was read or written on the way.
func (t *Tally) Touch(org string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.several = t.several || t.touched != "" && t.touched != org
	t.touched = org
}

// Org is the organization that this is about, or else the only one that it touched; "" for none, and
// where several were touched.
func (t *Tally) Org() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.org != "" || t.several {
		return t.org
	}
	return t.touched
}

// By notes the account that this is done by, or is about.
func (t *Tally) By(account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.account = account
}

// Account is what By noted last.
func (t *Tally) Account() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.account
}

// Fail notes a failure that does not end the work: of one record among many, say. The first one stays.
func (t *Tally) Fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
}

// Err is what Fail noted first.
func (t *Tally) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Call notes that a call to AWS begins. Whoever began it calls over once, when all of its answer is here.
func (t *Tally) Call() (over func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.under == 0 {
		t.since = time.Now()
	}
	t.under++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.under--; t.under == 0 {
			t.waited += time.Since(t.since)
		}
	}
}

// Waited is how long at least one call to AWS was under way; those side by side count once.
func (t *Tally) Waited() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.under > 0 {
		return t.waited + time.Since(t.since)
	}
	return t.waited
}

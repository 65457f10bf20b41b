package customer

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// longest is how long an instance is left alone at most, whatever it asks for: its limits are per hour.
const longest = time.Hour

// A pause is what an instance asks for that has too much to do. Until it is over the process does not
// call it.
type pause struct {
	now   func() time.Time
	mu    sync.Mutex
	until time.Time
}

// errBusy says that the instance wants to be left alone for a while.
type errBusy struct{ wait time.Duration }

func (e errBusy) Error() string {
	return fmt.Sprintf("the CRM has too much to do, for %v more", e.wait.Round(time.Second))
}

// check returns errBusy while the pause lasts.
func (p *pause) check() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait := p.until.Sub(p.now()); wait > 0 {
		return errBusy{wait}
	}
	return nil
}

// heed begins a pause where an answer asks for one: 429 and 503 do, with seconds in Retry-After.
func (p *pause) heed(status int, header http.Header) {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds <= 0 || status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = p.now().Add(min(time.Duration(min(seconds, 86400))*time.Second, longest))
}

package stream

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// trouble writes a consumer's failures to the log. An engine that is away fails ten times a second,
// so a failure that goes on is written once.
type trouble struct {
	mu      sync.Mutex
	to      io.Writer
	who     string
	ongoing map[string]bool // what fails, by what was tried
}

// note writes that doing failed, or that it works again. The end of ctx is no failure.
func (t *trouble) note(ctx context.Context, doing string, err error) {
	if ctx.Err() != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ongoing[doing] == (err != nil) {
		return
	}
	if t.ongoing == nil {
		t.ongoing = map[string]bool{}
	}
	t.ongoing[doing] = err != nil
	if err == nil {
		fmt.Fprintf(t.to, "stream to %s: %s: works again\n", t.who, doing)
		return
	}
	fmt.Fprintf(t.to, "stream to %s: %s: %v\n", t.who, doing, err)
}

// say writes one line.
func (t *trouble) say(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.to, "stream to %s: %s\n", t.who, what)
}

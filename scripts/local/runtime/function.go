// Package runtime runs a function's binary, the very one that Lambda runs, and plays the Lambda
// Runtime API to it over loopback HTTP. The binary cannot tell: it finds its environment, asks for
// the next invocation and posts its answer, one at a time per process. Two things of the real
// service are missing: processes are not frozen between invocations, and memory is not limited.
package runtime

import (
	"cmp"
	"context"
	"io"
	"sync"
	"time"
)

const (
	defaultTimeout      = 10 * time.Second
	defaultEnvironments = 10
)

// Config says which binary stands behind a function and how it is run.
type Config struct {
	Name         string        // of the function; prefixes its log lines
	Binary       string        // path of the executable (provided.al2023: bootstrap)
	Env          []string      // "KEY=value", everything besides what Lambda itself adds
	Timeout      time.Duration // of one invocation; 10 s when zero
	Environments int           // processes at once, the reserved concurrency; 10 when zero
	LogLevel     string        // below which the function prints nothing; INFO when empty
	Log          io.Writer     // takes what the processes print; nothing when nil

	Ready func(time.Duration) // is told how long each process took from its start to its first request for work; nobody when nil
}

// A Function is one deployed function: no process until the first invocation, then as many as
// there are invocations at once.
type Function struct {
	config Config
	log    io.Writer
	slots  chan struct{} // holds one element per running invocation

	mu     sync.Mutex
	closed bool
	idle   []*environment // waits for work; the one used last is the last
	all    map[*environment]struct{}
}

// New returns a function that has no process yet. It must be closed.
func New(c Config) *Function {
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.Environments = cmp.Or(c.Environments, defaultEnvironments)
	if c.Log == nil {
		c.Log = io.Discard
	}
	return &Function{
		config: c,
		log:    &shared{to: c.Log},
		slots:  make(chan struct{}, c.Environments),
		all:    map[*environment]struct{}{},
	}
}

// Config returns what the function was made of, as a basis for another.
func (f *Function) Config() Config { return f.config }

// Invoke runs the function once and returns its answer. When ctx ends first, the caller goes and
// the function goes on, as with Lambda. The error is a *FunctionError for what the handler itself
// reported, ErrTimeout, ErrCrashed, ErrClosed, or that of ctx.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	select {
	case f.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-f.slots }()
		done <- f.serve(payload)
	}()
	select {
	case o := <-done:
		return o.answer, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serve gives payload to an idle process or to a new one. An idle process that turns out to be
// dead is replaced silently: it had not begun.
func (f *Function) serve(payload []byte) outcome {
	for {
		e, fresh, err := f.take()
		if err != nil {
			return outcome{err: err}
		}
		o, begun := e.invoke(payload)
		f.release(e)
		if begun || fresh {
			return o
		}
	}
}

// take returns the process that was used last, or starts one.
func (f *Function) take() (e *environment, fresh bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, false, ErrClosed
	}
	if n := len(f.idle); n > 0 {
		e, f.idle = f.idle[n-1], f.idle[:n-1]
		return e, false, nil
	}
	if e, err = start(f.config, f.log); err != nil {
		return nil, true, err
	}
	f.all[e] = struct{}{}
	return e, true, nil
}

// release keeps a living process for the next invocation and forgets a dead one.
func (f *Function) release(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.all[e]; !known {
		return
	}
	if e.dead() {
		delete(f.all, e)
		return
	}
	f.idle = append(f.idle, e)
}

// Kill ends all processes of the function at once, as a crash does, and returns when they are
// gone, with how many of them were at work: what was running fails with ErrCrashed, the next invocation
// starts anew.
func (f *Function) Kill() (busy int) { return f.end(false) }

// Close ends all processes and returns when they are gone. Later invocations get ErrClosed.
func (f *Function) Close() { f.end(true) }

func (f *Function) end(forGood bool) (busy int) {
	f.mu.Lock()
	all := f.all
	busy = len(all) - len(f.idle)
	f.idle, f.all = nil, map[*environment]struct{}{}
	f.closed = f.closed || forGood
	f.mu.Unlock()
	for e := range all {
		e.kill()
	}
	for e := range all {
		<-e.exited
	}
	return busy
}

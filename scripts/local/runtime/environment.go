package runtime

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// initLimit is what Lambda gives a process from its start to its first request for work.
	initLimit = 10 * time.Second
	// drain is how long the end of a process's output is waited for after it died.
	drain = time.Second
)

// An outcome is what an invocation came to.
type outcome struct {
	answer []byte
	err    error
}

// An invocation is one payload on its way through a process.
type invocation struct {
	id      string
	payload []byte
	done    chan outcome // takes one
}

// An environment is one process of a function together with the Runtime API that it alone sees.
type environment struct {
	config Config
	cmd    *exec.Cmd
	next   chan *invocation // unbuffered: taken means that the process has asked for it
	exited chan struct{}    // closed when the process is gone and reaped
	cause  error            // why; readable once exited is closed

	api *api
}

// start starts a process and its Runtime API. It returns before the process has asked for work.
func start(c Config, log io.Writer) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the Runtime API: %w", err)
	}
	e := &environment{config: c, next: make(chan *invocation), exited: make(chan struct{})}
	var begun time.Time
	e.api = newAPI(c, e.next, sync.OnceFunc(func() {
		if c.Ready != nil {
			c.Ready(time.Since(begun))
		}
	}))
	out := &lines{to: log, prefix: c.Name + ": "}
	e.cmd = exec.Command(c.Binary)
	e.cmd.Dir = filepath.Dir(c.Binary)
	e.cmd.Env = variables(c, listener.Addr().String())
	e.cmd.Stdout, e.cmd.Stderr = out, out
	e.cmd.WaitDelay = drain
	server := &http.Server{Handler: e.api.handler()}
	begun = time.Now()
	go server.Serve(listener)
	if err := launch(e.cmd); err != nil {
		server.Close()
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	go e.reap(server, out)
	return e, nil
}

// reap waits for the end of the process and takes its Runtime API down with it.
func (e *environment) reap(server *http.Server, out *lines) {
	err := e.cmd.Wait()
	out.flush()
	server.Close()
	e.cause = fmt.Errorf("%w: %s (%v)", ErrCrashed, e.config.Name, err)
	if failed := e.api.initError(); failed != nil {
		e.cause = failed
	}
	close(e.exited)
}

// invoke hands payload to the process once it asks for work, and waits for what it makes of it.
// begun is false when the process was gone before it took the payload.
func (e *environment) invoke(payload []byte) (o outcome, begun bool) {
	i := &invocation{id: uuid.NewString(), payload: payload, done: make(chan outcome, 1)}
	ready, cancel := context.WithTimeout(context.Background(), initLimit)
	defer cancel()
	select {
	case e.next <- i:
		return e.await(i), true
	case <-e.exited:
		return outcome{err: e.cause}, false
	case <-ready.Done():
		e.stop()
		return outcome{err: ErrTimeout}, true
	}
}

// await returns the answer, or why there is none. An answer that arrived just before the process
// ended counts.
func (e *environment) await(i *invocation) outcome {
	timeout := time.NewTimer(e.config.Timeout)
	defer timeout.Stop()
	select {
	case o := <-i.done:
		return o
	case <-timeout.C:
		e.stop()
		return outcome{err: ErrTimeout}
	case <-e.exited:
	}
	select {
	case o := <-i.done:
		return o
	default:
		return outcome{err: e.cause}
	}
}

func (e *environment) dead() bool {
	select {
	case <-e.exited:
		return true
	default:
		return false
	}
}

// kill asks the kernel to end the process; it does not wait.
func (e *environment) kill() { _ = e.cmd.Process.Kill() }

// stop ends the process and waits until it is gone.
func (e *environment) stop() {
	e.kill()
	<-e.exited
}

package engine

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
)

// A child is the engine's process, with what it printed.
type child struct {
	cmd   *exec.Cmd
	out   bytes.Buffer  // to be read after ended only
	ended chan struct{} // closed when the process is gone
}

// spawn starts cmd so that it cannot outlive this process. Linux sends the death signal when the
// OS thread that forked ends, not when the process does, and Go ends threads as it likes: the
// goroutine that forks keeps its thread to itself for as long as the child lives.
func spawn(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &c.out, &c.out
	dieWithParent(cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is told by what it printed
			close(c.ended)
		}
	}()
	return c, <-started
}

// kill ends the process and waits until it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may be gone already
	<-c.ended
}

// said returns what the ended process printed, as an error, or nil.
func (c *child) said() error {
	text := bytes.TrimSpace(c.out.Bytes())
	if len(text) == 0 {
		return nil
	}
	return fmt.Errorf("it said: %w", errors.New(string(text)))
}

package runtime

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// launcher is the one OS thread that starts processes, and that lives as long as this one does.
// The kernel kills a child with Pdeathsig when the thread that made it ends, not the process, so
// starting it from a goroutine's passing thread would kill it at some moment for no reason.
var launcher = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// launch starts cmd so that it cannot outlive this process, however that one ends. It has a process
// group of its own: Ctrl-C reaches this process, which then takes its children down in order.
func launch(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	done := make(chan error)
	launcher() <- func() { done <- cmd.Start() }
	return <-done
}

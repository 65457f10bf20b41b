package runtime_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"roster/scripts/local/runtime"
)

func TestKillEndsWhatRunsAndTheNextInvocationStartsAnew(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{Timeout: time.Minute})
	before := ask(t, f, "", "")
	f.Kill()
	after := ask(t, f, "", "")
	if before.PID == after.PID {
		t.Errorf("process %d survived", before.PID)
	}
	folder := t.TempDir()
	failed := make(chan error)
	go func() {
		_, err := f.Invoke(t.Context(), payload("meet", folder))
		failed <- err
	}()
	waitFor(t, func() bool { marks, _ := os.ReadDir(folder); return len(marks) == 1 })
	f.Kill()
	if err := <-failed; !errors.Is(err, runtime.ErrCrashed) {
		t.Errorf("error = %v, want ErrCrashed", err)
	}
	ask(t, f, "", "")
}

func TestAClosedFunctionHasNoProcessAndTakesNoWork(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{})
	pid := ask(t, f, "", "").PID
	f.Close()
	if alive(pid) {
		t.Errorf("process %d is left", pid)
	}
	if _, err := f.Invoke(t.Context(), nil); !errors.Is(err, runtime.ErrClosed) {
		t.Errorf("error = %v, want ErrClosed", err)
	}
	f.Close()
}

func TestAProcessDoesNotOutliveThisOne(t *testing.T) {
	t.Parallel()
	parent, pid := startParent(t)
	if !alive(pid) {
		t.Fatalf("process %d is gone before its parent", pid)
	}
	parent.Kill()
	waitFor(t, func() bool { return !alive(pid) })
}

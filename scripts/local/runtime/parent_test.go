package runtime_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/runtime"
)

// These make this test binary start a function, print its process id once it works and hang, so
// that a test can kill it and look for orphans.
const (
	parentBinary = "ROSTER_TEST_PARENT_BINARY" // the function's
	parentFolder = "ROSTER_TEST_PARENT_FOLDER" // in which the function leaves its mark
)

func beParent(folder string) {
	f := runtime.New(runtime.Config{Name: "probe", Binary: binary, Timeout: time.Hour})
	go f.Invoke(context.Background(), payload("meet", folder))
	for {
		if marks, _ := os.ReadDir(folder); len(marks) > 0 {
			fmt.Println(marks[0].Name())
			time.Sleep(time.Hour)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// startParent starts such a process and returns it with the id of its function's, which works.
func startParent(t *testing.T) (parent *os.Process, pid int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), parentBinary+"="+binary, parentFolder+"="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	if _, err := fmt.Fscan(out, &pid); err != nil {
		t.Fatal(err)
	}
	return cmd.Process, pid
}

// alive says whether a process runs; one that is dead and not reaped does not.
func alive(pid int) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", fmt.Sprint(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}

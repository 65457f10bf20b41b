package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/engine"
)

// parentVariable makes the test binary a process that starts an engine, tells where, and waits to
// be killed.
const parentVariable = "ENGINE_TEST_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(parentVariable) == "" {
		os.Exit(m.Run())
	}
	e, err := engine.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(e.Endpoint)
	select {}
}

func start(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func alive(endpoint string) bool {
	response, err := http.Get(endpoint)
	if err != nil {
		return false
	}
	response.Body.Close()
	return true
}

func TestTwoEnginesDoNotMeet(t *testing.T) {
	t.Setenv(engine.EndpointVariable, "")
	first, second := start(t), start(t)
	if first.Endpoint == second.Endpoint {
		t.Fatalf("both answer at %s", first.Endpoint)
	}
}

func TestClosingEndsTheProcessAndMayBeRepeated(t *testing.T) {
	t.Setenv(engine.EndpointVariable, "")
	e := start(t)
	e.Close()
	e.Close()
	if alive(e.Endpoint) {
		t.Fatal("the engine still answers")
	}
}

func TestAnEngineDiesWithItsKilledParent(t *testing.T) {
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"=1", engine.EndpointVariable+"=")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	endpoint := strings.TrimSpace(line)
	if !alive(endpoint) {
		t.Fatalf("no engine at %q", endpoint)
	}
	if err := errors.Join(parent.Process.Kill(), ignoreExit(parent.Wait())); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); alive(endpoint); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the engine outlived its parent")
		}
	}
}

func ignoreExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

func TestAnEngineThatRunsAlreadyIsUsedAndLeftRunning(t *testing.T) {
	t.Setenv(engine.EndpointVariable, "")
	running := start(t)
	t.Setenv(engine.EndpointVariable, running.Endpoint)
	e := start(t)
	if e.Endpoint != running.Endpoint {
		t.Fatalf("endpoint %s, want %s", e.Endpoint, running.Endpoint)
	}
	e.Close()
	if !alive(running.Endpoint) {
		t.Fatal("closing ended an engine that it had not started")
	}
}

func TestASilentEndpointIsAnErrorThatNamesTheVariable(t *testing.T) {
	t.Setenv(engine.EndpointVariable, "")
	e := start(t)
	e.Close()
	t.Setenv(engine.EndpointVariable, e.Endpoint)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := engine.Start(ctx); err == nil || !strings.Contains(err.Error(), engine.EndpointVariable) {
		t.Fatalf("error %v, want one that names %s", err, engine.EndpointVariable)
	}
}

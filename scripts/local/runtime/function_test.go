package runtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/runtime"
)

var binary string // of testdata/probe

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if binary = os.Getenv(parentBinary); binary != "" {
		beParent(os.Getenv(parentFolder))
	}
	folder, err := os.MkdirTemp("", "probe")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "./testdata/probe")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the probe: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// answer is what the probe says about itself.
type answer struct {
	PID         int      `json:"pid"`
	Text        string   `json:"text"`
	Environment []string `json:"environment"`
	RequestID   string   `json:"request_id"`
	ARN         string   `json:"arn"`
	MS          int64    `json:"ms"`
}

func open(t *testing.T, c runtime.Config) *runtime.Function {
	t.Helper()
	c.Name, c.Binary = "probe", binary
	f := runtime.New(c)
	t.Cleanup(f.Close)
	return f
}

func payload(do, text string) []byte {
	p, _ := json.Marshal(map[string]string{"do": do, "text": text})
	return p
}

// ask invokes f and fails the test unless it answers.
func ask(t *testing.T, f *runtime.Function, do, text string) answer {
	t.Helper()
	raw, err := f.Invoke(t.Context(), payload(do, text))
	if err != nil {
		t.Fatalf("%s: %v", do, err)
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%s: %v in %s", do, err, raw)
	}
	return a
}

func TestAFunctionAnswersFromOneProcessAsLongAsOneSuffices(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{})
	first, second := ask(t, f, "", "one"), ask(t, f, "", "two")
	if first.Text != "one" || second.Text != "two" {
		t.Errorf("answers = %q, %q; want one, two", first.Text, second.Text)
	}
	if first.PID != second.PID {
		t.Errorf("processes %d and %d; want one", first.PID, second.PID)
	}
	if first.RequestID == second.RequestID {
		t.Errorf("both requests have the id %q", first.RequestID)
	}
}

func TestAFunctionSeesWhatLambdaTellsIt(t *testing.T) {
	t.Setenv("HOST_SECRET", "x")
	f := open(t, runtime.Config{Env: []string{"ROSTER_TABLE=roster", "AWS_REGION=eu-west-1"}, Timeout: time.Minute})
	a := ask(t, f, "", "")
	for _, want := range []string{"ROSTER_TABLE=roster", "AWS_LAMBDA_FUNCTION_NAME=probe", "AWS_LAMBDA_LOG_FORMAT=JSON"} {
		if !slices.Contains(a.Environment, want) {
			t.Errorf("environment lacks %s: %q", want, a.Environment)
		}
	}
	if slices.ContainsFunc(a.Environment, func(v string) bool { return strings.HasPrefix(v, "HOST_SECRET") }) {
		t.Error("the environment of this process shows through")
	}
	if a.ARN != "arn:aws:lambda:eu-west-1:000000000000:function:probe" || a.RequestID == "" {
		t.Errorf("arn %q, request id %q", a.ARN, a.RequestID)
	}
	if a.MS <= 0 || a.MS > time.Minute.Milliseconds() {
		t.Errorf("deadline in %d ms; want within the minute", a.MS)
	}
}

func TestConcurrentInvocationsHaveAProcessEach(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{Environments: 2, Timeout: time.Minute})
	folder := t.TempDir()
	pids := make(chan int, 2)
	for range 2 {
		go func() { // each returns only when the other runs too
			raw, err := f.Invoke(t.Context(), payload("meet", folder))
			var a answer
			if err := errors.Join(err, json.Unmarshal(raw, &a)); err != nil {
				t.Error(err)
			}
			pids <- a.PID
		}()
	}
	if one, other := <-pids, <-pids; one == other {
		t.Errorf("both ran in process %d", one)
	}
}

func TestInvocationsBeyondTheLimitWait(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{Environments: 1})
	var mu sync.Mutex
	var all sync.WaitGroup
	pids := map[int]bool{}
	for range 5 {
		all.Go(func() {
			raw, err := f.Invoke(t.Context(), payload("", ""))
			var a answer
			if err := errors.Join(err, json.Unmarshal(raw, &a)); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			pids[a.PID] = true
		})
	}
	all.Wait()
	if len(pids) != 1 {
		t.Errorf("%d processes; want one", len(pids))
	}
}

func TestWhatGoesWrongIsTold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		do     string
		config runtime.Config
		want   error // the zero FunctionError stands for any
		typ    string
		stays  bool // the process serves the next invocation too
	}{
		{name: "a handler's error keeps the process", do: "fail", want: &runtime.FunctionError{}, typ: "errorString", stays: true},
		{name: "a panic ends the process", do: "panic", want: &runtime.FunctionError{}, typ: "string"},
		{name: "a process that exits has crashed", do: "exit", want: runtime.ErrCrashed},
		{name: "a late process is killed", do: "hang", want: runtime.ErrTimeout, config: runtime.Config{Timeout: 300 * time.Millisecond}},
		{name: "a time-out is a deadline", do: "hang", want: context.DeadlineExceeded, config: runtime.Config{Timeout: 300 * time.Millisecond}},
		{name: "an answer over 6 MB is an error", do: "bloat", want: &runtime.FunctionError{}, typ: "Function.ResponseSizeTooLarge"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := open(t, test.config)
			before := ask(t, f, "", "")
			_, err := f.Invoke(t.Context(), payload(test.do, "because"))
			check(t, err, test.want, test.typ)
			if after := ask(t, f, "", ""); (after.PID == before.PID) != test.stays {
				t.Errorf("process %d, then %d; want the same: %v", before.PID, after.PID, test.stays)
			}
		})
	}
}

func check(t *testing.T, err, want error, typ string) {
	t.Helper()
	var failed *runtime.FunctionError
	if !errors.As(want, &failed) {
		if !errors.Is(err, want) {
			t.Errorf("error = %v, want %v", err, want)
		}
		return
	}
	if !errors.As(err, &failed) || failed.Type != typ {
		t.Errorf("error = %#v, want a FunctionError of type %s", err, typ)
	}
}

func TestABinaryThatCannotStartFailsTheInvocation(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{Env: []string{"PROBE=exits"}})
	if _, err := f.Invoke(t.Context(), nil); !errors.Is(err, runtime.ErrCrashed) {
		t.Errorf("error = %v, want ErrCrashed", err)
	}
	missing := runtime.New(runtime.Config{Name: "missing", Binary: filepath.Join(t.TempDir(), "bootstrap")})
	defer missing.Close()
	if _, err := missing.Invoke(t.Context(), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v, want ErrNotExist", err)
	}
}

func TestOutputIsPrefixedLineByLine(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := open(t, runtime.Config{Log: &log})
	ask(t, f, "print", "one\ntwo")
	f.Close()
	if got, want := log.String(), "probe: one\nprobe: two\n"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
	log.Reset()
	f = open(t, runtime.Config{Log: &log, Env: []string{"PROBE=exits"}})
	f.Invoke(t.Context(), nil)
	if got, want := log.String(), "probe: cannot start\n"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
}

func TestACallerThatLeavesDoesNotStopTheFunction(t *testing.T) {
	t.Parallel()
	f := open(t, runtime.Config{Environments: 1, Timeout: time.Minute})
	before := ask(t, f, "", "")
	folder := t.TempDir()
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := f.Invoke(ctx, payload("meet", folder))
		gone <- err
	}()
	waitFor(t, func() bool { marks, _ := os.ReadDir(folder); return len(marks) == 1 })
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want Canceled", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "other"), nil, 0o600); err != nil { // lets it return
		t.Fatal(err)
	}
	if after := ask(t, f, "", ""); after.PID != before.PID {
		t.Errorf("process %d, then %d; want the same", before.PID, after.PID)
	}
}

// waitFor waits until ready says so, and not for ever.
func waitFor(t *testing.T, ready func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("waited in vain")
		}
	}
}

// Package cloudtest gives tests a local cloud to drive over HTTP, as people and clients do: the
// functions are the binaries of `make build`, made first where the sources are newer.
package cloudtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/openapi/openapitest"
)

// A Cloud is a running one, with what tests do to it. Every answer that a test gets from it is held to
// the OpenAPI document.
type Cloud struct {
	*cloud.Cloud
	// Hear, where it is set before anything is sent, is told of every answer; by any goroutine.
	Hear     func(*http.Request, Answer)
	document *openapitest.Document
}

// shared are the clouds that callers of Shared in this process drive, by their settings.
var shared sync.Map

// Shared returns the one cloud of the test process with these settings (NAME=value, defaults for the
// others), for tests that run in parallel and keep apart by their people. It ends with the process.
func Shared(t testing.TB, settings ...string) *Cloud {
	t.Helper()
	one, _ := shared.LoadOrStore(strings.Join(settings, "\n"), sync.OnceValues(func() (*Cloud, error) {
		o := cloud.Options{Settings: map[string]string{}}
		for _, s := range settings {
			name, value, _ := strings.Cut(s, "=")
			o.Settings[name] = value
		}
		return start(o)
	}))
	c, err := one.(func() (*Cloud, error))()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Start returns a cloud of its own, which ends with t. What o does not say has the defaults.
func Start(t testing.TB, o cloud.Options) *Cloud {
	t.Helper()
	c, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func start(o cloud.Options) (*Cloud, error) {
	made, err := ready()
	if err != nil {
		return nil, err
	}
	o.Functions = cmp.Or(o.Functions, filepath.Join(made.root, ".build", "functions"))
	if o.Log == nil && os.Getenv("ROSTER_TEST_LOG") != "" {
		o.Log = os.Stderr
	}
	if o.Key == nil {
		o.Key = made.key
	}
	c, err := cloud.Start(context.Background(), o)
	if err != nil {
		return nil, err
	}
	return &Cloud{Cloud: c, document: made.document}, nil
}

// sources are what a test process makes once for all of its clouds.
type sources struct {
	root     string // the module's, whose functions are built
	document *openapitest.Document
	key      *rsa.PrivateKey
}

var ready = sync.OnceValues(func() (sources, error) {
	root, err := build()
	if err != nil {
		return sources{}, err
	}
	document, err := openapitest.Load(root)
	if err != nil {
		return sources{}, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 1024) // short: thousands of tokens are signed with it
	return sources{root, document, key}, err
})

// build makes the functions, one test process at a time, and returns the module's root. Nothing is
// compiled again that is up to date.
func build() (root string, err error) {
	if root, err = moduleRoot(); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(os.TempDir(), "roster-build.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if out, err := exec.Command("make", "-C", root, "--no-print-directory", "build").CombinedOutput(); err != nil {
		return "", fmt.Errorf("make build: %w\n%s", err, out)
	}
	return root, depend(root)
}

// depend opens the folders of the functions' sources: go test takes an earlier result for good while
// nothing has changed that the test opened, and does not know what make reads.
func depend(root string) error {
	for _, folder := range []string{"functions", "shared"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(_ string, _ fs.DirEntry, err error) error { return err })
		if err != nil {
			return err
		}
	}
	return nil
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}

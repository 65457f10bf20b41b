package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// installed is where `npm ci --prefix scripts/local` puts the engine, from the module's root.
const installed = "scripts/local/node_modules/@dynoxide/linux-x64/dynoxide"

const elsewhere = "run another engine, for example `docker run -p 8000:8000 amazon/dynamodb-local`, and set " +
	EndpointVariable + "=http://127.0.0.1:8000"

// ErrNoEngine means that there is no engine for this machine to start; the error around it says
// what to do.
var ErrNoEngine = errors.New("there is no DynamoDB engine to start")

// locate returns the path of the engine's binary, sought from the working directory upwards, so
// that tests find it from their package's folder.
func locate() (string, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", noEngine(runtime.GOOS, runtime.GOARCH)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("engine: %w", err)
	}
	return locateFrom(dir)
}

func noEngine(system, machine string) error {
	return fmt.Errorf("engine: %w: dynoxide is pinned for linux/amd64 and this is %s/%s; %s", ErrNoEngine, system, machine, elsewhere)
}

func locateFrom(dir string) (string, error) {
	for {
		path := filepath.Join(dir, filepath.FromSlash(installed))
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("engine: %w: run `npm ci --prefix scripts/local` once, or %s", ErrNoEngine, elsewhere)
		}
		dir = parent
	}
}

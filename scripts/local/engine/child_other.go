//go:build !linux

package engine

import "os/exec"

// dieWithParent does nothing: there is no engine to start on this system, and no such signal.
func dieWithParent(*exec.Cmd) {}

//go:build !linux

package runtime

import "os/exec"

// launch starts cmd. A process whose Runtime API is gone ends by itself at its next request for
// work, which is what happens here when this process is killed.
func launch(cmd *exec.Cmd) error { return cmd.Start() }

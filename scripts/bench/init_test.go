package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/operation"
)

// patience is how many allocations a package of Roster's may make before main, in every process of a
// function: what is declared there is paid for by each start. A regular expression takes a hundred at
// least.
const patience = 60

func TestNoPackageWorksBeforeMain(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for _, o := range operation.All() {
		var told bytes.Buffer
		start := exec.CommandContext(t.Context(), c.Function(o.Name).Config().Binary)
		start.Env, start.Stderr = []string{"GODEBUG=inittrace=1"}, &told
		_ = start.Run() // it ends for want of its settings
		packages := 0
		for lines := bufio.NewScanner(&told); lines.Scan(); {
			name, cost, found := strings.Cut(strings.TrimPrefix(lines.Text(), "init "), " @")
			if !found || !strings.HasPrefix(name, "roster/") {
				continue
			}
			var allocations int
			if _, err := fmt.Sscanf(cost[strings.LastIndex(cost, ", ")+2:], "%d allocs", &allocations); err != nil {
				t.Fatalf("%q: %v", lines.Text(), err)
			}
			if packages++; allocations > patience {
				t.Errorf("%s: %s makes %d allocations before main", o.Name, name, allocations)
			}
		}
		if packages == 0 {
			t.Errorf("%s told of no package", o.Name)
		}
	}
}

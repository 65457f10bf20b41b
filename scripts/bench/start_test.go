package bench

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/runtime"
	"roster/shared/operation"
)

// root is where the module begins, from this package's folder.
const root = "../.."

// BenchmarkStart starts every function as often as asked (-benchtime 50x), each time in turn with the
// empty function that has the same clients: from the process's start to its first request for work,
// and to its first answer, which is that to events/<operation>.json.
func BenchmarkStart(b *testing.B) {
	c := cloudtest.Start(b, cloud.Options{})
	top, err := filepath.Abs(root)
	if err != nil {
		b.Fatal(err)
	}
	empties := map[string]string{}
	for _, o := range operation.All() {
		set := strings.Join(clients(o), "+")
		if empties[set] == "" {
			empties[set] = buildEmpty(b, top, clients(o))
		}
		event, err := os.ReadFile(filepath.Join(root, "events", o.Name+".json"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(o.Name, func(b *testing.B) {
			config := c.Function(o.Name).Config()
			blank := config
			blank.Binary = empties[set]
			var next, answer, floor samples
			for range b.N {
				n, a := begin(b, config, event)
				f, _ := begin(b, blank, event)
				next, answer, floor = append(next, n), append(answer, a), append(floor, f)
			}
			ratio := float64(next.at(50)) / float64(floor.at(50))
			starts.add(o.Name, next.in(time.Millisecond, 50, 90, 100), floor.in(time.Millisecond, 50),
				fmt.Sprintf("%.2f", ratio), answer.in(time.Millisecond, 50, 90, 100), megabytes(b, config.Binary))
			b.ReportMetric(float64(next.at(50))/1e6, "next-ms")
			b.ReportMetric(ratio, "×empty")
		})
	}
}

// megabytes is the size of a file.
func megabytes(b *testing.B, file string) string {
	b.Helper()
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return fmt.Sprintf("%.1f", float64(info.Size())/1e6)
}

// begin starts a function, invokes it once and ends it.
func begin(b *testing.B, config runtime.Config, event []byte) (next, answer time.Duration) {
	b.Helper()
	config.Log = io.Discard
	config.Ready = func(d time.Duration) { next = d }
	f := runtime.New(config)
	defer f.Close()
	begun := time.Now()
	if _, err := f.Invoke(b.Context(), event); err != nil {
		b.Fatalf("%s: %v", config.Name, err)
	}
	return next, time.Since(begun)
}

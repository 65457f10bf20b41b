package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/runtime"
	"roster/shared/operation"
)

// root is where the module begins, from this package's folder.
const root = "../.."

// nowhere is where nobody listens: to open a connection to it fails at once.
const nowhere = "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1"

// BenchmarkStart starts every function as often as asked (-benchtime 50x), each time in turn with the
// empty function that has the same clients, from the process's start to its first request for work. The
// connection to DynamoDB, which the function opens meanwhile, is to nowhere: what remains of it, a dial
// that is refused, counts against the function, since the empty one dials nobody. Then the function
// starts once more, with a DynamoDB, to its first answer: that to events/<operation>.json, of the
// status that stands behind it, in the scene that the event is of.
func BenchmarkStart(b *testing.B) {
	s := newSample(b)
	top, err := filepath.Abs(root)
	if err != nil {
		b.Fatal(err)
	}
	dir, empties := b.TempDir(), map[string]string{}
	for _, o := range operation.All() {
		event, err := os.ReadFile(filepath.Join(root, "events", o.Name+".json"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(o.Name, func(b *testing.B) {
			set := strings.Join(clients(o), "+")
			if empties[set] == "" {
				empties[set] = buildEmpty(b, top, dir, clients(o))
			}
			real := s.Function(o.Name).Config()
			alone := real
			alone.Env = append(slices.Clone(real.Env), nowhere)
			blank := alone
			blank.Binary = empties[set]
			var next, answer, floor samples
			var status string
			for range b.N {
				next, floor = append(next, begin(b, alone)), append(floor, begin(b, blank))
				s.set(b, o.Name)
				var took time.Duration
				took, status = first(b, real, event)
				answer = append(answer, took)
			}
			ratio := float64(next.at(50)) / float64(floor.at(50))
			starts.add("`"+o.Name+"`", next.in(time.Millisecond, 50, 90, 100), floor.in(time.Millisecond, 50),
				fmt.Sprintf("%.2f", ratio), answer.in(time.Millisecond, 50, 90, 100)+status, megabytes(b, real.Binary))
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

// begin starts a function, and ends it when it asks for work.
func begin(b *testing.B, config runtime.Config) time.Duration {
	b.Helper()
	config.Log = io.Discard
	asked := make(chan time.Duration, 1)
	config.Ready = func(d time.Duration) { asked <- d }
	f := runtime.New(config)
	defer f.Close()
	failed := make(chan error, 1)
	go func() {
		_, err := f.Invoke(b.Context(), []byte("{}"))
		failed <- err
	}()
	select {
	case took := <-asked:
		return took
	case err := <-failed:
		b.Fatalf("%s: %v", config.Name, err)
	}
	return 0
}

// first starts a function, invokes it once and ends it. status is that of the answer, unless it is 200
// or the event is no request.
func first(b *testing.B, config runtime.Config, event []byte) (took time.Duration, status string) {
	b.Helper()
	config.Log = io.Discard
	f := runtime.New(config)
	defer f.Close()
	begun := time.Now()
	raw, err := f.Invoke(b.Context(), event)
	if err != nil {
		b.Fatalf("%s: %v", config.Name, err)
	}
	took = time.Since(begun)
	var answer struct{ StatusCode int }
	if json.Unmarshal(raw, &answer) == nil && answer.StatusCode != 0 && answer.StatusCode != 200 {
		status = fmt.Sprintf(" (%d)", answer.StatusCode)
	}
	return took, status
}

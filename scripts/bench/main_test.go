package bench

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// A table of the report: a line for each operation, the last one that was measured of it.
type table struct {
	title string
	heads []string
	names []string
	lines map[string][]string
}

// report is what `make bench` prints in the end, in Markdown, as the README has it.
var report = []*table{
	{title: "Start of a function, and its size", heads: []string{
		"function", "start → next, p50 / p90 / max ms", "empty function, p50 ms", "ratio", "→ first answer, p50 / p90 / max ms", "binary MB",
	}},
	{title: "A warm request", heads: []string{
		"operation", "besides DynamoDB, p50 / p90 µs", "with it, p50 / p90 µs", "CPU µs",
	}},
	{title: "Through the local gateway, all cores", heads: []string{"operation", "requests per second", "p50 / p90 / max ms"}},
	{title: "Load", heads: []string{
		"until", "requests per second", "read, p50 / p99 ms", "write, p50 / p99 ms", "sign-in, p50 / p99 ms",
		"processes", "memory MB, all / largest", "engine MB", "CPU ms a request, functions / engine / rest", "the same work, CPU ms",
	}},
	{title: "A large log, read as one window", heads: []string{
		"entries", "200 of them, read units", "all of them, read units", "ms", "CPU ms", "memory MB at most",
	}},
}

var starts, warm, rates, loads, logs = report[0], report[1], report[2], report[3], report[4]

func (t *table) add(name string, cells ...string) {
	if t.lines == nil {
		t.lines = map[string][]string{}
	}
	if t.lines[name] == nil {
		t.names = append(t.names, name)
	}
	t.lines[name] = cells
}

func (t *table) String() string {
	if len(t.names) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s:\n\n| %s |\n|%s\n", t.title, strings.Join(t.heads, " | "), strings.Repeat("---|", len(t.heads)))
	for _, name := range t.names {
		fmt.Fprintf(&b, "| %s | %s |\n", name, strings.Join(t.lines[name], " | "))
	}
	return b.String()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if slices.ContainsFunc(report, func(t *table) bool { return len(t.names) > 0 }) {
		fmt.Printf("\nMeasured with %s on %d cores (%s).\n", runtime.Version(), runtime.NumCPU(), runtime.GOARCH)
	}
	for _, t := range report {
		fmt.Print(t)
	}
	os.Exit(code)
}

// samples are durations of the same thing.
type samples []time.Duration

// at returns a percentile.
func (s samples) at(percent int) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

// in tells percentiles in a unit, with one digit behind the point where the unit is not as fine as what is
// measured.
func (s samples) in(unit time.Duration, percents ...int) string {
	format := "%.1f"
	if unit == time.Microsecond {
		format = "%.0f"
	}
	var all []string
	for _, p := range percents {
		all = append(all, fmt.Sprintf(format, float64(s.at(p))/float64(unit)))
	}
	return strings.Join(all, " / ")
}

func TestPercentilesAreThoseOfTheSortedSamples(t *testing.T) {
	t.Parallel()
	var s samples
	for ms := range 10 {
		s = append(s, time.Duration(9-ms)*time.Millisecond)
	}
	if got, want := s.in(time.Millisecond, 0, 50, 90, 100), "0.0 / 5.0 / 9.0 / 9.0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

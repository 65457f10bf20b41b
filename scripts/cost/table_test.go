package cost

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
)

// An account of what functions wrote, by function.
type account struct {
	mu    sync.Mutex
	wrote map[string][]entry
}

type entry struct {
	bytes  int
	millis float64
}

// Write takes a line: the function's name, a colon, what it wrote.
func (a *account) Write(p []byte) (int, error) {
	function, line, _ := bytes.Cut(p, []byte(": "))
	var told struct{ Duration *float64 }
	if json.Unmarshal(line, &told) == nil && told.Duration != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.wrote == nil {
			a.wrote = map[string][]entry{}
		}
		a.wrote[string(function)] = append(a.wrote[string(function)], entry{len(line), *told.Duration})
	}
	return len(p), nil
}

// told returns how often a function wrote since the last take.
func (a *account) told(function string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.wrote[function])
}

// take returns the middle of the durations and of the sizes since the last time, and of how many.
func (a *account) take(function string) (millis, log float64, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.wrote[function]
	delete(a.wrote, function)
	if len(all) == 0 {
		return 0, 0, 0
	}
	var ms, size []float64
	for _, e := range all {
		ms, size = append(ms, e.millis), append(size, float64(e.bytes))
	}
	slices.Sort(ms)
	slices.Sort(size)
	return ms[len(ms)/2], size[len(size)/2], len(all)
}

// measure calls each operation some times, warm, and returns what one invocation of it consumes, by the
// operations' list.
func measure(t testing.TB, times int) (names []string, calls map[string]Call) {
	log := &account{}
	c, m := metered(t, log)
	calls = map[string]Call{}
	for _, r := range rows(t, c) {
		again := func(times int) {
			for range times {
				r.call()
				if r.after { // or two would be one batch
					settle(t, c)
				}
			}
			for late := time.Now().Add(30 * time.Second); log.told(r.operation) < times; time.Sleep(time.Millisecond) {
				if time.Now().After(late) { // a function's lines come behind its answer
					t.Fatalf("%s told of %d of %d calls", r.operation, log.told(r.operation), times)
				}
			}
		}
		again(1)
		m.Forget()
		log.take(r.operation)
		again(times)
		used := used(m, r.operation)
		millis, size, told := log.take(r.operation)
		if told != times && !r.after {
			t.Errorf("%s told of %d of %d calls", r.operation, told, times)
		}
		names = append(names, r.operation)
		calls[r.operation] = Call{
			Routed: !r.after, Mails: r.mails, Millis: millis, Log: size,
			Reads: used.Reads / float64(told), Writes: used.Writes / float64(told),
		}
	}
	return names, calls
}

func settle(t testing.TB, c *cloudtest.Cloud) {
	t.Helper()
	if err := c.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
}

const head = "| operation | read units | write units | ms | log bytes | $ per million |\n|---|---|---|---|---|---|\n"

// line is a row of the table, whose dollars are those of the figures beside them.
func line(p Prices, name string, c Call) string {
	c.Millis, c.Log = math.Round(c.Millis*10)/10, math.Round(c.Log)
	return fmt.Sprintf("| `%s` | %.4g | %.4g | %.1f | %.0f | %.2f |", name, c.Reads, c.Writes, c.Millis, c.Log, p.Million(c))
}

// BenchmarkCost prints the README's table, of warm calls one after the other.
func BenchmarkCost(b *testing.B) {
	p, err := List()
	if err != nil {
		b.Fatal(err)
	}
	names, calls := measure(b, 20)
	fmt.Print("\n", head)
	for _, name := range names {
		fmt.Println(line(p, name, calls[name]))
	}
}

var cell = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ([0-9.]+) \\| ([0-9.]+) \\| ([0-9.]+) \\| ([0-9]+) \\| ([0-9.]+) \\|$")

// The README's units are those that are consumed now, and its dollars those of its other figures at the
// list's prices. Milliseconds and bytes are those of some run.
func TestTheREADMEsTableOfCostsIsTheOneThatIsMeasured(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	p, err := List()
	if err != nil {
		t.Fatal(err)
	}
	names, calls := measure(t, 2)
	_, table, found := strings.Cut(string(readme), head)
	if !found {
		t.Fatalf("the README has no table of costs that begins with\n%s", head)
	}
	shown := cell.FindAllStringSubmatch(table, -1)
	if len(shown) != len(names) {
		t.Fatalf("%d rows, want %d: %q", len(shown), len(names), names)
	}
	for i, s := range shown {
		c := calls[names[i]]
		if want := []string{names[i], fmt.Sprintf("%.4g", c.Reads), fmt.Sprintf("%.4g", c.Writes)}; c.Routed && !slices.Equal(want, s[1:4]) {
			t.Errorf("the README has %q, measured is %q", s[1:4], want)
		}
		if !c.Routed { // how much it works depends on when it is woken
			c.Reads, _ = strconv.ParseFloat(s[2], 64)
			c.Writes, _ = strconv.ParseFloat(s[3], 64)
		}
		c.Millis, _ = strconv.ParseFloat(s[4], 64)
		c.Log, _ = strconv.ParseFloat(s[5], 64)
		if want := fmt.Sprintf("%.2f", p.Million(c)); want != s[6] {
			t.Errorf("%s: $%s, at the list's prices it is $%s", s[1], s[6], want)
		}
	}
}

func TestAMillionCallsCostTheSumOfTheirParts(t *testing.T) {
	t.Parallel()
	p, err := List()
	if err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]Call{
		"4.63":   {Routed: true, Reads: 1, Millis: 1.2}, // 3.50 + 0.20 + 0.125 + 0.25 + 2 ms × 0.25 GB + 1.1 kB of log
		"0.80":   {Millis: 1},
		"6.43":   {Millis: 1, Writes: 9},
		"100.80": {Millis: 1, Mails: 1},
	} {
		if got := fmt.Sprintf("%.2f", p.Million(c)); got != want {
			t.Errorf("%+v costs %s, want %s", c, got, want)
		}
	}
}

func TestAnIdleStageCostsWhatItsTemplateHas(t *testing.T) {
	t.Parallel()
	p, err := List()
	if err != nil {
		t.Fatal(err)
	}
	got, how, err := p.Idle([]byte(`{"Resources":{
		"a":{"Type":"AWS::CloudWatch::Alarm","Properties":{"Metrics":[{"MetricStat":{}},{"MetricStat":{}},{"Expression":"m1+m2"}]}},
		"d":{"Type":"AWS::CloudWatch::Dashboard"}, "f":{"Type":"AWS::Lambda::Function"},
		"w":{"Type":"AWS::WAFv2::WebACL","Properties":{"Rules":[{},{}]}}}}`))
	if err != nil || fmt.Sprintf("%.2f", got) != "10.20" ||
		how != "alarm metrics 2 × $0.10, dashboards 1 × $3.00, firewall rules 2 × $1.00, firewalls 1 × $5.00" {
		t.Errorf("%v %q %v", got, how, err)
	}
	if _, _, err := p.Idle([]byte(`{"Resources":{"n":{"Type":"AWS::EC2::NatGateway"}}}`)); err == nil ||
		err.Error() != "n: nobody said what a resource of type AWS::EC2::NatGateway costs" {
		t.Error(err)
	}
}

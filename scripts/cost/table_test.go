package cost

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// A row is an operation, and what has it called.
type row struct {
	operation string
	routed    bool
	mails     int
	call      func(n int)
}

// rows are the most used operations, in an organization of two.
func rows(t testing.TB, c *cloudtest.Cloud) []row {
	ann, carol := c.Person(t, "ann"), c.Person(t, "carol")
	org := "/v1/orgs/" + ann.Org(t, "Acme")
	bob := ann.Join(t, org[len("/v1/orgs/"):], "bob", "Technical")
	member := ann.MemberID(t, org[len("/v1/orgs/"):], bob.Email)
	do := func(p *cloudtest.Person, method, path string, body func(int) any) func(int) {
		return func(n int) { p.Do(t, method, path, body(n)).Want(t, 200) }
	}
	none := func(int) any { return nil }
	turns := func(name string, values ...string) func(int) any {
		return func(n int) any { return map[string]any{name: values[n%len(values)]} }
	}
	invite := func(int) {
		ann.Do(t, "POST", org+"/members", map[string]any{"username": cloudtest.Address("eve"), "role": "Technical"}).Want(t, 200)
		if err := c.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	signIn := func(int) {
		c.Do(t, "POST", "/v1/auth/SignIn", "", map[string]any{"email": carol.Email, "password": cloudtest.Password}).Want(t, 200)
	}
	return []row{
		{"org-search", true, 0, do(ann, "POST", "/v1/orgs:search", none)},
		{"org-get", true, 0, do(ann, "GET", org, none)},
		{"member-search", true, 0, do(ann, "POST", org+"/members:search", none)},
		{"invitation-search", true, 0, do(carol, "POST", "/v1/invitations:search", none)},
		{"profile-get", true, 0, do(ann, "POST", "/v1/auth/GetProfile", none)},
		{"org-rename", true, 0, do(ann, "PUT", org, turns("name", "Acme", "Emca"))},
		{"member-role", true, 0, do(ann, "PUT", org+"/members/"+member, turns("role", "Admin", "Technical"))},
		{"member-invite", true, 0, invite},
		{"mail-send", false, 1, invite},
		{"sign-in", true, 0, signIn},
		{"token-issue", false, 0, signIn},
	}
}

// measure calls each operation some times, warm, and returns what one call consumes.
func measure(t testing.TB, times int) (names []string, calls map[string]Call) {
	log := &account{}
	c, m := metered(t, log)
	calls = map[string]Call{}
	for _, r := range rows(t, c) {
		again := func(times int) {
			for n := range times {
				r.call(n)
			}
			for log.told(r.operation) < times && t.Context().Err() == nil {
				time.Sleep(time.Millisecond) // a function's lines come behind its answer
			}
		}
		again(2)
		m.Forget()
		log.take(r.operation)
		again(times)
		used := used(m, r.operation)
		millis, size, told := log.take(r.operation)
		if told != times {
			t.Errorf("%s told of %d of %d calls", r.operation, told, times)
		}
		names = append(names, r.operation)
		calls[r.operation] = Call{
			Routed: r.routed, Mails: r.mails, Millis: millis, Log: size,
			Reads: used.Reads / float64(times), Writes: used.Writes / float64(times),
		}
	}
	return names, calls
}

const head = "| operation | read units | write units | ms | log bytes | $ per million |\n|---|---|---|---|---|---|\n"

func line(p Prices, name string, c Call) string {
	return fmt.Sprintf("| `%s` | %.4g | %.4g | %.1f | %.0f | %.2f |", name, c.Reads, c.Writes, c.Millis, c.Log, p.Million(c))
}

// BenchmarkCost prints the README's table, of warm calls one after the other.
func BenchmarkCost(b *testing.B) {
	p, err := List()
	if err != nil {
		b.Fatal(err)
	}
	names, calls := measure(b, 50)
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
	names, calls := measure(t, 4)
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
		if want := []string{names[i], fmt.Sprintf("%.4g", c.Reads), fmt.Sprintf("%.4g", c.Writes)}; !slices.Equal(want, s[1:4]) {
			t.Errorf("the README has %q, measured is %q", s[1:4], want)
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

package storm

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/operation"
)

// A bug is a mistake that somebody could make, as a change of the sources, with what must notice it.
type bug struct {
	name      string
	edits     []edit
	functions []string // those that are built with it
	harness   harness
	seed      luck   // where the harness is seeded
	says      string // part of what the harness complains of
}

// An edit replaces one passage of a file, which must be there exactly once.
type edit struct{ file, old, new string }

// A harness drives a cloud with functions of o and complains of what must not be.
type harness struct {
	name   string
	seeded bool // chances are drawn in it
	hold   func(t testing.TB, o cloud.Options, l luck)
}

// small is how large the histories are that planted bugs are looked for in.
var small = size{groups: 2, deeds: 150}

var (
	peaceful = harness{"histories", true, func(t testing.TB, o cloud.Options, l luck) { peace(t, o, l, small, 0) }}
	stormy   = harness{"histories in a storm", true, func(t testing.TB, o cloud.Options, l luck) { storm(t, o, l, small, 0) }}
)

// racing is the harness of one race, held twice.
func racing(name string) harness {
	return harness{"race: " + name, true, func(t testing.TB, o cloud.Options, l luck) {
		c, _, e := gaping(t, o, l)
		raceNamed(t, name).hold(t, c, nil)
		raceNamed(t, name).hold(t, c, nil)
		end(t, c, e)
	}}
}

func raceNamed(t testing.TB, name string) race {
	for _, all := range [][]race{adminRaces(), entryRaces(), mailRaces()} {
		for _, r := range all {
			if r.name == name {
				return r
			}
		}
	}
	t.Fatalf("there is no race %q", name)
	return race{}
}

// moving is the harness of one request whose world moves in between.
func moving(name string) harness {
	return harness{"meanwhile: " + name, false, func(t testing.TB, o cloud.Options, _ luck) {
		c, p := cloudtest.Behind(t, o)
		for _, m := range append(lostRights(), movedTargets()...) {
			if m.name == name {
				m.hold(t, c, p)
				return
			}
		}
		t.Fatalf("there is no meanwhile %q", name)
	}}
}

// TestEveryPlantedBugIsCaught builds functions with each bug in turn, and expects the harness to say
// so. A harness that is silent about a bug proves as little as one that is never run.
func TestEveryPlantedBugIsCaught(t *testing.T) {
	t.Parallel()
	all, some := bugs(), due()
	t.Logf("%d of %d bugs are planted", len(some), len(all))
	for _, b := range some {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			o := cloud.Options{Settings: lenient, Functions: b.build(t)}
			b.caught(t, o, b.seed)
			for n := 1; n < *seeds && b.harness.seeded; n++ {
				b.caught(t, o, b.seed+luck(n))
			}
		})
	}
}

// due are the bugs of this run: the first for each kind of harness, then the others.
func due() []bug {
	var first, others []bug
	known := map[string]bool{}
	for _, b := range bugs() {
		kind, _, _ := strings.Cut(b.harness.name, ": ")
		if known[kind] {
			others = append(others, b)
			continue
		}
		known[kind] = true
		first = append(first, b)
	}
	all := append(first, others...)
	return all[:min(max(1, *planted), len(all))]
}

// caught fails the test unless the harness complains. What goroutines do when is not the seed's alone,
// so that it may try again.
func (b bug) caught(t *testing.T, o cloud.Options, l luck) {
	t.Helper()
	const tries = 12
	var said []string
	how := b.harness.name
	if b.harness.seeded {
		how += fmt.Sprintf(", seed %d", l)
	}
	for n := range tries {
		said = complaints(t, func(t testing.TB) { b.harness.hold(t, o, l) })
		for _, s := range said {
			if strings.Contains(s, b.says) {
				t.Logf("%s, try %d: %s", how, n+1, s)
				return
			}
		}
	}
	t.Errorf("%s, %d tries, complain of %q; want %q", how, tries, said, b.says)
}

// TestWithoutABugNobodyComplains holds every harness that draws chances to the functions as they are, with
// each seed that a bug is caught by; races share a cloud here. The other harnesses are tests of their own.
func TestWithoutABugNobodyComplains(t *testing.T) {
	t.Parallel()
	held := map[string]bool{}
	races := map[luck][]race{}
	for _, b := range due() {
		what, name, _ := strings.Cut(b.harness.name, ": ")
		how := fmt.Sprintf("%s, seed %d", b.harness.name, b.seed)
		switch {
		case held[how] || !b.harness.seeded:
		case what == "race":
			races[b.seed] = append(races[b.seed], raceNamed(t, name))
		default:
			t.Run(how, func(t *testing.T) {
				t.Parallel()
				b.harness.hold(t, cloud.Options{Settings: lenient}, b.seed)
			})
		}
		held[how] = true
	}
	for l, all := range races {
		t.Run(fmt.Sprintf("races, seed %d", l), func(t *testing.T) {
			t.Parallel()
			c, _, e := gaping(t, cloud.Options{Settings: lenient}, l)
			for _, r := range all {
				r.hold(t, c, nil)
			}
			end(t, c, e)
		})
	}
}

const (
	root  = "../.."
	built = root + "/.build/functions"
)

// build returns a folder with all functions, some of them built with the bug. The sources stay as
// they are.
func (b bug) build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"build"}, flags...)
	args = append(args, "-overlay", b.overlay(t, dir), "-o", filepath.Join(dir, "bin")+"/")
	for _, f := range b.functions {
		args = append(args, "./functions/"+f)
	}
	command := exec.Command("go", args...)
	command.Dir, command.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, o := range operation.All() {
		from := filepath.Join(built, o.Name, "bootstrap")
		for _, f := range b.functions {
			if f == o.Name {
				from = filepath.Join(dir, "bin", f)
			}
		}
		link(t, from, filepath.Join(dir, "functions", o.Name, "bootstrap"))
	}
	return filepath.Join(dir, "functions")
}

// flags are those that `make build` has.
var flags = []string{"-tags", "lambda.norpc", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w"}

func link(t *testing.T, from, to string) {
	t.Helper()
	from, err := filepath.Abs(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.Symlink(from, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// overlay writes the changed files beside, and says to the compiler where they are.
func (b bug) overlay(t *testing.T, dir string) string {
	t.Helper()
	replace := map[string]string{}
	for _, e := range b.edits {
		file, err := filepath.Abs(filepath.Join(root, e.file))
		if err != nil {
			t.Fatal(err)
		}
		from := file
		if replace[file] != "" {
			from = replace[file]
		}
		source, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(source), e.old); n != 1 {
			t.Fatalf("%s has %d times what the bug replaces; want once:\n%s", e.file, n, e.old)
		}
		replace[file] = filepath.Join(dir, strings.ReplaceAll(e.file, "/", "_"))
		write(t, replace[file], strings.Replace(string(source), e.old, e.new, 1))
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), string(text))
	return filepath.Join(dir, "overlay.json")
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

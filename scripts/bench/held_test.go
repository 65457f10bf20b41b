package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A held is what the processes of a load hold at one moment, and have consumed until then.
type held struct {
	memory []int64 // bytes of each process of a function
	engine int64   // bytes of the engine
	cpu    shares
}

// shares are CPU time by who consumed it: the functions; the engine; and this process, which is gateway, user
// pool and clients.
type shares struct{ functions, engine, rest time.Duration }

func (c shares) less(before shares) shares {
	return shares{c.functions - before.functions, c.engine - before.engine, c.rest - before.rest}
}

// each tells CPU time by the request, in ms.
func (c shares) each(requests int) string {
	n := time.Duration(max(requests, 1))
	return fmt.Sprintf("%.2f / %.2f / %.2f", ms(c.functions/n), ms(c.engine/n), ms(c.rest/n))
}

// jiffy is the unit of proc(5)'s CPU times.
const jiffy = 10 * time.Millisecond

// hold looks at the processes of functions that this process started, at the engine at that endpoint, and at
// this process. A process that is gone is not counted any more.
func hold(endpoint string) (h held) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	self, port := fmt.Sprint(os.Getpid()), endpoint[strings.LastIndex(endpoint, ":")+1:]
	for _, file := range all {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it is gone
		}
		name, rest, _ := strings.Cut(string(raw), ") ")
		fields := strings.Fields(rest) // from the third of proc(5)'s on
		if len(fields) <= 21 {
			continue
		}
		var user, system, pages int64
		_, _ = fmt.Sscan(fields[11]+" "+fields[12]+" "+fields[21], &user, &system, &pages)
		bytesHeld, consumed := pages*int64(os.Getpagesize()), time.Duration(user+system)*jiffy
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		switch {
		case fields[1] == self && strings.HasSuffix(name, "(bootstrap"):
			h.memory = append(h.memory, bytesHeld)
			h.cpu.functions += consumed
		case bytes.Contains(command, []byte("dynoxide")) && bytes.Contains(command, []byte("--port\x00"+port+"\x00")):
			h.engine, h.cpu.engine = bytesHeld, consumed
		case strings.HasPrefix(name, self+" "):
			h.cpu.rest = consumed
		}
	}
	return h
}

// document is what the yardstick reads.
var document = []byte("[" + strings.Repeat(`{"PK":{"S":"ORG#1"},"n":{"N":"12.5"}},`, 50_000) + "0]")

// yardstick is the CPU time that this machine takes for the same work at any time: one that others share is not
// always as fast.
func yardstick() time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := threadTime()
	if !json.Valid(document) {
		panic("what the yardstick reads is no JSON")
	}
	return threadTime() - begun
}

// threadTime is the CPU time of the thread so far.
func threadTime() time.Duration {
	const thread = 1 // RUSAGE_THREAD of getrusage(2)
	var r syscall.Rusage
	if syscall.Getrusage(thread, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestLatencyMayGrowWithTheMachineAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		slower float64 // the machine in the last third
		want   int     // complaints: of p50 and p99
	}{"a machine as fast as before": {1, 2}, "a machine half as fast": {2, 0}, "a faster one": {0.5, 2}} {
		u := &usage{begun: time.Now(), every: time.Second}
		for n := range 4 { // the last one is cut off
			one := spell{took: map[string]samples{"read": {10 * time.Millisecond}}, yard: []float64{5}}
			if n == 2 {
				one = spell{took: map[string]samples{"read": {20 * time.Millisecond}}, yard: []float64{5 * c.slower}}
			}
			u.spells = append(u.spells, one)
		}
		if got := u.grown(); len(got) != c.want {
			t.Errorf("%s: %q, want %d complaints", name, got, c.want)
		}
	}
}

func TestWhatIsHeldIsThisProcessToo(t *testing.T) {
	t.Parallel()
	first := hold("http://127.0.0.1:0")
	last := hold("http://127.0.0.1:0")
	if yardstick() <= 0 || last.cpu.rest < first.cpu.rest || last.cpu.rest <= 0 {
		t.Errorf("%+v, then %+v", first, last)
	}
}

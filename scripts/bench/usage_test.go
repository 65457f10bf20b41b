package bench

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A usage is what came of the requests so far, by the spell of time in which they were answered.
type usage struct {
	begun time.Time
	every time.Duration

	mu     sync.Mutex
	spells []spell
}

type spell struct {
	took   map[string]samples
	memory []int64 // bytes of each process of a function, at the end
}

func (u *usage) add(kind string, took time.Duration) {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	now.took[kind] = append(now.took[kind], took)
}

// now returns the current spell. mu is held.
func (u *usage) now() *spell {
	n := int(time.Since(u.begun) / u.every)
	for len(u.spells) <= n {
		u.spells = append(u.spells, spell{took: map[string]samples{}})
	}
	return &u.spells[n]
}

// watch notes the memory of the functions until done.
func (u *usage) watch(done <-chan struct{}) {
	tick := time.NewTicker(u.every / 4)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			held := memory()
			u.mu.Lock()
			u.now().memory = held
			u.mu.Unlock()
		}
	}
}

// report writes a line for each whole spell and returns the requests per second of all.
func (u *usage) report() float64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	total := 0
	for i, s := range u.spells {
		n := 0
		for took := range maps.Values(s.took) {
			n += len(took)
		}
		total += n
		if i == len(u.spells)-1 && i > 0 {
			break // it is cut off
		}
		var sum, most int64
		for _, m := range s.memory {
			sum, most = sum+m, max(most, m)
		}
		loads.add((time.Duration(i+1) * u.every).String(), fmt.Sprintf("%.0f", float64(n)/u.every.Seconds()),
			s.took["read"].in(time.Millisecond, 50, 99), s.took["write"].in(time.Millisecond, 50, 99),
			s.took["sign-in"].in(time.Millisecond, 50, 99), fmt.Sprint(len(s.memory)),
			fmt.Sprintf("%.0f / %.1f", float64(sum)/1e6, float64(most)/1e6))
	}
	return float64(total) / time.Since(u.begun).Seconds()
}

// memory returns how much each process of a function holds that this process started.
func memory() (held []int64) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	parent := fmt.Sprint(os.Getpid())
	for _, file := range all {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it is gone
		}
		name, rest, _ := strings.Cut(string(raw), ") ")
		fields := strings.Fields(rest) // from the third of proc(5)'s on
		if len(fields) > 21 && fields[1] == parent && strings.HasSuffix(name, "(bootstrap") {
			var pages int64
			fmt.Sscan(fields[21], &pages)
			held = append(held, pages*int64(os.Getpagesize()))
		}
	}
	slices.Sort(held)
	return held
}

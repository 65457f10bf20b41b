package bench

import (
	"fmt"
	"sync"
	"time"
)

// A usage is what came of the requests so far, by the spell of time in which they were answered.
type usage struct {
	begun time.Time
	every time.Duration
	since held // what was consumed before

	mu     sync.Mutex
	spells []spell
}

type spell struct {
	took map[string]samples
	held held      // at the end
	yard []float64 // what the machine took for the same work, ms
}

func newUsage(every time.Duration) *usage { return &usage{begun: time.Now(), every: every} }

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

// watch notes what the functions hold and have consumed, and the engine at that endpoint, until done.
func (u *usage) watch(done <-chan struct{}, endpoint string) {
	tick := time.NewTicker(max(u.every/20, 200*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			h, yard := hold(endpoint), yardstick()
			u.mu.Lock()
			now := u.now()
			now.held, now.yard = h, append(now.yard, ms(yard))
			u.mu.Unlock()
		}
	}
}

// rate is the requests per second of all until now.
func (u *usage) rate() float64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	total := 0
	for _, s := range u.spells {
		total += s.requests()
	}
	return float64(total) / time.Since(u.begun).Seconds()
}

// of returns the samples of a kind from one part of the whole spells to another, of 0 to 1.
func (u *usage) of(kind string, from, to float64) (all samples) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range u.part(from, to) {
		all = append(all, s.took[kind]...)
	}
	return all
}

// part returns some of the spells, but never the last where there are several: it is cut off. mu is held.
func (u *usage) part(from, to float64) []spell {
	whole := u.spells[:max(len(u.spells)-1, min(len(u.spells), 1))]
	return whole[int(from*float64(len(whole))):int(to*float64(len(whole)))]
}

// engine is what the engine held last.
func (u *usage) engine() (last int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range u.spells {
		if s.held.engine > 0 {
			last = s.held.engine
		}
	}
	return last
}

// report adds a line for each whole spell.
func (u *usage) report() {
	u.mu.Lock()
	defer u.mu.Unlock()
	before := u.since
	for i, s := range u.part(0, 1) {
		n := s.requests()
		sum, most := weigh(s.held.memory)
		loads.add((time.Duration(i+1) * u.every).String(), fmt.Sprintf("%.0f", float64(n)/u.every.Seconds()),
			s.took["read"].in(time.Millisecond, 50, 99), s.took["write"].in(time.Millisecond, 50, 99),
			s.took["sign-in"].in(time.Millisecond, 50, 99), fmt.Sprint(len(s.held.memory)),
			fmt.Sprintf("%.0f / %.1f", float64(sum)/1e6, float64(most)/1e6), fmt.Sprintf("%.0f", float64(s.held.engine)/1e6),
			s.held.cpu.less(before.cpu).each(n), fmt.Sprintf("%.1f", mean(s.yard)))
		before = s.held
	}
}

// requests is how many were answered in the spell.
func (s spell) requests() (n int) {
	for _, took := range s.took {
		n += len(took)
	}
	return n
}

func weigh(held []int64) (sum, most int64) {
	for _, m := range held {
		sum, most = sum+m, max(most, m)
	}
	return sum, most
}

// How much more the last third may take than the first. Latency may besides by as much as the machine
// itself takes longer for the same work.
const (
	moreMemory = 1.10 // of a process, on average
	moreMiddle = 1.25 // p50
	moreTail   = 1.50 // p99
)

// grown tells what took more in the last third than it may.
func (u *usage) grown() (all []string) {
	check := func(what string, first, last, factor float64) {
		if first > 0 && last > factor*first {
			all = append(all, fmt.Sprintf("%s grew from %.4g to %.4g", what, first, last))
		}
	}
	slower := 1.0
	if first := u.yard(0, 1.0/3); first > 0 {
		slower = max(1, u.yard(2.0/3, 1)/first)
	}
	for _, kind := range []string{"read", "write", "sign-in"} {
		first, last := u.of(kind, 0, 1.0/3), u.of(kind, 2.0/3, 1)
		check("p50 of a "+kind+", ms,", ms(first.at(50)), ms(last.at(50)), moreMiddle*slower)
		check("p99 of a "+kind+", ms,", ms(first.at(99)), ms(last.at(99)), moreTail*slower)
	}
	check("memory of a process, MB,", u.average(0, 1.0/3), u.average(2.0/3, 1), moreMemory)
	return all
}

// yard is what the machine took for the same work in a part of the time, on average; 0 where that is unknown.
func (u *usage) yard(from, to float64) float64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	var all []float64
	for _, s := range u.part(from, to) {
		all = append(all, s.yard...)
	}
	return mean(all)
}

// mean is 0 of nothing.
func mean(all []float64) (sum float64) {
	for _, x := range all {
		sum += x / float64(len(all))
	}
	return sum
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// average is what a process of a function held in a part of the time, in MB.
func (u *usage) average(from, to float64) float64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	var sum, n int64
	for _, s := range u.part(from, to) {
		all, _ := weigh(s.held.memory)
		sum, n = sum+all, n+int64(len(s.held.memory))
	}
	return float64(sum) / 1e6 / float64(max(n, 1))
}

package storm

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

// A weather is what happens between functions and table, and to functions.
type weather struct {
	c    *cloudtest.Cloud
	p    *cloudtest.Proxy
	ends sync.WaitGroup

	mu      sync.Mutex
	dice    *rand.Rand
	struck  []int // how many requests met each fault of a bad day
	kills   int   // of processes at work
	repeats int   // of batches
}

func newWeather(c *cloudtest.Cloud, p *cloudtest.Proxy, l luck) *weather {
	p.All.Dice = l.dice(1).Float64 // the faults draw one at a time
	return &weather{c: c, p: p, dice: l.dice(2)}
}

// draw returns a number below n.
func (w *weather) draw(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dice.IntN(n)
}

// leastBad is how much of everything a weather has at least.
type leastBad struct{ each, kills, repeats int }

// examine fails the test where the weather was better than it should have been: a fault that meets nobody
// proves nothing.
func (w *weather) examine(t testing.TB, least leastBad) {
	t.Helper()
	t.Logf("requests that met each fault: %v; %d processes killed at work, %d batches repeated", w.struck, w.kills, w.repeats)
	if len(w.struck) == 0 || slices.Min(w.struck) < least.each {
		t.Errorf("faults met so many requests: %v; want at least %d each", w.struck, least.each)
	}
	if w.kills < least.kills || w.repeats < least.repeats {
		t.Errorf("%d processes were killed at work, %d batches repeated; want at least %+v", w.kills, w.repeats, least)
	}
}

// bad is a bad day: a fifth of all transactions meet others, and what else DynamoDB can do is rare
// enough that most requests get through.
func bad(f *storetest.Faults) {
	conflicts(f)
	f.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.Half, Chance: 0.05})
	f.Add(storetest.Rule{Fault: storetest.Throttle, Chance: 0.04})
	f.Add(storetest.Rule{Fault: storetest.Refuse(http.StatusBadRequest, "ProvisionedThroughputExceededException"), Chance: 0.04})
	f.Add(storetest.Rule{Fault: storetest.Refuse(http.StatusInternalServerError, "InternalServerError"), Chance: 0.04})
	f.Add(storetest.Rule{Fault: storetest.LostReply, Chance: 0.08})
	f.Add(storetest.Rule{Fault: storetest.Timeout, Chance: 0.02})
	f.Add(storetest.Rule{Fault: slow, Chance: 0.05})
}

func conflicts(f *storetest.Faults) {
	f.Add(storetest.Rule{Action: "TransactWriteItems", Fault: storetest.Conflict, Chance: 0.2})
}

// slow is a request on a long way.
func slow(_ *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
	time.Sleep(20 * time.Millisecond)
	return forward()
}

// storm begins a bad day on which a few functions are killed, and returns what ends it.
func (w *weather) storm() (quiet func()) {
	bad(w.p.All)
	for range 4 {
		after := time.Duration(w.draw(200)) * time.Millisecond
		w.ends.Go(func() {
			time.Sleep(after)
			w.strike()
		})
	}
	return func() {
		w.ends.Wait()
		for i, n := range w.p.All.Struck() {
			if i == len(w.struck) {
				w.struck = append(w.struck, 0)
			}
			w.struck[i] += n
		}
		w.p.Clear()
	}
}

// strike kills one of the functions that are at work, where there is any soon.
func (w *weather) strike() {
	for range 100 {
		if busy := w.p.Asking(); len(busy) > 0 {
			n := w.c.Function(busy[w.draw(len(busy))]).Kill()
			w.mu.Lock()
			defer w.mu.Unlock()
			w.kills += n
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// kill goes on killing functions until it is stopped.
func (w *weather) kill() (stop func()) {
	done := make(chan struct{})
	w.ends.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Duration(100+w.draw(400)) * time.Millisecond):
				w.strike()
			}
		}
	})
	return func() { close(done) }
}

// repeat lets batches of the stream come late, and some of them again while others are under way,
// until the returned function is called, which waits for the last of them.
func (w *weather) repeat() (stop func()) {
	var again sync.WaitGroup
	w.c.Stream.SetFault(func(_ string, hand func() ([]byte, error)) ([]byte, error) {
		time.Sleep(time.Duration(w.draw(4)*w.draw(60)) * time.Millisecond)
		answer, err := hand()
		if w.draw(3) == 0 {
			again.Go(func() {
				time.Sleep(time.Duration(w.draw(150)) * time.Millisecond)
				hand() // nobody asks what became of it
				w.mu.Lock()
				defer w.mu.Unlock()
				w.repeats++
			})
		}
		return answer, err
	})
	return func() {
		w.c.Stream.SetFault(nil)
		again.Wait()
	}
}

func TestRacesInAStorm(t *testing.T) {
	t.Parallel()
	everyRace(t, *rounds, func(t *testing.T, all []race) {
		c, p, e := overheard(t, cloud.Options{Settings: lenient})
		w := newWeather(c, p, luck(*seed))
		holdAll(t, c, all, w.storm)
		end(t, c, e)
		w.examine(t, leastBad{each: 1, kills: len(all)})
	})
}

// Five who write to one organization at the same time meet each other's transactions, and a fifth
// more of them: nobody is told so.
func TestFiveWritersAreNeverAborted(t *testing.T) {
	t.Parallel()
	c, p, e := overheard(t, cloud.Options{Settings: lenient})
	s := &scene{t: t, c: c}
	ann := s.person("ann")
	o := s.found(ann)
	writers := []*cloudtest.Person{ann}
	for _, name := range []string{"bob", "cat", "dan", "eli"} {
		writers = append(writers, s.joined(ann, o, name, "Admin"))
	}
	p.All.Dice = dice(2).Float64
	conflicts(p.All)
	var all sync.WaitGroup
	for _, w := range writers {
		guests := s.strangers(8)
		all.Go(func() {
			for _, guest := range guests {
				for _, r := range writes(w, o, guest) {
					if a, err := r.send(c, 0); err != nil || a.Status != 200 {
						t.Errorf("%s %s: %d %s, error %v", r.method, r.path, a.Status, a.Raw, err)
					}
				}
			}
		})
	}
	all.Wait()
	p.Clear()
	settle(t, c)
	s.examine()
	end(t, c, e)
}

// writes are what one writer does with a guest of their own.
func writes(w *cloudtest.Person, o, guest string) []racer {
	return []racer{
		invite(w, o, guest, ""),
		{as: w, method: "PUT", path: row(o, guest), body: object{"role": "Technical"}},
		{as: w, method: "POST", path: row(o, guest) + ":reactivate"},
		{as: w, method: "POST", path: "/v1/auth/UpdateProfile", body: object{"first_name": "W" + fresh(), "last_name": "Example"}},
		{as: w, method: "DELETE", path: row(o, guest)},
		invite(w, o, guest, ""),
	}
}

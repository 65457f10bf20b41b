package storm

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/operation"
	"roster/shared/store/storetest"
)

// A weather is what happens between functions and table, and to functions.
type weather struct {
	c    *cloudtest.Cloud
	p    *cloudtest.Proxy
	dice *rand.Rand
	ends sync.WaitGroup

	again *rand.Rand // of the stream alone
}

func newWeather(c *cloudtest.Cloud, p *cloudtest.Proxy, l luck) *weather {
	p.All.Dice = l.dice(1).Float64 // the faults draw one at a time
	return &weather{c: c, p: p, dice: l.dice(2), again: l.dice(3)}
}

// bad is a bad day: a fifth of all transactions meet others, and what else DynamoDB can do is rare
// enough that most requests get through.
func bad(f *storetest.Faults) {
	conflicts(f)
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
		name, after := w.victim(), time.Duration(w.dice.IntN(200))*time.Millisecond
		w.ends.Go(func() {
			time.Sleep(after)
			w.c.Function(name).Kill()
		})
	}
	return func() {
		w.ends.Wait()
		w.p.Clear()
	}
}

// repeat lets batches of the stream come late, and some of them again while others are under way,
// until the returned function is called, which waits for the last of them.
func (w *weather) repeat() (stop func()) {
	var mu sync.Mutex
	draw := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return w.again.IntN(n)
	}
	var again sync.WaitGroup
	w.c.Stream.SetFault(func(_ string, hand func() ([]byte, error)) ([]byte, error) {
		time.Sleep(time.Duration(draw(4)*draw(60)) * time.Millisecond)
		answer, err := hand()
		if draw(3) == 0 {
			again.Go(func() {
				time.Sleep(time.Duration(draw(150)) * time.Millisecond)
				hand() // nobody asks what became of it
			})
		}
		return answer, err
	})
	return func() {
		w.c.Stream.SetFault(nil)
		again.Wait()
	}
}

// victim draws a function.
func (w *weather) victim() string {
	all := operation.All()
	return all[w.dice.IntN(len(all))].Name
}

func TestRacesInAStorm(t *testing.T) {
	t.Parallel()
	everyRace(t, *rounds, func(t *testing.T, all []race) {
		c, p := cloudtest.Behind(t, cloud.Options{Settings: lenient})
		holdAll(t, c, all, newWeather(c, p, luck(*seed)).storm)
	})
}

// Five who write to one organization at the same time meet each other's transactions, and a fifth
// more of them: nobody is told so.
func TestFiveWritersAreNeverAborted(t *testing.T) {
	t.Parallel()
	c, p := cloudtest.Behind(t, cloud.Options{Settings: lenient})
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

// kill goes on killing functions until it is stopped.
func (w *weather) kill() (stop func()) {
	done := make(chan struct{})
	w.ends.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Duration(100+w.dice.IntN(400)) * time.Millisecond):
				w.c.Function(w.victim()).Kill()
			}
		}
	})
	return func() { close(done) }
}

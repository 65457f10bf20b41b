package storm

import (
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// A size is how large recorded histories are: so many groups side by side, each of whose people do so
// much together.
type size struct{ groups, deeds int }

var usual = size{groups: 3, deeds: 250}

func TestHistoriesAreThoseOfTheModel(t *testing.T) {
	t.Parallel()
	for n := range *rounds {
		peace(t, cloud.Options{Settings: lenient}, luck(*seed), usual, uint64(n))
	}
}

// The same while functions are killed, whatever lies between them and the table fails now and then,
// and the stream brings batches late and twice.
func TestHistoriesInAStormAreThoseOfTheModel(t *testing.T) {
	t.Parallel()
	for n := range *rounds {
		storm(t, cloud.Options{Settings: lenient}, luck(*seed), usual, uint64(n))
	}
}

// peace holds histories in which nothing happens but what people do.
func peace(t testing.TB, o cloud.Options, l luck, s size, round uint64) {
	c, p, e := gaping(t, o, l)
	holdHistories(t, c, watched(p, e), l, s, 100*round+1000, nil)
	end(t, c, e)
}

// storm holds histories on a bad day.
func storm(t testing.TB, o cloud.Options, l luck, s size, round uint64) {
	f := pooled(t, &o)
	c, p, e := overheard(t, o)
	f.before(t, c)
	f.Dice = l.dice(5).Float64
	w := newWeather(c, p, l)
	holdHistories(t, c, watched(p, e), l, s, 100*round+2000, func() func() {
		calm := w.repeat()
		end := w.storm()
		stop := w.kill()
		moods(f.Faults)
		return func() { stop(); end(); calm(); f.Clear() }
	})
	w.examine(t, leastBad{each: 1, kills: 5, repeats: 2})
	end(t, c, e)
}

func holdHistories(t testing.TB, c *cloudtest.Cloud, p *post, l luck, s size, purpose uint64, noise func() (quiet func())) {
	var all []*history
	for range s.groups {
		all = append(all, newHistory(t, c, p, noise == nil))
	}
	quiet := func() {}
	if noise != nil {
		quiet = noise()
	}
	var running sync.WaitGroup
	for i, h := range all {
		running.Go(func() { h.run(l, purpose+uint64(10*i), s.deeds) })
	}
	running.Wait()
	quiet()
	settle(t, c)
	examineMix(t, all, noise != nil)
	for _, h := range all {
		began := time.Now()
		h.verify()
		t.Logf("%d organizations, held to the model in %v: %v, perhaps %v", len(h.founded), time.Since(began).Round(time.Millisecond), h.done, h.doubts)
	}
}

package bench

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// BenchmarkGateway sends requests side by side: each client is a person with an organization of their
// own, so that nobody waits for another's transaction.
func BenchmarkGateway(b *testing.B) {
	c := cloudtest.Start(b, cloud.Options{})
	var people []*cloudtest.Person
	var orgs []string
	for range crowd {
		p := c.Person(b, "ann")
		people, orgs = append(people, p), append(orgs, p.Org(b, "Acme"))
	}
	for i, r := range requests("") {
		b.Run(r.operation, func(b *testing.B) {
			var mu sync.Mutex
			var took samples
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			begun := time.Now()
			for who, person := range people {
				mine := requests(orgs[who])[i]
				all.Go(func() {
					own := repeat(b, person, mine, &left)
					mu.Lock()
					defer mu.Unlock()
					took = append(took, own...)
				})
			}
			all.Wait()
			rate := float64(b.N) / time.Since(begun).Seconds()
			rates.add("`"+r.operation+"`", fmt.Sprintf("%.0f", rate), took.in(time.Millisecond, 50, 90, 100))
			b.ReportMetric(rate, "req/s")
		})
	}
}

// repeat sends the same request until none is left to send.
func repeat(b *testing.B, as *cloudtest.Person, r request, left *atomic.Int64) (took samples) {
	for n := 0; left.Add(-1) >= 0; n++ {
		sent := time.Now()
		if _, err := send(as, r.method, r.path, r.with(n)); err != nil {
			b.Error(err)
			return took
		}
		took = append(took, time.Since(sent))
	}
	return took
}

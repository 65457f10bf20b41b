package bench

import (
	"flag"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
)

// How large the load is; `make load` says more.
var (
	loadOrgs    = flag.Int("load.orgs", 100, "organizations that the table has before anybody comes")
	loadMembers = flag.Int("load.members", 20, "members of each of them")
	loadActors  = flag.Int("load.actors", 64, "how many of the organizations somebody acts in")
	loadStep    = flag.Duration("load.step", 3*time.Second, "how long each number of clients is tried")
	loadTime    = flag.Duration("load.time", 9*time.Second, "how long the best of them sends then")
	loadEvery   = flag.Duration("load.every", time.Second, "how long a line of the report is")
)

// A load is a cloud over a town, and those who act in it.
type load struct {
	*cloudtest.Cloud
	town   *town
	actors []*actor
}

// newLoad fills a table, and has the Admins of some of its organizations sign in.
func newLoad(t testing.TB, orgs, members, actors int) *load {
	t.Helper()
	begun := time.Now()
	w, e := found(t, "load")
	c := cloudtest.Start(t, cloud.Options{DynamoDB: w.endpoint, Table: w.table, LogLevel: "WARN", Settings: map[string]string{
		"ROSTER_INVITES_PER_DAY": "1000000000", "ROSTER_RESEND_AFTER": "0",
	}})
	l := &load{Cloud: c, town: w}
	var heads []head
	for range min(actors, orgs) {
		p := c.SignedUp(t, cloudtest.Address("ann"), "Ann", "Test")
		l.actors, heads = append(l.actors, &actor{admin: p}), append(heads, head{account.ID(p.ID), account.Address(p.Email)})
	}
	w.fill(t, e, orgs, members, heads)
	for n, a := range l.actors {
		a.org = string(w.orgs[n])
		a.mate = a.row(string(mate(n, 1)))
		a.admin.SignIn(t)
		a.drifter = c.Person(t, "dan")
	}
	t.Logf("%d organizations of %d members after %v", orgs, members, time.Since(begun).Round(time.Second))
	return l
}

// run has so many clients send, each one request after the other as fast as it is answered, and returns
// the requests per second.
func (l *load) run(t testing.TB, clients int, until time.Duration, u *usage) float64 {
	t.Helper()
	var all sync.WaitGroup
	for part := range clients {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(1, uint64(part)))
			for n := part; time.Since(u.begun) < until; n += clients {
				if n >= len(l.actors) {
					n = part
				}
				kind, took, err := l.actors[n].act(dice)
				if err != nil {
					t.Error(err)
					return
				}
				u.add(kind, took)
			}
		})
	}
	all.Wait()
	return u.rate()
}

// best returns the number of clients beyond which throughput does not grow.
func (l *load) best(t testing.TB, step time.Duration) (clients int) {
	t.Helper()
	most := 0.0
	for n := 1; n <= len(l.actors); n *= 2 {
		rate := l.run(t, n, step, newUsage(step))
		t.Logf("%d clients: %.0f requests per second", n, rate)
		if t.Failed() || rate < 1.05*most {
			break
		}
		most, clients = rate, n
	}
	return clients
}

// BenchmarkLoad loads a table, finds the highest rate at which people can use it, and holds that for as
// long as the flags say; b.N is nothing to it. It fails when a request does, and when memory of the
// functions' processes or latency grows on the way, the latter by more than the machine becomes slower.
func BenchmarkLoad(b *testing.B) {
	l := newLoad(b, *loadOrgs, *loadMembers, *loadActors)
	clients := l.best(b, *loadStep)
	if b.Failed() {
		return
	}
	u := newUsage(*loadEvery)
	u.since = hold(l.town.endpoint)
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { u.watch(done, l.town.endpoint) })
	rate := l.run(b, clients, *loadTime, u)
	close(done)
	watching.Wait()
	u.report()
	for _, grown := range u.grown() {
		b.Error(grown)
	}
	b.ReportMetric(rate, "req/s")
	b.ReportMetric(float64(clients), "clients")
}

// The tool works, and nobody is refused anything; how fast is nobody's business here.
func TestALoadIsAnswered(t *testing.T) {
	t.Parallel()
	l := newLoad(t, 6, 3, 4)
	u := newUsage(time.Second)
	done := make(chan struct{})
	go u.watch(done, l.town.endpoint)
	l.run(t, 4, 4*time.Second, u)
	close(done)
	if len(u.of("read", 0, 1)) == 0 || len(u.of("write", 0, 1)) == 0 || u.engine() == 0 {
		t.Errorf("%d reads, %d writes, %d bytes of the engine", len(u.of("read", 0, 1)), len(u.of("write", 0, 1)), u.engine())
	}
}

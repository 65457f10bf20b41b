package bench

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/org"
)

// How large the load is; `make load` says more.
var (
	loadOrgs    = flag.Int("load.orgs", 100, "organizations that the table has before anybody comes")
	loadMembers = flag.Int("load.members", 20, "members of each of them")
	loadActors  = flag.Int("load.actors", 2*crowd, "people who send the traffic, each with an organization of their own; a multiple of 16")
	loadTime    = flag.Duration("load.time", 5*time.Second, "how long they send")
	loadEvery   = flag.Duration("load.every", time.Second, "how long a line of the report is")
)

// An actor manages an organization of their own and one colleague in it.
type actor struct {
	*cloudtest.Person
	org       string
	colleague string // path of their row
	guests    int
	n         int
}

// BenchmarkLoad fills a table, and then has people use it, each client one after the other as fast as
// it is answered, for as long as the flags say; b.N is nothing to it. Every answer must be a 200. What
// the functions' processes hold in memory, and how long requests take, is reported as time goes on.
func BenchmarkLoad(b *testing.B) {
	begun := time.Now()
	c := cloudtest.Start(b, cloud.Options{DynamoDB: fill(b, "load", *loadOrgs, *loadMembers), Table: "load", Settings: map[string]string{
		"ROSTER_INVITES_PER_DAY": "1000000000", "ROSTER_RESEND_AFTER": "0",
	}})
	b.Logf("%d organizations of %d members after %v", *loadOrgs, *loadMembers, time.Since(begun).Round(time.Second))
	var actors []*actor
	for range *loadActors {
		actors = append(actors, enter(b, c))
	}
	var all sync.WaitGroup
	u := &usage{begun: time.Now(), every: *loadEvery}
	for part := range crowd {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(1, uint64(part)))
			for n := part; time.Since(u.begun) < *loadTime; n += crowd {
				a := actors[n%len(actors)]
				kind, took, err := a.act(dice)
				if err != nil {
					b.Error(err)
				}
				u.add(kind, took)
			}
		})
	}
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { u.watch(done) })
	all.Wait()
	close(done)
	watching.Wait()
	b.ReportMetric(u.report(), "req/s")
}

// enter signs somebody up who founds an organization and takes a colleague in.
func enter(b *testing.B, c *cloudtest.Cloud) *actor {
	b.Helper()
	p := c.Person(b, "ann")
	a := &actor{Person: p, org: p.Org(b, "Acme")}
	mate := p.Join(b, a.org, "bob", "Technical")
	a.colleague = a.row(mate.Email)
	return a
}

func (a *actor) row(email string) string {
	return "/v1/orgs/" + a.org + "/members/" + string(org.MemberOf(org.ID(a.org), account.Address(email)))
}

// act sends one request of the mix, or the two that leave things as they were.
func (a *actor) act(dice *rand.Rand) (kind string, took time.Duration, err error) {
	begun := time.Now()
	path := "/v1/orgs/" + a.org
	switch n := dice.IntN(100); {
	case n < 30:
		kind, err = "read", a.send("POST", "/v1/orgs:search", nil)
	case n < 45:
		kind, err = "read", a.send("GET", path, nil)
	case n < 65:
		kind, err = "read", a.send("POST", path+"/members:search", nil)
	case n < 72:
		kind, err = "read", a.send("POST", "/v1/auth/GetProfile", nil)
	case n < 77:
		kind, err = "read", a.send("POST", "/v1/invitations:search", nil)
	case n < 83:
		a.n++
		kind, err = "write", a.send("PUT", a.colleague, map[string]any{"role": []string{"Admin", "Technical"}[a.n%2]})
	case n < 87:
		a.n++
		kind, err = "write", a.send("PUT", path, map[string]any{"name": fmt.Sprint("Acme ", a.n)})
	case n < 90:
		a.n++
		kind, err = "write", a.send("POST", "/v1/auth/UpdateProfile", map[string]any{"first_name": fmt.Sprint("Ann ", a.n), "last_name": "Test"})
	case n < 96:
		kind, err = "write", a.guest()
	default:
		kind, err = "sign-in", a.signIn()
	}
	return kind, time.Since(begun), err
}

func (a *actor) send(method, path string, body any) error {
	_, err := send(a.Person, method, path, body)
	return err
}

// guest invites somebody, who gets a mail, or takes the last invitation back.
func (a *actor) guest() error {
	email := fmt.Sprintf("guest.%d.%s", a.guests/2, strings.ToLower(a.Email))
	a.guests++
	if a.guests%2 == 0 {
		return a.send("DELETE", a.row(email), nil)
	}
	return a.send("POST", "/v1/orgs/"+a.org+"/members", map[string]any{"username": email, "role": "Technical"})
}

// signIn signs the actor in again, which takes the place of an older session.
func (a *actor) signIn() error {
	raw, err := send(a.Person, "POST", "/v1/auth/SignIn", map[string]any{"email": a.Email, "password": cloudtest.Password})
	if err != nil {
		return err
	}
	var session struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(raw, &session); err != nil {
		return err
	}
	a.Token = session.AccessToken
	return nil
}

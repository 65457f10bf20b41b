package storm

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/pmm"
	"roster/shared/store/storetest"
)

// Races of servers end with the whole table, where a server's lock stands apart from its organization.

func TestRacesOfServers(t *testing.T) {
	t.Parallel()
	c, _, e := gaping(t, cloud.Options{Settings: lenient}, luck(*seed))
	for range *rounds {
		holdServerRaces(t, c, nil)
	}
	end(t, c, e)
}

func TestRacesOfServersInAStorm(t *testing.T) {
	t.Parallel()
	c, p, e := overheard(t, cloud.Options{Settings: lenient})
	w := newWeather(c, p, luck(*seed))
	for range *rounds {
		holdServerRaces(t, c, w.storm)
	}
	end(t, c, e)
	w.examine(t, leastBad{each: 1, kills: 1})
}

// beaten is what some of many are told who connect one server at once: each has other credentials, so
// that all but one have to look again.
const beaten = " 409/10"

// A prover asks for tokens again and again while others race, with credentials that are good at first.
type prover struct {
	connected cloudtest.Answer
	given     []string // the tokens
}

func holdServerRaces(t *testing.T, c *cloudtest.Cloud, noise func() (quiet func())) {
	for name, r := range map[string]func(s *scene, quietly func()){
		"two organizations connect one server":                  connectBoth,
		"a server is connected and disconnected":                connectAndDisconnect,
		"a server is connected while its organization goes":     connectAndDelete,
		"a server asks for tokens while it is connected again":  proveAndReconnect,
		"a server asks for tokens while it is disconnected":     proveAndDisconnect,
		"a member signs out by many requests of the same token": signOutAtOnce,
	} {
		t.Run(name, func(t *testing.T) {
			s := &scene{t: t, c: c, noisy: noise != nil}
			begin := func() {}
			end := func() {}
			if s.noisy {
				begin = func() { end = noise() }
			}
			r(s, begin)
			end()
		})
	}
}

// raced runs racers, in a storm where there is one, and returns their tallies when all is settled.
func (s *scene) raced(begin func(), racers ...racer) []tally {
	s.t.Helper()
	begin()
	got := s.run(racers)
	s.t.Logf("%v", got)
	s.judge(racers, got)
	return got
}

// connectsAs is somebody who connects a server, disconnectsAs who disconnects it.
func connectsAs(who *cloudtest.Person, id, allows string) racer {
	return racer{as: who, method: "POST", path: "/v1/orgs/inventory", body: server(id), allows: allows}
}

func disconnectsAs(who *cloudtest.Person, id, allows string) racer {
	return racer{as: who, method: "POST", path: "/v1/orgs/inventory/" + id + ":disconnect", allows: allows}
}

func connectBoth(s *scene, begin func()) {
	ann, ben := s.person("ann"), s.person("ben")
	a, b := s.found(ann), s.found(ben)
	got := s.raced(begin, connectsAs(ann, "both."+a, "200 409/6"+beaten), connectsAs(ben, "both."+a, "200 409/6"+beaten))
	s.one(got...)
	s.settle()
	for i, o := range []string{a, b} { // each connect that was answered has its entry, the first and those again
		if entries := s.logged(o, "CREATE", "inventory") + s.logged(o, "UPDATE", "inventory"); entries < got[i].wins() || entries > got[i].wins() && !s.noisy {
			s.t.Errorf("%d entries of %v", entries, got[i])
		}
	}
}

func connectAndDisconnect(s *scene, begin func()) {
	ann, bob, o := s.twoAdmins()
	got := s.raced(begin, connectsAs(ann, "on."+o, "200"+beaten), disconnectsAs(bob, "on."+o, "200 404/5"+beaten))
	s.settle()
	s.wantCounted(o, "DELETE", "inventory", got[1].wins())
	if entries := s.logged(o, "CREATE", "inventory") + s.logged(o, "UPDATE", "inventory"); entries < got[0].wins() {
		s.t.Errorf("%d entries of %v", entries, got[0])
	}
}

func connectAndDelete(s *scene, begin func()) {
	ann, bob, o := s.twoAdmins()
	carol := s.person("carol")
	s.found(carol)
	s.raced(begin, connectsAs(bob, "gone."+o, "200 400/9"+beaten), racer{as: ann, method: "DELETE", path: "/v1/orgs/" + o, allows: "200 403/7"})
	if a, err := s.c.Send("POST", "/v1/orgs/inventory", carol.Token, server("gone."+o)); !s.noisy && s.kind(a, err) != "200" {
		s.t.Errorf("the next organization to connect it is told %s", a.Raw)
	}
}

// proving asks for tokens until it is stopped.
func (s *scene) proving(p *prover) (stop func()) {
	s.t.Helper()
	for len(p.given) < 3 {
		if token := s.prove(p.connected); token != "" {
			p.given = append(p.given, token)
		}
	}
	var all sync.WaitGroup
	done := make(chan struct{})
	var mu sync.Mutex
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if token := s.prove(p.connected); token != "" {
					mu.Lock()
					p.given = append(p.given, token)
					mu.Unlock()
				}
			}
		})
	}
	return func() { close(done); all.Wait() }
}

// prove asks for a token with the credentials of a connect's answer; "" where there is none.
func (s *scene) prove(connected cloudtest.Answer) string {
	r := racer{
		method: "POST", path: "/v1/sso/token?grant_type=client_credentials",
		client: connected.Text("sso_details.pmm_managed_client_id"), secret: connected.Text("sso_details.pmm_managed_client_secret"),
	}
	a, err := r.send(s.c, 0)
	switch {
	case err == nil && a.Status == http.StatusOK:
		return a.Text("access_token")
	case err == nil && a.Status == http.StatusUnauthorized && a.Text("error") == "invalid_client":
		return ""
	case !s.noisy || !slices.Contains([]int{409, 500, 503, 504}, a.Status):
		s.t.Errorf("a server that proves itself was answered %d %s, %v", a.Status, a.Raw, err)
	}
	return ""
}

func proveAndReconnect(s *scene, begin func()) {
	ann, bob, o := s.twoAdmins()
	p := &prover{connected: s.connect(ann, "again."+o)}
	stop := s.proving(p)
	begin()
	racers := []racer{connectsAs(ann, "again."+o, "200"+beaten), connectsAs(bob, "again."+o, "200"+beaten)}
	before := len(s.answers)
	got := s.run(racers)
	stop()
	s.judge(racers, got)
	s.settle()
	good := s.credentials(p, o, "again."+o, s.answers[before:])
	if good > 1 || good == 0 && !s.noisy {
		s.t.Errorf("%d secrets of all that were given are good; want one", good)
	}
}

func proveAndDisconnect(s *scene, begin func()) {
	ann, bob, o := s.twoAdmins()
	p := &prover{connected: s.connect(ann, "off."+o)}
	stop := s.proving(p)
	begin()
	racers := []racer{disconnectsAs(ann, "off."+o, "200 404/5"+beaten), disconnectsAs(bob, "off."+o, "200 404/5"+beaten)}
	got := s.run(racers)
	stop()
	s.judge(racers, got)
	s.once(got...)
	s.settle()
	if good := s.credentials(p, o, "off."+o, nil); good != 0 && got[0].wins()+got[1].wins() > 0 {
		s.t.Error("the credentials of a server are good that is not there")
	}
}

// credentials holds every token that was given to being kept, with the credential that it was made from; and
// that one to being good while the server's row has it. It returns how many secrets of answers the row has.
func (s *scene) credentials(p *prover, o, server string, answers []cloudtest.Answer) (good int) {
	s.t.Helper()
	d := storetest.Dump{}
	partition(s.t, s.c, d, "ORG#"+o)
	row := d[storetest.ServerKey(org.ID(o), server)]
	opens := func(a cloudtest.Answer) bool {
		secret, ok := id.ParseSecret(a.Text("sso_details.pmm_managed_client_secret"))
		return ok && secret.Opens(id.Hash(text(row, "credential")))
	}
	for _, a := range append(answers, p.connected) {
		if a.Status == http.StatusOK && opens(a) {
			good++
		}
	}
	first, _ := id.ParseSecret(p.connected.Text("sso_details.pmm_managed_client_secret"))
	for _, given := range p.given {
		token, _ := pmm.ParseToken(given)
		i := d[storetest.TokenKey(org.ID(o), token.Secret.Hash())]
		if string(token.Org) != o || i["server"] != server || !first.Opens(id.Hash(text(i, "credential"))) {
			s.t.Errorf("a token of %s is kept as %v", token.Org, i)
		}
	}
	s.t.Logf("%d tokens", len(p.given))
	return good
}

func signOutAtOnce(s *scene, begin func()) {
	_, bob, o := s.twoAdmins()
	out := racer{as: bob, method: "POST", path: "/v1/auth/SignOut", allows: "200 401/16"}
	got := s.raced(begin, out, out)
	s.settle()
	s.wantCounted(o, "LOG_OUT", "", got[0].wins()+got[1].wins())
	if !s.noisy && got[0].wins()+got[1].wins() == 0 {
		s.t.Error("nobody was signed out")
	}
}

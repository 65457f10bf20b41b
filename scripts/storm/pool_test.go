package storm

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

// A pool is what stands between a cloud's functions and its user pool.
type pool struct {
	*storetest.Faults
	target atomic.Pointer[url.URL] // where the pool is, once it is started
}

// pooled has the functions of o reach the user pool through faults, once the cloud says where that is.
func pooled(t testing.TB, o *cloud.Options) *pool {
	p := &pool{Faults: storetest.Over(&http.Transport{MaxIdleConnsPerHost: 64})}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Transport: p,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(p.target.Load())
			r.Out.URL.Path, r.Out.URL.RawPath = "/", ""
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // cuts the connection
	})
	t.Cleanup(server.Close)
	o.FunctionsCognito = server.URL
	return p
}

// before tells the faults where the cloud's pool is.
func (p *pool) before(t testing.TB, c *cloudtest.Cloud) {
	t.Helper()
	target, err := url.Parse(c.Pool.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	p.target.Store(target)
}

// moods are what a user pool does on a bad day.
func moods(f *storetest.Faults) {
	f.Add(storetest.Rule{Fault: storetest.LostReply, Chance: 0.1})
	f.Add(storetest.Rule{Fault: storetest.Refuse(http.StatusInternalServerError, "InternalErrorException"), Chance: 0.05})
}

// A crash is where an activation breaks off: at which call, how often, and how.
type crash struct {
	name   string
	action string // of the user pool, or the table's transaction
	times  int
	fault  func(kill func()) storetest.Fault
}

// crashes break an activation off at each step of its order: the user is made, their password set, the
// transaction committed.
func crashes() (all []crash) {
	gone := func(*http.Request, func() (*http.Response, error)) (*http.Response, error) {
		return nil, http.ErrServerClosed
	}
	ways := []struct {
		name  string
		times int
		fault func(kill func()) storetest.Fault
	}{
		{"is killed before", 1, func(kill func()) storetest.Fault {
			return func(*http.Request, func() (*http.Response, error)) (*http.Response, error) {
				kill()
				return nil, http.ErrServerClosed
			}
		}},
		{"is killed behind", 1, func(kill func()) storetest.Fault {
			return func(_ *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
				answer, err := forward()
				kill()
				return answer, err
			}
		}},
		{"loses a reply of", 1, func(func()) storetest.Fault { return storetest.LostReply }},
		{"loses every reply of", 0, func(func()) storetest.Fault { return storetest.LostReply }},
		{"never gets through to", 0, func(func()) storetest.Fault { return gone }},
	}
	for _, action := range []string{"AdminCreateUser", "AdminSetUserPassword", "TransactWriteItems"} {
		for _, w := range ways {
			all = append(all, crash{w.name + " " + action, action, w.times, w.fault})
		}
	}
	return all
}

// After a crash of ActivateProfile anywhere the person can sign in and accept, or activate again by the
// same link (DESIGN.md §6), and becomes a member once.
func TestWhoeverActivatesIsHelpedAfterACrashAnywhere(t *testing.T) {
	t.Parallel()
	activations(t, cloud.Options{Settings: lenient}, 0)
}

func activations(t testing.TB, o cloud.Options, _ luck) {
	f := pooled(t, &o)
	c, p, e := overheard(t, o)
	f.before(t, c)
	s := &scene{t: t, c: c, noisy: true}
	ann := s.person("ann")
	at := s.found(ann)
	guests := s.strangers(len(crashes()))
	for _, guest := range guests {
		ann.Invite(t, at, guest, "Technical")
	}
	for i, way := range crashes() {
		faults := f.Faults
		if way.action == "TransactWriteItems" {
			faults = p.Of("profile-activate")
		}
		faults.Add(storetest.Rule{Action: way.action, Times: way.times, Fault: way.fault(func() { c.Function("profile-activate").Kill() })})
		link := c.Link(t, guests[i], 0)
		s.activate(link, "Eve")
		if n := faults.Struck(); len(n) != 1 || n[0] == 0 {
			t.Errorf("it %s, and nothing struck", way.name)
		}
		faults.Clear()
		s.helped(way.name, at, guests[i], link)
	}
	end(t, c, e)
}

// helped has somebody go on after a crash: they sign in and accept or, where they cannot, activate again.
func (s *scene) helped(after, at, guest, link string) {
	s.t.Helper()
	eve := &cloudtest.Person{Email: guest, Cloud: s.c}
	session := s.post("/v1/auth/SignIn", "", object{"email": guest, "password": cloudtest.Password})
	if session.Status != 200 {
		s.activate(link, "Eve")
		session = s.post("/v1/auth/SignIn", "", object{"email": guest, "password": cloudtest.Password})
	}
	if eve.Token = session.Text("access_token"); eve.Token == "" {
		s.t.Errorf("when it %s, the person can neither sign in nor activate again: %s", after, session.Raw)
		return
	}
	if a := s.post("/v1/invitations/"+at+":accept", eve.Token, nil); a.Status != 200 {
		s.t.Errorf("when it %s, the person cannot accept: %s", after, a.Raw)
	}
	a := s.post("/v1/orgs:search", eve.Token, nil)
	if got := a.Text("orgs.0.id"); got != at {
		s.t.Errorf("when it %s, the person is in %q: %s", after, got, a.Raw)
	}
	d := storetest.Dump{}
	partition(s.t, s.c, d, "ORG#"+at)
	confirmed := 0
	for _, i := range d.Of("EVENT#") {
		for _, raw := range i["objects"].([]any) {
			what, _ := raw.(map[string]any)
			if row(at, guest) == "/v1/orgs/"+at+"/members/"+text(what, "id") && i["action"] == "UPDATE" {
				confirmed++
			}
		}
	}
	if confirmed != 1 {
		s.t.Errorf("when it %s, the log says %d times that they became a member; want once", after, confirmed)
	}
}

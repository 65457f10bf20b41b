package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/pmm"
	"roster/shared/store/storetest"
)

// The credential of servers to begin with, and the next one; the hash of a token of the first, and of another.
const (
	oldSecret = id.Hash("old-credential-of-a-server-43-letters-long-")
	newSecret = id.Hash("new-credential-of-a-server-43-letters-long-")
	oldToken  = id.Hash("old token")
	newToken  = id.Hash("new token")
)

// holding makes the server an organization's, connected by Bob, with a token.
func holding(o func(s *scene) org.ID) func(s *scene) {
	return func(s *scene) {
		s.PutAll(map[storetest.Key]storetest.Item{
			storetest.LockKey("box"): {"org_id": string(o(s))},
			storetest.ServerKey(o(s), "box"): {
				"name": "Box", "url": "http://box", "credential": string(oldSecret), "connected_by": "bob",
			},
			storetest.TokenKey(o(s), oldToken): {"server": "box", "credential": string(oldSecret), "ttl": storetest.Start.Unix()},
		})
	}
}

func ofAcme(s *scene) org.ID { return s.acme }
func ofGone(s *scene) org.ID { return s.gone }
func ofNone(*scene)          {}

// connecting is somebody's plan to connect the server.
func connecting(w who, set func(*scene)) plan {
	return func(t *testing.T, s *scene) func() error {
		set(s)
		seen, err := s.DB.LookServer(s.ctx, w(s).Caller(), "box")
		if err != nil {
			t.Fatal(err)
		}
		to := pmm.Server{ID: "box", Name: "Other", URL: "http://other", Credential: newSecret, ConnectedBy: w(s).ID}
		return func() error { return s.DB.Connect(s.ctx, seen, to) }
	}
}

func disconnecting(t *testing.T, s *scene) func() error {
	holding(ofAcme)(s)
	seen, err := s.DB.LookServer(s.ctx, s.bob.Caller(), "box")
	if err != nil {
		t.Fatal(err)
	}
	return func() error { return s.DB.Disconnect(s.ctx, seen) }
}

func proving(t *testing.T, s *scene) func() error {
	holding(ofAcme)(s)
	seen, err := s.DB.LookClient(s.ctx, pmm.Client{Org: s.acme, Server: "box"})
	if err != nil {
		t.Fatal(err)
	}
	return func() error { return s.DB.PutToken(s.ctx, seen, newToken) }
}

func boxOf(o func(*scene) org.ID) func(*scene) storetest.Key {
	return func(s *scene) storetest.Key { return storetest.ServerKey(o(s), "box") }
}

func lockOfBox(*scene) storetest.Key { return storetest.LockKey("box") }

// otherwise is a server that is not the one of the look.
var otherwise = []move{
	{"it was connected again", changed(boxOf(ofAcme), storetest.Item{"credential": "another"})},
	{"another connected it", changed(boxOf(ofAcme), storetest.Item{"connected_by": "cat"})},
	{"it was disconnected", dropped(boxOf(ofAcme))},
}

func TestConnectIsRefusedWhen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set   func(*scene)
		moves []move
	}{
		"a server that nobody had": {ofNone, []move{
			{"another organization connected it", changed(lockOfBox, storetest.Item{"org_id": "other"})},
			{"somebody here connected it", holding(ofAcme)},
		}},
		"a server of this organization": {holding(ofAcme), append([]move{
			{"the lock is another's", changed(lockOfBox, storetest.Item{"org_id": "other"})},
			{"the lock is gone", dropped(lockOfBox)},
		}, otherwise...)},
		"a server of a deleted organization": {holding(ofGone), []move{
			{"the deleted one lives again", func(s *scene) { s.Set(storetest.OrgKey(s.gone), storetest.Item{"deleted_at": nil}) }},
			{"a third one connected it", changed(lockOfBox, storetest.Item{"org_id": "other"})},
			{"the lock was purged", dropped(lockOfBox)},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusals(t, connecting(bob, c.set), ended, dethroned(bob)[1:], c.moves)
		})
	}
}

func TestDisconnectIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, disconnecting, ended, dethroned(bob)[1:], otherwise, []move{
		{"the caller has another role", changed(who(bob).row, storetest.Item{"role": "Admin"})},
		{"the lock is another's", changed(lockOfBox, storetest.Item{"org_id": "other"})},
	})
}

func TestPutTokenIsRefusedWhen(t *testing.T) {
	t.Parallel()
	refusals(t, proving, ended, otherwise)
}

func TestConnectMakesTheServerTheOrganizations(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, connecting(bob, ofNone)(t, s), `
+ ORG#acme EVENT#T#*
    action=CREATE actor=bob agent=test id=* ip=192.0.2.1 objects=[
        {id=box initial=<nil> name=Other result=<nil> type=inventory}] request_id=rq role=Technical timestamp=T ttl=T+365d
+ ORG#acme PMM#box
    connected_by=bob credential=new-credential-of-a-server-43-letters-long- name=Other url=http://other
+ PMM#box PMM
    org_id=acme
`)
}

func TestConnectingAgainReplacesEverythingOfTheServer(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	change := connecting(cat, holding(ofAcme))(t, s)
	does(t, s, change, `
+ ORG#acme EVENT#T#*
    action=UPDATE actor=cat agent=test id=* ip=192.0.2.1 objects=[
        {id=box initial=<nil> name=Other result=<nil> type=inventory}] request_id=rq role=Admin timestamp=T ttl=T+365d
~ ORG#acme PMM#box
    connected_by=cat credential=new-credential-of-a-server-43-letters-long- name=Other url=http://other
`)
}

func TestConnectTakesAServerOverFromADeletedOrganization(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	change := connecting(bob, holding(ofGone))(t, s)
	before := s.Dump()
	if err := change(); err != nil {
		t.Fatal(err)
	}
	after := s.Dump()
	if got := s.Changes(before, after); !strings.Contains(got, "~ PMM#box PMM\n    org_id=acme") || strings.Contains(got, "ORG#gone") {
		t.Error(got)
	}
	if _, err := s.DB.Purge(s.ctx, s.gone, soon()); err != nil {
		t.Fatal(err)
	}
	if lock := s.Get(storetest.LockKey("box")); lock["org_id"] != string(s.acme) || s.Get(storetest.TokenKey(s.gone, oldToken)) != nil {
		t.Errorf("the purge left the lock %v, and the token %v", lock, s.Get(storetest.TokenKey(s.gone, oldToken)))
	}
}

// Its tokens are good for nothing without the row, and end by themselves.
func TestDisconnectTakesTheServerAndItsLock(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	change := disconnecting(t, s)
	does(t, s, change, `
+ ORG#acme EVENT#T#*
    action=DELETE actor=bob agent=test id=* ip=192.0.2.1 objects=[
        {id=box initial=<nil> name=Box result=<nil> type=inventory}] request_id=rq role=Technical timestamp=T ttl=T+365d
- ORG#acme PMM#box
- PMM#box PMM
`)
}

func TestATokenStandsBesideThoseBefore(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	change := proving(t, s)
	does(t, s, change, `
+ ORG#acme TOKEN#new token
    credential=old-credential-of-a-server-43-letters-long- server=box ttl=T+1h0m0s
`)
}

func TestServersAreListedByName(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for id, name := range map[string]string{"c": "Alpha", "a": "Gamma", "b": "Beta"} {
		s.Put(storetest.ServerKey(s.acme, id), storetest.Item{"name": name})
	}
	all, err := s.DB.Servers(s.ctx, s.bob.Caller(), s.acme)
	if err != nil || len(all) != 3 || all[0].ID != "c" || all[1].ID != "b" || all[2].ID != "a" {
		t.Errorf("%+v, %v", all, err)
	}
}

// However many there are, members see all of them, and strangers have few read.
func TestManyServersAreListedOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	items := map[storetest.Key]storetest.Item{}
	for n := range 2500 {
		id := fmt.Sprintf("pmm-%d", n)
		items[storetest.ServerKey(s.acme, id)] = storetest.Item{"name": id, "url": strings.Repeat("u", 500)}
	}
	s.PutAll(items)
	all, err := s.DB.Servers(s.ctx, s.bob.Caller(), s.acme)
	seen := map[pmm.ServerID]bool{}
	for _, server := range all {
		seen[server.ID] = true
	}
	if err != nil || len(all) != len(items) || len(seen) != len(items) {
		t.Errorf("%d servers, %d of them different, %v", len(all), len(seen), err)
	}
	s.Faults.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.First(late)})
	units := meter(s.World)
	if _, err := s.DB.Servers(s.ctx, s.fox.Caller(), s.acme); !errors.Is(err, org.ErrNotMember) || units() > 30 {
		t.Errorf("%v units, %v", units(), err)
	}
}

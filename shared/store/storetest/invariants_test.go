package storetest_test

import (
	"strings"
	"testing"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// A checker that finds nothing proves nothing: each of these worlds is broken in one way.
func TestEveryBrokenWorldIsFound(t *testing.T) {
	t.Parallel()
	type world struct {
		*storetest.World
		acme          org.ID
		ann, bob, eve storetest.Person
	}
	row := func(w world, p storetest.Person) storetest.Key { return storetest.MemberKey(w.acme, p.Address) }
	mail := func(w world, p storetest.Person) storetest.Key { return storetest.InvitationKey(w.acme, p.Address) }
	for sentence, breaks := range map[string]func(w world){
		"ttl is 1":              func(w world) { w.Set(storetest.OrgKey(w.acme), storetest.Item{"ttl": 1}) },
		"ttl is <nil>":          func(w world) { w.Put(storetest.QuotaKey(w.acme, "2099-07-01"), storetest.Item{"n": 1}) },
		"has no Admin":          func(w world) { w.Set(row(w, w.ann), storetest.Item{"role": "Technical"}) },
		"counts 2 Admins of":    func(w world) { w.Set(storetest.OrgKey(w.acme), storetest.Item{"admins": 2}) },
		"and a member of []":    func(w world) { w.Drop(row(w, w.bob)) },
		"is locked to \"\" and": func(w world) { w.Set(storetest.AccountKey("bob"), storetest.Item{"org_id": nil}) },
		"is locked to \"x\" and": func(w world) {
			w.Org("beta", storetest.Active(w.bob, org.Admin))
			w.Set(storetest.AccountKey("bob"), storetest.Item{"org_id": "x"})
		},
		"has the address of":  func(w world) { w.Drop(storetest.AddressKey(w.bob.Address)) },
		"leads to an account": func(w world) { w.Put(storetest.AddressKey("x@example.com"), storetest.Item{"sub": "bob"}) },
		"is not the row of":   func(w world) { w.Set(row(w, w.bob), storetest.Item{"email": "x@example.com"}) },
		"is not called as":    func(w world) { w.Set(row(w, w.bob), storetest.Item{"first_name": "X"}) },
		"belongs to no account": func(w world) {
			w.Drop(storetest.AccountKey("bob"))
			w.Drop(storetest.AddressKey(w.bob.Address))
		},
		"is closed and not erased":     func(w world) { w.Set(storetest.AccountKey("bob"), storetest.Item{"closed": true}) },
		"is active and still invited":  func(w world) { w.Set(row(w, w.bob), storetest.Item{"invited_by": "X"}) },
		"has the status OTHER":         func(w world) { w.Set(row(w, w.bob), storetest.Item{"status": "OTHER"}) },
		"is pending and has the acc":   func(w world) { w.Set(row(w, w.eve), storetest.Item{"account": "eve"}) },
		"is pending and not pointed":   func(w world) { w.Drop(storetest.PointerKey(w.acme, w.eve.Address)) },
		"is pending without end":       func(w world) { w.Set(row(w, w.eve), storetest.Item{"invited_by": nil}) },
		"its mail at":                  func(w world) { w.Set(row(w, w.eve), storetest.Item{"expires_at": "later"}) },
		"its mail says that they join": func(w world) { w.Set(mail(w, w.eve), storetest.Item{"joined": true}) },
		"has a link for a member":      func(w world) { w.Set(mail(w, w.eve), storetest.Item{"joined": true}) },
		"has joined=<nil> for a row":   func(w world) { w.Put(mail(w, w.bob), storetest.Item{"ttl": 1}) },
		"and is swept at 1":            func(w world) { w.Set(mail(w, w.eve), storetest.Item{"ttl": 1}) },
		"belongs to nobody":            func(w world) { w.Drop(row(w, w.eve)) },
		"leads to a row with status":   func(w world) { w.Put(storetest.PointerKey(w.acme, w.bob.Address), nil) },
		"has the time": func(w world) {
			w.Put(storetest.Key{PK: "ORG#" + string(w.acme), SK: "EVENT#0000000000000001#x"}, storetest.Item{"id": "x", "timestamp": storetest.Stamp(storetest.Start)})
		},
		"is kept until 1": func(w world) {
			w.Put(storetest.Key{PK: "ORG#" + string(w.acme), SK: "EVENT#0000000000000001#x"}, storetest.Item{"id": "x", "ttl": 1})
		},
		"belongs to no organization": func(w world) { w.Drop(storetest.OrgKey(w.acme)) },
		"is an item of no kind":      func(w world) { w.Put(storetest.Key{PK: "ORG#" + string(w.acme), SK: "OTHER#x"}, nil) },
		"stays out and has a row":    func(w world) { w.Put(storetest.RemovedKey(w.acme, w.bob.Address), nil) },
		"which is not live and linked": func(w world) {
			w.Put(storetest.CustomerKey("c"), storetest.Item{"org": string(w.acme)})
		},
		"which has no such server": func(w world) { w.Put(storetest.LockKey("s"), storetest.Item{"org_id": string(w.acme)}) },
		"has the credential <nil>": func(w world) { w.Put(storetest.ServerKey(w.acme, "s"), storetest.Item{"name": "PMM"}) },
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			w := world{World: storetest.New(t)}
			w.ann, w.bob, w.eve = w.Person("ann"), w.Person("bob"), w.Person("eve")
			w.acme = w.Org("acme", storetest.Active(w.ann, org.Admin), storetest.Active(w.bob, org.Technical), storetest.Invited(w.eve, org.Admin))
			if broken := w.Dump().Broken(); broken != nil {
				t.Fatalf("broken to begin with: %q", broken)
			}
			breaks(w)
			if broken := w.Dump().Broken(); !strings.Contains(strings.Join(broken, "\n"), sentence) {
				t.Errorf("found %q", broken)
			}
		})
	}
}

func TestFaultsMeetWhomTheyAreMeantFor(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	w.Account("ann")
	read := func() bool { _, err := w.DB.Find(t.Context(), "ann"); return err == nil }
	missing := storetest.Refuse(400, "AccessDeniedException")
	for name, c := range map[string]struct {
		rule storetest.Rule
		want []bool
	}{
		"all":                 {storetest.Rule{Fault: missing}, []bool{false, false, false, false}},
		"of another action":   {storetest.Rule{Fault: missing, Action: "Query"}, []bool{true, true, true, true}},
		"so many":             {storetest.Rule{Fault: missing, Times: 2}, []bool{false, false, true, true}},
		"after so many":       {storetest.Rule{Fault: missing, Skip: 2}, []bool{true, true, false, false}},
		"one after so many":   {storetest.Rule{Fault: missing, Action: "BatchGetItem", Skip: 1, Times: 1}, []bool{true, false, true, true}},
		"by a certain chance": {storetest.Rule{Fault: missing, Chance: 1}, []bool{false, false, false, false}},
	} {
		w.Faults.Clear()
		w.Faults.Add(c.rule)
		for i, want := range c.want {
			if got := read(); got != want {
				t.Errorf("%s: request %d answered %v, want %v", name, i, got, want)
			}
		}
		struck := 0
		for _, answered := range c.want {
			if !answered {
				struck++
			}
		}
		if got := w.Faults.Struck(); len(got) != 1 || got[0] != struck {
			t.Errorf("%s: struck %v, want %d", name, got, struck)
		}
		if n := len(w.Faults.Calls("BatchGetItem")); n != len(c.want) {
			t.Errorf("%s: %d calls noted, want %d", name, n, len(c.want))
		}
	}
}

package store_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// ruin is a deleted organization full of everything, and what its purge must leave of the table.
func ruin(t *testing.T, s *scene, members, invited, others int) (o org.ID, want storetest.Dump) {
	t.Helper()
	c := newCrowd(t, s, members, invited)
	items := map[storetest.Key]storetest.Item{}
	pk := "ORG#" + string(c.org)
	for i := range others {
		at := storetest.Start.Add(time.Duration(i) * time.Second)
		items[storetest.Key{PK: pk, SK: fmt.Sprintf("EVENT#%016d#%d", at.UnixMicro(), i)}] = storetest.Item{"ttl": 1}
		server := fmt.Sprint("pmm-", i)
		items[storetest.ServerKey(c.org, server)] = storetest.Item{"name": "PMM"}
		items[storetest.LockKey(server)] = storetest.Item{"org_id": string(c.org)}
		items[storetest.TokenKey(c.org, id.Hash(server))] = storetest.Item{"server": server, "ttl": 1}
		items[storetest.Key{PK: pk, SK: fmt.Sprintf("STATE#%d", i)}] = storetest.Item{"ttl": 1}
		items[storetest.Key{PK: pk, SK: fmt.Sprintf("REMOVED#%d", i)}] = nil
		items[storetest.QuotaKey(c.org, fmt.Sprintf("2099-07-%02d", i))] = storetest.Item{"n": i, "ttl": 1}
	}
	s.PutAll(items)
	s.Set(storetest.AccountKey("m0"), storetest.Item{"org_id": string(s.beta)}) // who left before the purge came
	s.Set(storetest.AccountKey("m1"), storetest.Item{"org_id": nil})
	if others > 0 {
		s.Set(storetest.LockKey("pmm-0"), storetest.Item{"org_id": string(s.beta)}) // which connected it since
	}
	deleted(c.org)(s)
	want = s.Dump()
	for k, i := range want {
		switch {
		case k.PK == pk, k.SK == "INVITED#"+string(c.org), k.SK == "PMM" && i["org_id"] == string(c.org):
			delete(want, k)
		}
		if i["org_id"] == string(c.org) {
			delete(i, "org_id")
		}
	}
	return c.org, want
}

func soon() time.Time { return time.Now().Add(time.Hour) }

func TestPurgeLeavesNothingOfALargeOrganization(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o, want := ruin(t, s, 300, 50, 120) // more than two pages
	done, err := s.DB.Purge(s.ctx, o, soon())
	if diff := cmp.Diff(want, s.Dump()); !done || err != nil || diff != "" {
		t.Errorf("done %v, %v\n%s", done, err, diff)
	}
}

func TestPurgeOfALiveOrUnknownOrganizationDoesNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	unknown := s.OrgID("unknown")
	s.Put(storetest.StateKey(unknown, "t"), storetest.Item{"ttl": 1})
	before := s.Dump()
	for _, o := range []org.ID{s.acme, unknown} {
		if done, err := s.DB.Purge(s.ctx, o, soon()); !done || err != nil {
			t.Errorf("done %v, %v", done, err)
		}
		if got := s.Changes(before, s.Dump()); got != nothing {
			t.Errorf("the table changed:%s", got)
		}
	}
}

// Nothing brings an organization back; its row would survive even that.
func TestPurgeDropsOnlyAnOrganizationThatIsDeletedStill(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Fault: storetest.First(func() {
		s.Set(storetest.OrgKey(s.gone), storetest.Item{"deleted_at": nil})
	})})
	if done, err := s.DB.Purge(s.ctx, s.gone, soon()); !done || err != nil {
		t.Errorf("done %v, %v", done, err)
	}
	if s.Get(storetest.OrgKey(s.gone)) == nil {
		t.Error("the row is gone")
	}
}

// A page of a query may be empty and still not be the last.
func TestPurgeGoesOnBehindAnEmptyPage(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	empty := fmt.Sprintf(`{"Items":[],"Count":0,"ScannedCount":1,"LastEvaluatedKey":{"PK":{"S":"ORG#%s"},"SK":{"S":"A"}}}`, s.gone)
	s.Faults.Add(storetest.Rule{Action: "Query", Times: 1, Fault: func(r *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
		return storetest.Answer(r, http.StatusOK, empty), nil
	}})
	if done, err := s.DB.Purge(s.ctx, s.gone, soon()); !done || err != nil {
		t.Errorf("done %v, %v", done, err)
	}
	for k := range s.Dump() {
		if k.PK == "ORG#"+string(s.gone) {
			t.Errorf("%s is left", k.SK)
		}
	}
	if lock := s.Get(storetest.AccountKey("gus"))["org_id"]; lock != nil {
		t.Errorf("the lock is left: %v", lock)
	}
}

func TestPurgeNotesItsProgressWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	done, err := s.DB.Purge(s.ctx, s.gone, time.Now())
	if done || err != nil || s.Get(storetest.OrgKey(s.gone))["purged_at"] != storetest.Stamp(storetest.Start) {
		t.Errorf("done %v, %v: %v", done, err, s.Get(storetest.OrgKey(s.gone)))
	}
	if done, err = s.DB.Purge(s.ctx, s.gone, soon()); !done || err != nil {
		t.Errorf("then done %v, %v", done, err)
	}
}

func TestPurgeIsDoneWhenAnotherOneEndedMeanwhile(t *testing.T) {
	t.Parallel()
	for name, deadline := range map[string]time.Time{"at its last step": soon(), "at its deadline": time.Now()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			other := storetest.First(func() { s.Drop(storetest.OrgKey(s.gone)) })
			for _, action := range []string{"TransactWriteItems", "UpdateItem"} {
				skip := 0
				if action == "UpdateItem" && name == "at its last step" {
					skip = 1 // Gus's lock
				}
				s.Faults.Add(storetest.Rule{Action: action, Fault: other, Skip: skip})
			}
			if done, err := s.DB.Purge(s.ctx, s.gone, deadline); !done || err != nil {
				t.Errorf("done %v, %v", done, err)
			}
		})
	}
}

// requests is how many requests a purge of a small ruin makes undisturbed.
func requests(t *testing.T) int {
	t.Helper()
	s := newScene(t)
	o, _ := ruin(t, s, 6, 3, 3)
	if done, err := s.DB.Purge(s.ctx, o, soon()); !done || err != nil {
		t.Fatalf("done %v, %v", done, err)
	}
	return len(s.Faults.Calls(""))
}

// What a pass that was cut off left is purged by the next one to the same end.
func TestPurgeCanBeCutOffAfterAnyRequest(t *testing.T) {
	t.Parallel()
	all := requests(t)
	for name, rule := range map[string]func(cancel func()) storetest.Rule{
		"refused from then on": func(func()) storetest.Rule { return storetest.Rule{Fault: missingGrant} },
		"refused once":         func(func()) storetest.Rule { return storetest.Rule{Fault: missingGrant, Times: 1} },
		"cancelled":            func(cancel func()) storetest.Rule { return storetest.Rule{Fault: storetest.First(cancel)} },
	} {
		for n := range all {
			t.Run(fmt.Sprintf("%s after %d", name, n), func(t *testing.T) {
				t.Parallel()
				s := newScene(t)
				o, want := ruin(t, s, 6, 3, 3)
				ctx, cancel := context.WithCancel(s.ctx)
				defer cancel()
				cut := rule(cancel)
				cut.Skip = n
				s.Faults.Add(cut)
				if done, err := s.DB.Purge(ctx, o, soon()); done || err == nil {
					t.Fatalf("done %v, %v", done, err)
				}
				holdsInRuins(t, s, o)
				s.Faults.Clear()
				if done, err := s.DB.Purge(s.ctx, o, soon()); !done || err != nil {
					t.Fatalf("then done %v, %v", done, err)
				}
				if diff := cmp.Diff(want, s.Dump()); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// missingGrant is an error that no repeat overcomes.
var missingGrant = storetest.Refuse(http.StatusBadRequest, "AccessDeniedException")

// holdsInRuins asks of a table under purge that whatever leads into the organization leads to a row.
func holdsInRuins(t *testing.T, s *scene, o org.ID) {
	t.Helper()
	d := s.Dump()
	if d[storetest.OrgKey(o)] == nil {
		t.Error("the organization went before its last pass")
	}
	for k := range d {
		a, ok := strings.CutPrefix(k.PK, "EMAIL#")
		if ok && k.SK == "INVITED#"+string(o) && d[storetest.MemberKey(o, account.Address(a))] == nil {
			t.Errorf("%s leads to no row", k.PK)
		}
	}
}

func TestPurgeThatIsKilledAgainAndAgainEndsAllTheSame(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o, want := ruin(t, s, 30, 10, 10)
	for pass := 0; ; pass++ {
		s.Faults.Clear()
		s.Faults.Add(storetest.Rule{Skip: 80, Fault: missingGrant})
		done, err := s.DB.Purge(s.ctx, o, soon())
		if done && err == nil {
			break
		}
		if pass == 100 {
			t.Fatalf("not done: %v", err)
		}
	}
	if diff := cmp.Diff(want, s.Dump()); diff != "" {
		t.Error(diff)
	}
}

func TestPurgeOvercomesWhateverPasses(t *testing.T) {
	t.Parallel()
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		s := setScene(t, w)
		o, want := ruin(t, s, 20, 10, 10)
		want = maps.Clone(want)
		for _, f := range []storetest.Fault{storetest.LostReply, storetest.Throttle, storetest.Timeout} {
			s.Faults.Add(storetest.Rule{Fault: f, Chance: 0.15})
		}
		s.Faults.Add(storetest.Rule{Action: "BatchWriteItem", Fault: storetest.Half, Chance: 0.5})
		if done, err := s.DB.Purge(s.ctx, o, soon()); !done || err != nil {
			t.Errorf("done %v, %v", done, err)
		}
		if diff := cmp.Diff(want, s.Dump()); diff != "" {
			t.Error(diff)
		}
	})
}

package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

var logged = flag.Int("logged", 12000, "how many entries a large log has")

// entryOf is the n-th entry back from the beginning of the world, an hour and a bit before the next.
func entryOf(o org.ID, n int, every time.Duration) (storetest.Key, storetest.Item, activity.Event) {
	at := storetest.Start.Add(-time.Duration(n) * every)
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	e := activity.Event{
		ID: id, At: at, Actor: account.ID(fmt.Sprint("actor", n%3)), Role: "Admin", IP: "192.0.2.1",
		UserAgent: strings.Repeat("agent ", 60), RequestID: fmt.Sprint("request", n), Action: activity.Create,
		Objects: []activity.Object{{ID: "m", Name: "n", Type: activity.Membership, Result: map[string]string{"role": "Admin"}}},
	}
	key := storetest.Key{PK: "ORG#" + string(o), SK: fmt.Sprintf("EVENT#%016d#%s", at.UnixMicro(), id)}
	return key, storetest.Item{
		"id": id, "timestamp": storetest.Stamp(at), "actor": string(e.Actor), "role": e.Role, "ip": e.IP, "agent": e.UserAgent,
		"request_id": e.RequestID, "action": "CREATE", "ttl": at.Add(activity.Life).Unix(),
		"objects": []any{map[string]any{"id": "m", "name": "n", "type": activity.Membership, "initial": nil, "result": map[string]any{"role": "Admin"}}},
	}, e
}

// keep writes n entries into an organization's log and returns them, newest first.
func keep(w *storetest.World, o org.ID, n int, every time.Duration) []activity.Event {
	items, all := map[storetest.Key]storetest.Item{}, []activity.Event{}
	for i := range n {
		k, item, e := entryOf(o, i, every)
		items[k], all = item, append(all, e)
	}
	w.PutAll(items)
	return all
}

// find is what event-search makes of the store.
func find(t *testing.T, w *storetest.World, p storetest.Person, s activity.Search) (*activity.Page, []activity.Event, error) {
	ctx := t.Context()
	seen, log, err := w.DB.LookLog(ctx, p.Caller(), s.Org(), s.Window(w.DB.Now()))
	if err != nil {
		return nil, nil, err
	}
	page := s.Page(seen.Org.ID)
	if err := log.Each(ctx, s.Columns(), page.Add); err != nil {
		return nil, nil, err
	}
	events, err := log.Whole(ctx, page.Events())
	return page, events, err
}

func newest(size, index int, filters ...activity.Filter) activity.Search {
	return activity.Search{Filters: filters, Sort: activity.Timestamp, Descending: true, Size: size, Index: index}
}

func since(t time.Time) activity.Filter {
	return activity.Filter{Column: activity.Timestamp, Is: activity.GreaterOrEqual, Values: []string{t.UTC().Format("2006-01-02T15:04:05.000000000Z")}}
}

func of(o org.ID) activity.Filter {
	return activity.Filter{Column: activity.OrganizationID, Values: []string{string(o)}}
}

// A log of many answers of DynamoDB's is searched as if it were one: totals are exact, and entries are
// whole wherever they lie.
func TestALogOfManyPartsIsSearchedWhole(t *testing.T) {
	t.Parallel()
	searchedWhole(t, *logged, time.Second)
}

// The year before it is halved until the parts are small, and everything is found once.
func TestALogWhoseEntriesAllLieAtItsEndIsSearchedWhole(t *testing.T) {
	t.Parallel()
	searchedWhole(t, *logged/3, time.Microsecond)
}

func searchedWhole(t *testing.T, entries int, every time.Duration) {
	w := storetest.New(t)
	ann := w.Person("ann")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	all := keep(w, o, entries, every)
	mine := slices.DeleteFunc(slices.Clone(all), func(e activity.Event) bool { return e.Actor != "actor1" })
	oldest := newest(10, 0)
	oldest.Descending = false
	for name, c := range map[string]struct {
		search activity.Search
		want   []activity.Event
		total  int
	}{
		"the newest":        {newest(100, 0), all[:100], len(all)},
		"the oldest":        {oldest, reversed(all[len(all)-10:]), len(all)},
		"a page far behind": {newest(100, len(all)/100-1), all[len(all)/100*100-100 : len(all)/100*100], len(all)},
		"of one account": {
			newest(100, len(mine)/100-1, activity.Filter{Column: activity.Actor, Values: []string{"actor1"}}),
			mine[len(mine)/100*100-100 : len(mine)/100*100], len(mine),
		},
		"one by its id": {newest(10, 0, activity.Filter{Column: activity.ID, Values: []string{all[len(all)-7].ID}}), all[len(all)-7 : len(all)-6], 1},
	} {
		w.Faults.Clear()
		page, got, err := find(t, w, ann, c.search)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || page.Items() != c.total {
			t.Errorf("%s: %d in all; (-want +got):\n%s", name, page.Items(), diff)
		}
		if n := len(w.Faults.Calls("Query")); n < 2 {
			t.Errorf("%s: the log was read at once; the test needs a larger one", name)
		}
	}
}

func reversed(all []activity.Event) []activity.Event {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}

// meter counts the capacity units that the store's reads consume.
func meter(w *storetest.World) func() float64 {
	var mu sync.Mutex
	var units float64
	w.Faults.Add(storetest.Rule{Fault: func(r *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		body = append([]byte(`{"ReturnConsumedCapacity":"TOTAL",`), body[1:]...)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer, err := forward()
		if err != nil {
			return nil, err
		}
		told, _ := io.ReadAll(answer.Body)
		answer.Body = io.NopCloser(bytes.NewReader(told))
		type capacity struct{ CapacityUnits float64 }
		var one struct{ ConsumedCapacity capacity }
		var many struct{ ConsumedCapacity []capacity }
		if json.Unmarshal(told, &one) != nil {
			_ = json.Unmarshal(told, &many) // a batch tells of each table
		}
		mu.Lock()
		defer mu.Unlock()
		for _, c := range append(many.ConsumedCapacity, one.ConsumedCapacity) {
			units += c.CapacityUnits
		}
		return answer, nil
	}})
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return units
	}
}

// A page costs what its window holds, and not what the log does.
func TestAWindowCostsTheSameInALargeLog(t *testing.T) {
	t.Parallel()
	cost := func(entries int) float64 {
		w := storetest.New(t)
		ann := w.Person("ann")
		o := w.Org("acme", storetest.Active(ann, org.Admin))
		all := keep(w, o, entries, time.Minute)
		units := meter(w)
		page, got, err := find(t, w, ann, newest(10, 3, of(o), since(all[199].At)))
		if err != nil || page.Items() != 200 || len(got) != 10 || got[0].ID != all[30].ID {
			t.Fatalf("%d events of %d, %v", len(got), page.Items(), err)
		}
		return units()
	}
	small, large := cost(200), cost(*logged/4)
	t.Logf("%.1f units of 200 entries, %.1f of %d", small, large, *logged/4)
	if small < 10 || small != large {
		t.Errorf("%v units of 200 entries, %v of %d", small, large, *logged/4)
	}
}

// Entries end after a year, whether or not they were swept.
func TestEntriesEndAfterAYear(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann := w.Person("ann")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	all := keep(w, o, 3, time.Second)
	ids := func() (got []string) {
		_, found, err := find(t, w, ann, newest(10, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range found {
			got = append(got, e.ID)
		}
		return got
	}
	w.Clock.Move(activity.Life - 2*time.Second - time.Microsecond)
	if diff := cmp.Diff([]string{all[0].ID, all[1].ID, all[2].ID}, ids()); diff != "" {
		t.Errorf("a moment before (-want +got):\n%s", diff)
	}
	w.Clock.Move(time.Microsecond)
	if diff := cmp.Diff([]string{all[0].ID, all[1].ID}, ids()); diff != "" {
		t.Errorf("a year later (-want +got):\n%s", diff)
	}
}

func TestAnEmptyWindowAsksForNothing(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann := w.Person("ann")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	keep(w, o, 3, time.Second)
	until := since(storetest.Start.Add(-time.Hour))
	until.Is = activity.Less
	page, got, err := find(t, w, ann, newest(10, 0, of(o), since(storetest.Start), until))
	if err != nil || page.Items() != 0 || got == nil || len(got) != 0 || len(w.Faults.Calls("Query")) != 0 {
		t.Errorf("%d events of %d, %v, %v", len(got), page.Items(), err, w.Faults.Calls(""))
	}
}

// What the purge takes away between two looks is not shown half.
func TestAnEntryThatIsErasedMeanwhileIsLeftOut(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann := w.Person("ann")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	n := *logged / 4
	keep(w, o, n, time.Second)
	k, _, _ := entryOf(o, n-2, time.Second)
	w.Faults.Add(storetest.Rule{Action: "BatchGetItem", Skip: 2, Times: 1, Fault: storetest.First(func() { w.Drop(k) })})
	s := newest(10, 0)
	s.Descending = false
	_, got, err := find(t, w, ann, s)
	if err != nil || len(got) != 9 {
		t.Errorf("%d events, %v", len(got), err)
	}
}

// What a stranger asks of a log costs its organization next to nothing, and tells by no time what is in it.
func TestARefusedSearchCostsLittleAndWaitsForNothing(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann, bob := w.Person("ann"), w.Person("bob")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	w.Org("bolt", storetest.Active(bob, org.Admin))
	keep(w, o, 2000, time.Second)
	w.Faults.Add(storetest.Rule{Action: "BatchGetItem", Fault: storetest.First(late)})
	units := meter(w)
	if _, _, err := find(t, w, bob, newest(10, 0, of(o))); !errors.Is(err, org.ErrNotMember) {
		t.Error(err)
	}
	if got := units(); got > 30 {
		t.Errorf("%v units", got)
	}
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		bob := w.Person("bob")
		o := w.Org("acme", storetest.Active(w.Person("ann"), org.Admin))
		w.Faults.Add(storetest.Rule{Action: "Query", Fault: func(r *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}})
		begun := time.Now()
		if _, _, err := find(t, w, bob, newest(10, 0, of(o))); !errors.Is(err, org.ErrNotMember) || time.Since(begun) > 0 {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

// late lets what is read side by side come before a look.
func late() { time.Sleep(300 * time.Millisecond) }

func TestNobodyElseReadsTheLog(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann, bob, dan, fox := w.Person("ann"), w.Person("bob"), w.Person("dan"), w.Account("fox")
	o := w.Org("acme", storetest.Active(ann, org.Admin), storetest.Invited(dan, org.Admin))
	other := w.Org("bolt", storetest.Active(bob, org.Admin))
	gone := w.Org("gone", storetest.Active(w.Person("gus"), org.Admin))
	w.Set(storetest.OrgKey(gone), storetest.Item{"deleted_at": storetest.Stamp(storetest.Start)})
	signedOut := w.Person("sue")
	w.Org("sues", storetest.Active(signedOut, org.Admin))
	w.Set(storetest.AccountKey("sue"), storetest.Item{"signed_out_ms": storetest.Start.UnixMilli()})
	for name, c := range map[string]struct {
		who  storetest.Person
		o    org.ID
		want error
	}{
		"another's, by its id":          {bob, o, org.ErrNotMember},
		"somebody invited, by its id":   {dan, o, org.ErrNotMember},
		"somebody without one":          {fox, "", org.ErrNotMember},
		"somebody whom nobody knows":    {w.Person("new"), "", org.ErrNotMember},
		"of a deleted one":              {storetest.Person{ID: "gus", Address: "Gus@Example.com"}, "", org.ErrNotMember},
		"of a deleted one, by its id":   {storetest.Person{ID: "gus", Address: "Gus@Example.com"}, gone, org.ErrNotMember},
		"somebody signed out":           {signedOut, "", account.ErrRevoked},
		"somebody signed out, by an id": {signedOut, other, account.ErrRevoked},
	} {
		_, _, err := w.DB.LookLog(t.Context(), c.who.Caller(), c.o, activity.Window{From: storetest.Start})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

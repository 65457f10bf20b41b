package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// record is the ORG row of an organization as the stream tells it.
func record(o org.ID, deleted bool, sequence string) events.DynamoDBEventRecord {
	keys := map[string]events.DynamoDBAttributeValue{
		"PK": events.NewStringAttribute("ORG#" + string(o)), "SK": events.NewStringAttribute("ORG"),
	}
	image := map[string]events.DynamoDBAttributeValue{"PK": keys["PK"], "SK": keys["SK"]}
	if deleted {
		image["deleted_at"] = events.NewStringAttribute("2026-01-01T00:00:00.000000Z")
	}
	return events.DynamoDBEventRecord{Change: events.DynamoDBStreamRecord{Keys: keys, NewImage: image, SequenceNumber: sequence}}
}

func batch(records ...events.DynamoDBEventRecord) []events.DynamoDBEventRecord { return records }

// world has two organizations of two members and one invited person each.
func world(t *testing.T) (w *storetest.World, acme, bolt org.ID) {
	t.Helper()
	w = storetest.New(t)
	eve := w.Person("eve")
	acme = w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Active(w.Person("bob"), org.Technical), storetest.Invited(eve, org.Admin))
	bolt = w.Org("bolt", storetest.Active(w.Person("cem"), org.Admin), storetest.Active(w.Person("dan"), org.Technical), storetest.Invited(eve, org.Admin))
	return w, acme, bolt
}

func remove(t *testing.T, w *storetest.World, o org.ID, by string) {
	t.Helper()
	seen, err := w.DB.Look(t.Context(), w.Person(by).Caller(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.DB.DeleteOrg(t.Context(), seen); err != nil {
		t.Fatal(err)
	}
}

// left counts what the table holds of an organization, its own rows and what points to it.
func left(w *storetest.World, o org.ID) (n int) {
	for k, i := range w.Dump() {
		if k.PK == "ORG#"+string(o) || k.SK == "INVITED#"+string(o) || i["org_id"] == string(o) {
			n++
		}
	}
	return n
}

func none(t *testing.T, r events.DynamoDBEventResponse) {
	t.Helper()
	if diff := cmp.Diff([]events.DynamoDBBatchItemFailure{}, r.BatchItemFailures); diff != "" {
		t.Errorf("to come again (-want +got):\n%s", diff)
	}
}

func TestADeletedOrganizationIsErasedAndNothingElse(t *testing.T) {
	t.Parallel()
	w, acme, bolt := world(t)
	before := left(w, bolt)
	remove(t, w, acme, "ann")
	none(t, purge(t.Context(), w.DB, batch(record(acme, true, "1"))))
	if n := left(w, acme); n != 0 {
		t.Errorf("%d items are left", n)
	}
	if after := left(w, bolt); after != before || before == 0 {
		t.Errorf("the other organization had %d items and has %d", before, after)
	}
	dump := w.Dump()
	none(t, purge(t.Context(), w.DB, batch(record(acme, true, "1"), record(acme, true, "2"))))
	if changes := w.Changes(dump, w.Dump()); changes != "\n" {
		t.Errorf("a delivery again changed%s", changes)
	}
	if broken := w.Dump().Broken(); len(broken) != 0 {
		t.Errorf("%q", broken)
	}
}

func TestALiveOrganizationIsNotErasedWhateverTheRecordSays(t *testing.T) {
	t.Parallel()
	w, acme, bolt := world(t)
	remove(t, w, bolt, "cem")
	dump := w.Dump()
	none(t, purge(t.Context(), w.DB, batch(record(acme, true, "1"), record(bolt, false, "2"))))
	if changes := w.Changes(dump, w.Dump()); changes != "\n" {
		t.Errorf("it changed%s", changes)
	}
}

func TestAFailureLeavesWhatIsBehindItForLater(t *testing.T) {
	t.Parallel()
	w, acme, bolt := world(t)
	remove(t, w, acme, "ann")
	remove(t, w, bolt, "cem")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := purge(ctx, w.DB, batch(record(acme, false, "1"), record(acme, true, "2"), record(bolt, true, "3")))
	if diff := cmp.Diff([]events.DynamoDBBatchItemFailure{{ItemIdentifier: "2"}}, got.BatchItemFailures); diff != "" {
		t.Errorf("to come again (-want +got):\n%s", diff)
	}
	none(t, purge(t.Context(), w.DB, batch(record(acme, true, "2"), record(bolt, true, "3"))))
	if left(w, acme)+left(w, bolt) != 0 {
		t.Error("something is left")
	}
}

func TestAPassThatHasNoTimeLeftWakesTheNext(t *testing.T) {
	t.Parallel()
	w, acme, _ := world(t)
	remove(t, w, acme, "ann")
	ctx, cancel := context.WithTimeout(t.Context(), reserve) // of which nothing is for the purge
	defer cancel()
	none(t, purge(ctx, w.DB, batch(record(acme, true, "1"))))
	row := w.Get(storetest.OrgKey(acme))
	if row["deleted_at"] == nil || row["purged_at"] == nil {
		t.Errorf("the row is %v; it must note that a pass was made", row)
	}
	none(t, purge(t.Context(), w.DB, batch(record(acme, true, "2"))))
	if n := left(w, acme); n != 0 {
		t.Errorf("%d items are left", n)
	}
}

func TestWhichRecordsTellOfADeletion(t *testing.T) {
	t.Parallel()
	const o = org.ID("0f8fad5b-d9cb-469f-a165-70867728950e")
	number, nonsense, keyless := record(o, true, "1"), record("nonsense", true, "1"), record(o, true, "1")
	number.Change.Keys["PK"] = events.NewNumberAttribute("1")
	keyless.Change.Keys = nil
	gone := record(o, true, "1")
	gone.Change.OldImage, gone.Change.NewImage = gone.Change.NewImage, nil
	for name, c := range map[string]struct {
		r    events.DynamoDBEventRecord
		want org.ID
	}{
		"a deleted organization":         {record(o, true, "1"), o},
		"a live one":                     {record(o, false, "1"), ""},
		"one whose row is gone":          {gone, ""},
		"one whose id is none":           {nonsense, ""},
		"one whose key is a number":      {number, ""},
		"one without keys":               {keyless, ""},
		"nothing":                        {events.DynamoDBEventRecord{}, ""},
		"a deleted one, id in capitals":  {record("0F8FAD5B-D9CB-469F-A165-70867728950E", true, "1"), o},
		"a deleted one that was touched": {record(o, true, "2"), o},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := deleted(c.r); ok != (c.want != "") || ok && got != c.want {
				t.Errorf("%q, %v; want %q", got, ok, c.want)
			}
		})
	}
}

func TestAPassEndsBeforeItsFunctionDoes(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	if got := end(ctx); !got.Equal(deadline.Add(-reserve)) {
		t.Errorf("a pass ends %v before its function", deadline.Sub(got))
	}
	if got := end(t.Context()); !got.After(time.Now()) {
		t.Errorf("without a deadline a pass has no time: %v", got)
	}
}

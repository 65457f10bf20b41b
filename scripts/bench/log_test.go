package bench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
	"roster/shared/store/storetest"
)

var entries = flag.Int("log.entries", 12_000, "how many entries the large log has")

// What a function has (DESIGN.md §9): megabytes, and the time to answer.
const (
	functionMB   = 256
	functionTime = 10 * time.Second
)

// TestALargeLogIsAnsweredExactly asks the function itself for a window of everything, and holds it to its
// memory and its time, and a window of 200 entries to what it costs where there is nothing else.
func TestALargeLogIsAnsweredExactly(t *testing.T) {
	t.Parallel()
	c, p := cloudtest.Behind(t, cloud.Options{})
	p.Meter = true
	small, large := newArchive(t, c, 200), newArchive(t, c, *entries)
	p.Forget()
	window := func(a *archive) float64 {
		got := a.find(t, object{"filters": []any{a.since(199)}})
		if got.At("page_totals.total_items") != 200.0 {
			t.Errorf("%v of 200 entries", got.At("page_totals"))
		}
		return spent(t, p)
	}
	few, many := window(small), window(large)
	if few != many || few == 0 {
		t.Errorf("200 entries cost %v units, and %v in a log of %d", few, many, *entries)
	}

	binary := c.Function("event-search").Config().Binary
	before, begun := cpu(t, binary), time.Now()
	last := (*entries - 1) / 100
	got := large.find(t, object{"filters": []any{large.since(*entries - 1)}, "page_params": object{"page_size": 100, "index": last}})
	took, worked, held := time.Since(begun), cpu(t, binary)-before, peak(t, binary)
	large.wantLast(t, got, last)
	units := spent(t, p)
	if took > functionTime || held > functionMB<<20 {
		t.Errorf("it took %v and %d MB", took, held>>20)
	}
	logs.add(fmt.Sprint(*entries), fmt.Sprint(many), fmt.Sprint(units), fmt.Sprint(took.Milliseconds()), fmt.Sprint(worked.Milliseconds()), fmt.Sprint(held>>20))
}

type object = map[string]any

// spent is what the one call of event-search consumed since it was last asked.
func spent(t *testing.T, p *cloudtest.Proxy) float64 {
	t.Helper()
	calls := p.Calls("event-search")
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	p.Forget()
	return cloudtest.Consumed(calls[0]).Reads
}

// peak is the most memory that a process of the binary ever had, in bytes.
func peak(t *testing.T, binary string) (most int64) {
	t.Helper()
	for _, process := range processes(t, binary) {
		raw, _ := os.ReadFile(filepath.Join(process, "status")) // or it has ended
		if _, rest, ok := strings.Cut(string(raw), "VmHWM:"); ok {
			var kB int64
			fmt.Sscan(rest, &kB)
			most = max(most, kB<<10)
		}
	}
	if most == 0 {
		t.Fatal("no process tells its memory")
	}
	return most
}

// An archive is an organization with a large log: one entry a minute, the newest a minute ago.
type archive struct {
	who   *cloudtest.Person
	id    string
	size  int
	begun time.Time
}

func newArchive(t *testing.T, c *cloudtest.Cloud, size int) *archive {
	t.Helper()
	a := &archive{who: c.Person(t, "ann"), size: size, begun: time.Now().UTC().Truncate(time.Second).Add(-time.Minute)}
	a.id = a.who.Org(t, "Archive")
	db := dynamodb.New(dynamodb.Options{
		Region: engine.Region, BaseEndpoint: &c.DynamoDB,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: engine.AccessKey, SecretAccessKey: engine.SecretKey}, nil
		}),
	})
	streaming(t, db, c.Table, false)
	defer streaming(t, db, c.Table, true)
	g, ctx := errgroup.WithContext(t.Context())
	g.SetLimit(4)
	for from := 0; from < size; from += 1000 {
		g.Go(func() error { return a.fill(ctx, db, c.Table, from, min(from+1000, size)) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("filled %d in %v", size, time.Since(a.begun)-time.Minute)
	return a
}

// streaming turns the table's stream on or off: filling wakes nobody.
func streaming(t *testing.T, db *dynamodb.Client, table string, on bool) {
	t.Helper()
	as := &types.StreamSpecification{StreamEnabled: aws.Bool(on)}
	if on {
		as.StreamViewType = types.StreamViewTypeNewAndOldImages
	}
	if _, err := db.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: &table, StreamSpecification: as}); err != nil {
		t.Fatal(err)
	}
}

func (a *archive) at(n int) time.Time { return a.begun.Add(-time.Duration(n) * time.Minute) }

// idOf is the id of the nth entry, the newest being the 0th.
func idOf(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func (a *archive) fill(ctx context.Context, db *dynamodb.Client, table string, from, to int) error {
	items := map[storetest.Key]storetest.Item{}
	for n := from; n < to; n++ {
		at := a.at(n)
		items[storetest.Key{PK: "ORG#" + a.id, SK: fmt.Sprintf("EVENT#%016d#%s", at.UnixMicro(), idOf(n))}] = storetest.Item{
			"id": idOf(n), "timestamp": storetest.Stamp(at), "actor": a.who.ID, "role": "Admin", "ip": "192.0.2.1",
			"agent":      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
			"request_id": uuid.NewString(), "action": "UPDATE", "ttl": at.AddDate(1, 0, 0).Unix(),
			"objects": []any{object{
				"id": a.id, "name": "Archive", "type": "organization", "initial": object{"name": "Archive"}, "result": object{"name": "Archive"},
			}},
		}
	}
	return write(ctx, db, table, items)
}

// find asks for a page of the log until the newest of the archive's own entries.
func (a *archive) find(t *testing.T, fsp object) cloudtest.Answer {
	t.Helper()
	fsp["filters"] = append(fsp["filters"].([]any), limit(a.begun, "LESS_OR_EQUAL"), object{"field": object{"name": "organization_id", "value": a.id}})
	return a.who.Do(t, "POST", "/v1/events:search", object{"fsp": fsp}).Want(t, 200)
}

func (a *archive) since(n int) object { return limit(a.at(n), "GREATER_OR_EQUAL") }

func limit(at time.Time, is string) object {
	return object{"field": object{"name": "timestamp", "value": at.Format(time.RFC3339Nano)}, "filter_type": is}
}

// wantLast holds an answer to the totals of everything, and to the last page, whose entries are whole.
func (a *archive) wantLast(t *testing.T, got cloudtest.Answer, last int) {
	t.Helper()
	if got.At("page_totals.total_items") != float64(a.size) || got.At("page_totals.total_pages") != float64(last+1) {
		t.Errorf("totals %v of %d entries", got.At("page_totals"), a.size)
	}
	page := got.At("events").([]any)
	if len(page) != a.size-100*last {
		t.Fatalf("%d entries on the last page", len(page))
	}
	for i, e := range page {
		if e := e.(object); e["id"] != idOf(100*last+i) || e["user_ip_address"] != "192.0.2.1" || len(e["objects"].([]any)) != 1 {
			t.Errorf("the entry %d is %v", 100*last+i, e)
		}
	}
}

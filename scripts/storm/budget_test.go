package storm

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

var (
	crowded = flag.Int("storm.members", 1000, "how many members the larger organization has, whose operations must consume as little")
	update  = flag.Bool("storm.update", false, "write what operations consume to testdata")
)

// budgets is what each operation of trips may consume, of read and of write units.
const budgets = "testdata/capacity.golden"

// TestOperationsConsumeWhatTheyDidHoweverLargeTheOrganization holds one call of each operation to its
// budget, in an organization of a few and in one of many. Listing members alone grows with them.
func TestOperationsConsumeWhatTheyDidHoweverLargeTheOrganization(t *testing.T) {
	t.Parallel()
	settings := maps.Clone(lenient)
	confirm, p := cloudtest.Behind(t, cloud.Options{Settings: settings})
	settings = maps.Clone(lenient)
	settings["ROSTER_INVITE_EXISTING"] = "join"
	join, q := cloudtest.Behind(t, cloud.Options{Settings: settings})
	p.Meter, q.Meter = true, true
	known, got := allowed(t), strings.Builder{}
	for _, r := range trips() {
		name := r.name()
		c, proxy := confirm, p
		if r.join {
			c, proxy = join, q
		}
		few := r.consumes(t, c, proxy, 0)
		fmt.Fprintf(&got, "%s: %g read, %g write\n", name, few.Reads, few.Writes)
		if !*update {
			within(t, name, few, known[name])
		}
		if r.operation != "member-search" {
			within(t, fmt.Sprintf("%s, of %d members", name, *crowded), r.consumes(t, c, proxy, *crowded), few)
		}
	}
	if *update {
		if err := os.WriteFile(budgets, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func within(t *testing.T, name string, got, most cloudtest.Capacity) {
	t.Helper()
	if got.Reads > most.Reads || got.Writes > most.Writes {
		t.Errorf("%s consumes %+v, and may %+v", name, got, most)
	}
}

func allowed(t testing.TB) map[string]cloudtest.Capacity {
	t.Helper()
	raw, err := os.ReadFile(budgets)
	if err != nil && !*update {
		t.Fatal(err)
	}
	all := map[string]cloudtest.Capacity{}
	for line := range strings.Lines(string(raw)) {
		name, units, _ := strings.Cut(line, ": ")
		var c cloudtest.Capacity
		if _, err := fmt.Sscanf(units, "%g read, %g write", &c.Reads, &c.Writes); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all[name] = c
	}
	return all
}

// consumes is what one call consumes, in the scene's first organization with so many more members.
func (r trip) consumes(t *testing.T, c *cloudtest.Cloud, p *cloudtest.Proxy, members int) cloudtest.Capacity {
	t.Helper()
	s := &scene{t: t, c: c}
	asks := r.set(s)
	settle(t, c)
	if members > 0 && len(s.orgs) > 0 {
		s.crowd(s.orgs[0], members)
		settle(t, c) // a stream that is turned on again tells what it told before
	}
	p.Forget()
	a, err := asks.send(c, 0)
	if kind := s.kind(a, err); kind != "200" {
		t.Fatalf("%s was answered %s %s", r.operation, kind, a.Raw)
	}
	s.until(func() bool { return len(p.Calls(r.operation)) > 0 })
	settle(t, c)
	return cloudtest.Consumed(p.Calls(r.operation)[0])
}

// crowd adds members to an organization who do nothing.
func (s *scene) crowd(o string, n int) {
	s.t.Helper()
	s.stream(false)
	defer s.stream(true)
	g, ctx := errgroup.WithContext(s.t.Context())
	g.SetLimit(4)
	for left := n; left > 0; left -= 25 {
		g.Go(func() error { return s.some(ctx, o, min(left, 25)) })
	}
	if err := g.Wait(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) some(ctx context.Context, o string, n int) error {
	var requests []types.WriteRequest
	for range n {
		item := raw{}
		for name, v := range map[string]string{
			"PK": "ORG#" + o, "SK": "MEMBER#" + uuid.NewString(), "status": "ACTIVE", "role": "Technical",
			"email": cloudtest.Address("one"), "first_name": "One", "last_name": "Of-Many", "account": uuid.NewString(),
		} {
			item[name] = &types.AttributeValueMemberS{Value: v}
		}
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
	}
	_, err := client(s.c).BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{s.c.Table: requests},
	})
	return err
}

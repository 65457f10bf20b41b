package storm

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// A large is a place with a crowd: an organization, and one that is linked to a company.
type large struct {
	c        *cloudtest.Cloud
	ann      *cloudtest.Person // Admin of the one
	org      string
	company  string
	contacts []*cloudtest.Person // of the company; the first is Admin of the other
}

// mostEvents is how long a crowd's log gets: the local engine takes seconds to count longer ones.
const mostEvents = 10_000

// newLarge makes organizations with so many members, a tenth as many invitations, a hundredth as many
// servers, and an event for each of the first members, a month old. Only one of them gets a crowd where
// no row is about a company.
func newLarge(t testing.TB, c *cloudtest.Cloud, n int, companies bool) *large {
	t.Helper()
	s := &scene{t: t, c: c}
	l := &large{c: c, ann: s.person("ann")}
	l.org = s.found(l.ann)
	linked, all := s.linked(1)
	l.company, l.contacts = s.customers[0], all
	settle(t, c)
	s.stream(false)
	defer settle(t, c) // a stream that is turned on again tells what it told before
	defer s.stream(true)
	g, ctx := errgroup.WithContext(t.Context())
	g.SetLimit(4)
	crowded := []string{l.org}
	if companies {
		crowded = append(crowded, linked)
	}
	for _, o := range crowded {
		throng{o, time.Now().AddDate(0, -1, 0)}.come(ctx, g, c, n)
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	return l
}

// admit makes somebody an Admin of the large organization.
func (l *large) admit(t testing.TB, p *cloudtest.Person) string {
	t.Helper()
	l.ann.Do(t, "POST", "/v1/orgs/"+l.org+"/members", object{"username": p.Email, "role": "Admin"}).Want(t, 200)
	p.Do(t, "POST", "/v1/invitations/"+l.org+":accept", nil).Want(t, 200)
	return l.org
}

// A throng is in an organization and does nothing.
type throng struct {
	org string
	at  time.Time // when they came
}

// come writes the throng's items.
func (w throng) come(ctx context.Context, g *errgroup.Group, c *cloudtest.Cloud, n int) {
	var items []raw
	flush := func(most int) {
		if len(items) < most {
			return
		}
		batch := items
		items = nil
		g.Go(func() error { return putAll(ctx, c, batch) })
	}
	for i := range n {
		items = append(items, w.member(i, "ACTIVE"))
		if i < mostEvents {
			items = append(items, w.event(i))
		}
		if i%10 == 0 {
			items = append(items, w.member(n+i, "PROVISIONED"), w.invitation(n+i), w.pointer(n+i))
		}
		if i%100 == 0 {
			items = append(items, w.server(i))
		}
		flush(20)
	}
	flush(1)
}

// putAll writes up to a batch of items.
func putAll(ctx context.Context, c *cloudtest.Cloud, items []raw) error {
	var requests []types.WriteRequest
	for _, i := range items {
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: i}})
	}
	out, err := client(c).BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{c.Table: requests},
	})
	if err == nil && len(out.UnprocessedItems) > 0 {
		return fmt.Errorf("%d items were not written", len(out.UnprocessedItems[c.Table]))
	}
	return err
}

// texted is an item of texts, with the time at which it is swept where it has one.
func texted(k storetest.Key, ttl time.Time, pairs ...string) raw {
	i := raw{"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK}}
	if !ttl.IsZero() {
		i["ttl"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(ttl.Unix(), 10)}
	}
	for n := 0; n < len(pairs); n += 2 {
		i[pairs[n]] = &types.AttributeValueMemberS{Value: pairs[n+1]}
	}
	return i
}

func address(i int) account.Address {
	return account.Address(fmt.Sprintf("one.of.many.%d@crowd.example", i))
}

func (w throng) member(i int, status string) raw {
	texts := []string{"status", status, "role", "Technical", "email", string(address(i)), "first_name", "One", "last_name", "Of-Many", "account", uuid.NewString()}
	if status == "PROVISIONED" {
		ends := storetest.Stamp(time.Now().Add(org.InvitationLife))
		texts = []string{"status", status, "role", "Technical", "email", string(address(i)), "first_name", "", "last_name", "", "invited_by", "Ann Test", "expires_at", ends}
	}
	return texted(storetest.MemberKey(org.ID(w.org), address(i)), time.Time{}, texts...)
}

func (w throng) invitation(i int) raw {
	ends := time.Now().Add(org.InvitationLife)
	return texted(storetest.InvitationKey(org.ID(w.org), address(i)), ends,
		"mail", uuid.NewString(), "delivery", "delivered", "link", "nobody's", "invited_by", "Ann Test",
		"queued_at", storetest.Stamp(w.at), "sent_at", storetest.Stamp(w.at), "expires_at", storetest.Stamp(ends))
}

func (w throng) pointer(i int) raw {
	return texted(storetest.PointerKey(org.ID(w.org), address(i)), time.Time{})
}

func (w throng) server(i int) raw {
	return texted(storetest.ServerKey(org.ID(w.org), fmt.Sprintf("%s-%d", w.org, i)), time.Time{},
		"name", "PMM", "url", "http://localhost", "credential", "nobody's", "connected_by", uuid.NewString())
}

func (w throng) event(i int) raw {
	at, id := w.at.Add(time.Duration(i)*time.Millisecond).UTC(), uuid.NewString()
	e := texted(storetest.Key{PK: "ORG#" + w.org, SK: fmt.Sprintf("EVENT#%016d#%s", at.UnixMicro(), id)}, at.AddDate(1, 0, 0),
		"id", id, "timestamp", storetest.Stamp(at), "actor", uuid.NewString(), "role", "Admin", "ip", "192.0.2.1",
		"agent", "test", "request_id", uuid.NewString(), "action", "LOG_IN")
	e["objects"] = &types.AttributeValueMemberL{}
	return e
}

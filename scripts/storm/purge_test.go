package storm

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

func TestALargeOrganizationIsDeletedInTwoRoundTripsAndErasedWhateverHappens(t *testing.T) {
	t.Parallel()
	c, p := cloudtest.Behind(t, cloud.Options{Settings: lenient})
	s := &scene{t: t, c: c}
	ann, o := s.large()
	movers := s.people[2:]
	cutOff(c, p, dice(4))
	p.Forget()
	ann.Do(t, "DELETE", "/v1/orgs/"+o, nil).Want(t, 200)
	if calls := p.Calls("org-delete"); len(calls) != 1 || len(calls[0]) != 2 || cloudtest.Trips(calls[0]) != 2 {
		t.Errorf("org-delete asked DynamoDB for %v; want two round trips", calls)
	}
	s.until(func() bool { return len(p.Calls("org-purge")) > 0 })
	s.stream(false) // the record is on its way, and is tried again until it is done with
	kept := map[string]string{}
	for _, m := range movers {
		if orgs := m.Do(t, "POST", "/v1/orgs:search", nil).Want(t, 200).At("orgs").([]any); len(orgs) > 0 {
			t.Errorf("%s is still in %v", m.Email, orgs)
		}
		kept[m.ID] = m.Org(t, "Elsewhere")
	}
	begun := time.Now()
	s.until(func() bool { return s.erased(o) })
	t.Logf("erased after %v by %d invocations", time.Since(begun).Round(100*time.Millisecond), len(p.Calls("org-purge")))
	if len(p.Calls("org-purge")) < 3 { // it is killed twice at least
		t.Error("the purge was not cut off")
	}
	s.examineErased(o, kept)
}

// stream turns the table's stream off, and on again. The local engine counts all records of it at each
// write, and there would be thousands.
func (s *scene) stream(on bool) {
	s.t.Helper()
	as := &types.StreamSpecification{StreamEnabled: &on}
	if on {
		as.StreamViewType = types.StreamViewTypeNewAndOldImages
	}
	_, err := client(s.c).UpdateTable(s.t.Context(), &dynamodb.UpdateTableInput{TableName: &s.c.Table, StreamSpecification: as})
	if err != nil {
		s.t.Fatal(err)
	}
}

// until waits for something that happens in the background.
func (s *scene) until(done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("it does not happen within %v", patience)
		}
	}
}

// cutOff kills org-purge at random points of its work and fails its requests, for a while.
func cutOff(c *cloudtest.Cloud, p *cloudtest.Proxy, r *rand.Rand) {
	f := p.Of("org-purge")
	f.Dice = r.Float64
	all := *many * 4 / 5 // requests, or a bit less
	for at := r.IntN(all / 20); at < all; at += all/5 + r.IntN(all*2/5) {
		f.Add(storetest.Rule{Skip: at, Times: 1, Fault: storetest.First(func() { go c.Function("org-purge").Kill() })})
	}
	f.Add(storetest.Rule{Skip: all*2/5 + r.IntN(all/4), Times: 60, Fault: storetest.Timeout})
	f.Add(storetest.Rule{Action: "BatchWriteItem", Fault: storetest.Half, Chance: 0.05})
	bad(f)
}

// large makes an organization: ann founded it, a member and somebody invited are copied so often
// that it has as many as it should, and three more members will go elsewhere.
func (s *scene) large() (ann *cloudtest.Person, o string) {
	s.t.Helper()
	ann = s.person("ann")
	o = s.found(ann)
	bob := s.joined(ann, o, "bob", "Technical")
	for range 3 {
		s.joined(ann, o, "mover", "Technical")
	}
	eve := s.stranger("eve")
	ann.Invite(s.t, o, eve, "Technical")
	s.c.Do(s.t, "POST", "/v1/auth/ValidateToken", "", object{"activation_token": s.c.Link(s.t, eve, 0)}).Want(s.t, 200)
	s.settle()
	s.stream(false)
	defer s.stream(true)
	g, ctx := errgroup.WithContext(s.t.Context())
	g.SetLimit(8)
	s.copy(ctx, g, o, bob.Email, bob.ID, *many-5)
	s.copy(ctx, g, o, eve, "nobody's account", *many/10-1)
	if err := g.Wait(); err != nil {
		s.t.Fatal(err)
	}
	return ann, o
}

// copy writes somebody's items again n times, as other people's: what the functions wrote for one.
func (s *scene) copy(ctx context.Context, g *errgroup.Group, o, email, id string, n int) {
	s.t.Helper()
	member := string(org.MemberOf(org.ID(o), account.Address(email)))
	originals := s.about(o, email, id, member)
	for first := 0; first < n; first += 5 {
		var requests []types.WriteRequest
		for i := first; i < min(n, first+5); i++ {
			address := fmt.Sprintf("copy.%d.%s", i, email)
			as := []string{email, address, id, uuid.NewString(), member, string(org.MemberOf(org.ID(o), account.Address(address)))}
			for _, item := range originals {
				requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: renamed(item, as)}})
			}
		}
		if len(requests) > 25 {
			s.t.Fatalf("%d items are more than one batch", len(requests))
		}
		g.Go(func() error {
			out, err := client(s.c).BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{s.c.Table: requests},
			})
			if err == nil && len(out.UnprocessedItems) > 0 {
				return fmt.Errorf("%d items were not written", len(out.UnprocessedItems))
			}
			return err
		})
	}
}

type raw = map[string]types.AttributeValue

// about returns the items in which one of the marks stands, as the table holds them.
func (s *scene) about(o string, marks ...string) []raw {
	s.t.Helper()
	var found []raw
	for pages := dynamodb.NewScanPaginator(client(s.c), &dynamodb.ScanInput{TableName: &s.c.Table}); pages.HasMorePages(); {
		page, err := pages.NextPage(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		for _, i := range page.Items {
			all := fmt.Sprint(texts(&types.AttributeValueMemberM{Value: i}))
			for _, m := range marks {
				if strings.Contains(all, m) {
					found = append(found, i)
					break
				}
			}
		}
	}
	return found
}

// texts lists all texts in a value.
func texts(v types.AttributeValue) (all []string) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		all = append(all, v.Value)
	case *types.AttributeValueMemberM:
		for _, x := range v.Value {
			all = append(all, texts(x)...)
		}
	case *types.AttributeValueMemberL:
		for _, x := range v.Value {
			all = append(all, texts(x)...)
		}
	}
	return all
}

// renamed returns a copy of an item in which every text was replaced, pair by pair. An event gets an
// id of its own, and a state token a hash.
func renamed(i raw, pairs []string) raw {
	if id, ok := i["id"].(*types.AttributeValueMemberS); ok {
		pairs = append(pairs[:len(pairs):len(pairs)], id.Value, uuid.NewString())
	}
	if sk := i["SK"].(*types.AttributeValueMemberS).Value; strings.HasPrefix(sk, "STATE#") {
		pairs = append(pairs[:len(pairs):len(pairs)], sk, "STATE#"+uuid.NewString())
	}
	with := strings.NewReplacer(pairs...)
	return replaced(&types.AttributeValueMemberM{Value: i}, with).(*types.AttributeValueMemberM).Value
}

func replaced(v types.AttributeValue, with *strings.Replacer) types.AttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return &types.AttributeValueMemberS{Value: with.Replace(v.Value)}
	case *types.AttributeValueMemberM:
		m := maps.Clone(v.Value)
		for k := range m {
			m[k] = replaced(m[k], with)
		}
		return &types.AttributeValueMemberM{Value: m}
	case *types.AttributeValueMemberL:
		var l []types.AttributeValue
		for _, x := range v.Value {
			l = append(l, replaced(x, with))
		}
		return &types.AttributeValueMemberL{Value: l}
	}
	return v
}

// erased reports whether nothing is left in the organization's partition.
func (s *scene) erased(o string) bool {
	s.t.Helper()
	out, err := client(s.c).GetItem(s.t.Context(), &dynamodb.GetItemInput{TableName: &s.c.Table, Key: raw{
		"PK": &types.AttributeValueMemberS{Value: "ORG#" + o}, "SK": &types.AttributeValueMemberS{Value: "ORG"},
	}})
	if err != nil {
		s.t.Fatal(err)
	}
	return out.Item == nil
}

// examineErased holds the table to having nothing of the organization, but all accounts: free, or in
// the organization that they went to meanwhile.
func (s *scene) examineErased(o string, kept map[string]string) {
	s.t.Helper()
	accounts, left := 0, 0
	for k, i := range whole(s.t, s.c) {
		if k.PK == "ORG#"+o || k.SK == "INVITED#"+o || text(i, "org_id") == o {
			if left++; left < 5 {
				s.t.Errorf("%s %s is left", k.PK, k.SK)
			}
		}
		if id, ok := strings.CutPrefix(k.PK, "ACCOUNT#"); ok {
			accounts++
			if text(i, "org_id") != kept[id] {
				s.t.Errorf("account %s is in %q; want %q", id, text(i, "org_id"), kept[id])
			}
		}
	}
	if left > 0 || accounts != *many {
		s.t.Errorf("%d items are left, and %d accounts; want none, and %d", left, accounts, *many)
	}
}

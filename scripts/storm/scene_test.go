package storm

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// A scene is a few people and organizations that nothing else in the table touches.
type scene struct {
	t     testing.TB
	c     *cloudtest.Cloud
	noisy bool // faults happen while it is on
	// doubled says that batches of the stream may be handed over side by side, so that each mails.
	doubled bool

	people []*cloudtest.Person
	others []string // addresses without account
	orgs   []string

	customers []string // ids of companies that the CRM knows
	in        *large   // where it plays, instead of in organizations of its own
	answers   []cloudtest.Answer
}

// person makes somebody new.
func (s *scene) person(name string) *cloudtest.Person {
	s.t.Helper()
	p := s.c.Person(s.t, name)
	s.people = append(s.people, p)
	return p
}

// stranger returns an address that has no account.
func (s *scene) stranger(name string) string {
	a := cloudtest.Address(name)
	s.others = append(s.others, a)
	return a
}

func (s *scene) strangers(n int) []string {
	for range n {
		s.stranger("guest")
	}
	return s.others[len(s.others)-n:]
}

// found makes an organization of ann's, or makes her an Admin of the large one.
func (s *scene) found(ann *cloudtest.Person) string {
	s.t.Helper()
	if s.in != nil {
		return s.in.admit(s.t, ann)
	}
	o := ann.Org(s.t, "Acme")
	s.orgs = append(s.orgs, o)
	return o
}

// joined makes somebody new who is a member.
func (s *scene) joined(by *cloudtest.Person, o, name, role string) *cloudtest.Person {
	s.t.Helper()
	p := by.Join(s.t, o, name, role)
	s.people = append(s.people, p)
	return p
}

// invited makes somebody new with an account and an open invitation.
func (s *scene) invited(by *cloudtest.Person, o, name, role string) *cloudtest.Person {
	s.t.Helper()
	p := s.person(name)
	by.Invite(s.t, o, p.Email, role)
	return p
}

// row is the path of somebody's row.
func row(o, email string) string {
	return "/v1/orgs/" + o + "/members/" + string(org.MemberOf(org.ID(o), account.Address(email)))
}

// settle waits until mails are sent and deleted organizations erased.
func (s *scene) settle() {
	s.t.Helper()
	settle(s.t, s.c)
}

func settle(t testing.TB, c *cloudtest.Cloud) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Settled(ctx); err != nil {
		t.Fatalf("the background work does not settle: %v", err)
	}
}

// addresses are all that the scene is about.
func (s *scene) addresses() []string {
	all := append([]string(nil), s.others...)
	for _, p := range s.people {
		all = append(all, p.Email)
	}
	return all
}

// dump reads what the table holds of the scene. An organization that a racer made is found by its
// account.
func (s *scene) dump() storetest.Dump {
	s.t.Helper()
	d := storetest.Dump{}
	for _, a := range s.addresses() {
		partition(s.t, s.c, d, "EMAIL#"+strings.ToLower(a))
	}
	seen := map[string]bool{}
	for _, p := range s.people {
		partition(s.t, s.c, d, "ACCOUNT#"+p.ID)
		if o := text(d[storetest.AccountKey(account.ID(p.ID))], "org_id"); o != "" {
			seen[o] = true
		}
	}
	for _, o := range s.orgs {
		seen[o] = true
	}
	for _, id := range s.customers {
		partition(s.t, s.c, d, "CUSTOMER#"+id)
		if o := text(d[storetest.CustomerKey(id)], "org"); o != "" {
			seen[o] = true
		}
	}
	for o := range seen {
		partition(s.t, s.c, d, "ORG#"+o)
	}
	var activated []string // accounts that a racer made
	for _, i := range d {
		if sub := text(i, "sub"); sub != "" {
			activated = append(activated, sub)
		}
	}
	for _, sub := range activated {
		partition(s.t, s.c, d, "ACCOUNT#"+sub)
	}
	return d
}

func text(i storetest.Item, name string) string {
	v, _ := i[name].(string)
	return v
}

// clients are the engines', past all proxies, by endpoint.
var clients sync.Map

func client(c *cloudtest.Cloud) *dynamodb.Client {
	known, ok := clients.Load(c.DynamoDB)
	if !ok {
		known, _ = clients.LoadOrStore(c.DynamoDB, newClient(c))
	}
	return known.(*dynamodb.Client)
}

func newClient(c *cloudtest.Cloud) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: engine.Region, BaseEndpoint: &c.DynamoDB,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: engine.AccessKey, SecretAccessKey: engine.SecretKey}, nil
		}),
	})
}

// put sets one attribute of an item, past all that could object.
func (s *scene) put(pk, sk, name string, v types.AttributeValue) {
	s.t.Helper()
	_, err := client(s.c).UpdateItem(s.t.Context(), &dynamodb.UpdateItemInput{
		TableName: &s.c.Table, UpdateExpression: aws.String("SET #name = :value"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk},
		},
		ExpressionAttributeNames: map[string]string{"#name": name}, ExpressionAttributeValues: map[string]types.AttributeValue{":value": v},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// partition adds all items of one partition to d.
func partition(t testing.TB, c *cloudtest.Cloud, d storetest.Dump, pk string) {
	t.Helper()
	in := &dynamodb.QueryInput{
		TableName: &c.Table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
	}
	for pages := dynamodb.NewQueryPaginator(client(c), in); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		add(t, d, page.Items)
	}
}

// whole reads the whole table, which nobody may be writing to.
func whole(t testing.TB, c *cloudtest.Cloud) storetest.Dump {
	t.Helper()
	d := storetest.Dump{}
	in := &dynamodb.ScanInput{TableName: &c.Table, ConsistentRead: aws.Bool(true)}
	for pages := dynamodb.NewScanPaginator(client(c), in); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		add(t, d, page.Items)
	}
	return d
}

func add(t testing.TB, d storetest.Dump, items []map[string]types.AttributeValue) {
	t.Helper()
	for _, raw := range items {
		var i storetest.Item
		err := attributevalue.UnmarshalMapWithOptions(raw, &i, func(o *attributevalue.DecoderOptions) { o.UseNumber = true })
		if err != nil {
			t.Fatal(err)
		}
		k := storetest.Key{PK: text(i, "PK"), SK: text(i, "SK")}
		delete(i, "PK")
		delete(i, "SK")
		d[k] = i
	}
}

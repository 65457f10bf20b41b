package storetest

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
)

// Key is an item's primary key, as DESIGN.md §2 spells it.
type Key struct{ PK, SK string }

// Item is what an item holds besides its key. A number is an attributevalue.Number.
type Item = map[string]any

func AccountKey(a account.ID) Key      { return Key{"ACCOUNT#" + string(a), "ACCOUNT"} }
func AddressKey(a account.Address) Key { return Key{mailbox(a), "ACCOUNT"} }
func NoticeKey(a account.Address) Key  { return Key{mailbox(a), "NOTICE"} }

// PointerKey is the key of what leads from an address to an organization that invited it.
func PointerKey(o org.ID, a account.Address) Key { return Key{mailbox(a), "INVITED#" + string(o)} }

// CustomerKey is the key of what leads from a customer account to its organization.
func CustomerKey(id string) Key { return Key{"CUSTOMER#" + id, "CUSTOMER"} }

func OrgKey(o org.ID) Key                       { return Key{partition(o), "ORG"} }
func MemberKey(o org.ID, a account.Address) Key { return Key{partition(o), "MEMBER#" + row(o, a)} }

func InvitationKey(o org.ID, a account.Address) Key {
	return Key{partition(o), "INVITATION#" + row(o, a)}
}

func RemovedKey(o org.ID, a account.Address) Key { return Key{partition(o), "REMOVED#" + row(o, a)} }

func StateKey(o org.ID, h id.Hash) Key { return Key{partition(o), "STATE#" + string(h)} }

// QuotaKey is the key of the mails of a day, which is written like 2099-07-01.
func QuotaKey(o org.ID, day string) Key { return Key{partition(o), "QUOTA#" + day} }

// ServerKey is the key of a PMM server as an organization has it, LockKey of who has it.
func ServerKey(o org.ID, server string) Key { return Key{partition(o), "PMM#" + server} }
func LockKey(server string) Key             { return Key{"PMM#" + server, "PMM"} }
func TokenKey(o org.ID, h id.Hash) Key      { return Key{partition(o), "TOKEN#" + string(h)} }

func mailbox(a account.Address) string       { return "EMAIL#" + strings.ToLower(string(a)) }
func partition(o org.ID) string              { return "ORG#" + string(o) }
func row(o org.ID, a account.Address) string { return string(org.MemberOf(o, a)) }

// Put writes a whole item.
func (w *World) Put(k Key, i Item) {
	w.t.Helper()
	_, err := w.raw.PutItem(w.ctx(), &dynamodb.PutItemInput{TableName: &w.Table, Item: w.marshal(k, i)})
	w.must(err)
}

// Set changes attributes of an item, or makes it; nil takes an attribute away.
func (w *World) Set(k Key, attrs Item) {
	w.t.Helper()
	i := w.Get(k)
	if i == nil {
		i = Item{}
	}
	for name, v := range attrs {
		if i[name] = v; v == nil {
			delete(i, name)
		}
	}
	w.Put(k, i)
}

// Drop takes an item away.
func (w *World) Drop(k Key) {
	w.t.Helper()
	_, err := w.raw.DeleteItem(w.ctx(), &dynamodb.DeleteItemInput{TableName: &w.Table, Key: w.marshal(k, nil)})
	w.must(err)
}

// Get reads an item; nil says that there is none.
func (w *World) Get(k Key) Item {
	w.t.Helper()
	out, err := w.raw.GetItem(w.ctx(), &dynamodb.GetItemInput{
		TableName: &w.Table, Key: w.marshal(k, nil), ConsistentRead: aws.Bool(true),
	})
	w.must(err)
	if out.Item == nil {
		return nil
	}
	_, i := w.unmarshal(out.Item)
	return i
}

// PutAll writes many items, which must differ in key.
func (w *World) PutAll(items map[Key]Item) {
	w.t.Helper()
	var requests []types.WriteRequest
	for k, i := range items {
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: w.marshal(k, i)}})
	}
	w.write(requests)
}

func (w *World) dropAll(items Dump) {
	w.t.Helper()
	var requests []types.WriteRequest
	for k := range items {
		requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: w.marshal(k, nil)}})
	}
	w.write(requests)
}

func (w *World) write(requests []types.WriteRequest) {
	w.t.Helper()
	for part := range slices.Chunk(requests, 25) {
		_, err := w.raw.BatchWriteItem(w.ctx(), &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{w.Table: part},
		})
		w.must(err)
	}
}

func (w *World) marshal(k Key, i Item) map[string]types.AttributeValue {
	w.t.Helper()
	whole := maps.Clone(i)
	if whole == nil {
		whole = Item{}
	}
	whole["PK"], whole["SK"] = k.PK, k.SK
	out, err := attributevalue.MarshalMap(whole)
	w.must(err)
	return out
}

func (w *World) unmarshal(in map[string]types.AttributeValue) (Key, Item) {
	w.t.Helper()
	var i Item
	w.must(attributevalue.UnmarshalMapWithOptions(in, &i, func(o *attributevalue.DecoderOptions) { o.UseNumber = true }))
	k := Key{i["PK"].(string), i["SK"].(string)}
	delete(i, "PK")
	delete(i, "SK")
	return k, i
}

package main

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// Whatever a batch holds, nothing is erased of an organization that lives, and one that is deleted is
// erased whole or not at all.
func FuzzRecords(f *testing.F) {
	w := storetest.New(f)
	acme := w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Invited(w.Person("eve"), org.Admin))
	living := w.Dump()
	gone := w.OrgID("gone")
	doom := func(w *storetest.World) {
		w.Org("gone", storetest.Invited(w.Person("eve"), org.Admin), storetest.Invited(w.Person("kim"), org.Technical))
		w.Set(storetest.OrgKey(gone), storetest.Item{"deleted_at": storetest.Stamp(storetest.Start)})
	}
	doom(w)
	before := w.Dump()
	for _, s := range []string{
		`{"Records":[{"dynamodb":{"SequenceNumber":"1","Keys":{"PK":{"S":"ORG#` + string(gone) + `"}},"NewImage":{"deleted_at":{"S":"x"}}}}]}`,
		`{"Records":[{"dynamodb":{"Keys":{"PK":{"S":"` + string(gone) + `"}},"NewImage":{"deleted_at":{"M":{}}}}},{"dynamodb":{"Keys":{"PK":{"S":"ORG#` + string(acme) + `"}},"NewImage":{"deleted_at":null}}}]}`,
		`{}`, `{"Records":[{}]}`,
		`{"Records":[{"dynamodb":{"SequenceNumber":"1","Keys":{"PK":{"S":"ORG#` + string(acme) + `"}},"NewImage":{"deleted_at":{"S":"x"}}}}]}`,
		`{"Records":[{"dynamodb":{"Keys":{"PK":{"S":"ORG#x"}},"NewImage":{"deleted_at":{"NULL":true}}}}]}`,
		`{"Records":[{"dynamodb":{"Keys":{"PK":{"N":"1"}},"NewImage":{"deleted_at":{"S":"x"}}}}]}`,
		`{"Records":[{"dynamodb":{"Keys":null,"NewImage":{"deleted_at":null}}}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := w.In(t)
		var e events.DynamoDBEvent
		if json.Unmarshal(raw, &e) != nil {
			return // Lambda's runtime refuses it
		}
		purge(t.Context(), w.DB, e.Records)
		after := w.Dump()
		if erased := reflect.DeepEqual(living, after); !erased && !reflect.DeepEqual(before, after) {
			t.Fatal(w.Changes(before, after))
		} else if erased {
			doom(w)
		}
	})
}

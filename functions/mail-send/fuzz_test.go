package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/store/storetest"
)

// Whatever a batch holds, it is taken without harm: what is no item of ours changes nothing and comes
// again no more often than what is.
func FuzzRecords(f *testing.F) {
	w := storetest.New(f)
	p := post{db: w.DB, portal: "https://portal.example"}
	for _, s := range []string{
		`{}`, `{"Records":[{}]}`, `{"Records":[{"dynamodb":null}]}`,
		`{"Records":[{"dynamodb":{"SequenceNumber":"1","NewImage":{"PK":{"S":"ORG#6ba7b810-9dad-41d1-80b4-00c04fd430c8"},"SK":{"S":"INVITATION#x"},"mail":{"S":"m"}}}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":{"PK":{"N":"1"},"SK":{"BOOL":true},"mail":{"NULL":true}}}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":{"PK":{"S":"EMAIL#a@example.com"},"SK":{"S":"NOTICE"},"email":{"S":"a@example.com"}}}}]}`,
		`{"Records":[{"dynamodb":{"NewImage":{"PK":{"S":"EMAIL#"},"SK":{"S":"NOTICE"},"email":{"L":[{"S":"a"}]}}}}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := w.In(t)
		var e events.DynamoDBEvent
		if json.Unmarshal(raw, &e) != nil {
			return // Lambda's runtime refuses it
		}
		for _, failed := range p.deliver(t.Context(), e.Records).BatchItemFailures {
			if !slices.ContainsFunc(e.Records, func(r events.DynamoDBEventRecord) bool { return r.Change.SequenceNumber == failed.ItemIdentifier }) {
				t.Fatalf("%q came to nobody", failed.ItemIdentifier)
			}
		}
		if d := w.Dump(); len(d) > 0 {
			t.Fatalf("it made %v", d)
		}
	})
}

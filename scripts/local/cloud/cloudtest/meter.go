package cloudtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// Capacity is what requests consumed, in DynamoDB's request units. A transaction's writes and checks
// count twice.
type Capacity struct{ Reads, Writes float64 }

// Consumed is what all requests of an invocation consumed together.
func Consumed(spans []Span) (c Capacity) {
	for _, s := range spans {
		c.Reads += s.Capacity.Reads
		c.Writes += s.Capacity.Writes
	}
	return c
}

// A meter has DynamoDB tell what a request consumes, and adds it up.
type meter struct {
	next http.RoundTripper
	used *Capacity
}

// RoundTrip hands a request on, which asks for what it consumes. The engine does not look at signatures.
func (m meter) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(raw, &body) == nil {
		body["ReturnConsumedCapacity"] = json.RawMessage(`"TOTAL"`)
		raw, _ = json.Marshal(body) // of what was decoded, it does not fail
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	r.Header.Del("Accept-Encoding")
	answer, err := m.next.RoundTrip(r)
	if err != nil {
		return answer, err
	}
	raw, err = io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(raw))
	m.read(actionOf(r), raw)
	return answer, err
}

// read counts what an answer says that it consumed. A single write whose condition was broken does not
// say; it is charged for the item that is there, which is a kB at most in tests.
func (m meter) read(action string, raw []byte) {
	units := consumed(raw)
	if bytes.Contains(raw, []byte("ConditionalCheckFailedException")) {
		units = 1
	}
	if slices.Contains([]string{"BatchGetItem", "GetItem", "Query"}, action) {
		m.used.Reads += units
		return
	}
	m.used.Writes += units
}

// consumed is the sum of an answer's CapacityUnits: one object, or one for each table.
func consumed(raw []byte) (sum float64) {
	type units struct{ CapacityUnits float64 }
	var one struct{ ConsumedCapacity units }
	var all struct{ ConsumedCapacity []units }
	if json.Unmarshal(raw, &one) == nil {
		return one.ConsumedCapacity.CapacityUnits
	}
	if json.Unmarshal(raw, &all) == nil {
		for _, u := range all.ConsumedCapacity {
			sum += u.CapacityUnits
		}
	}
	return sum
}

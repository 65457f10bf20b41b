package cost

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
)

// A meter stands between a cloud's functions and DynamoDB and has every answer tell what it consumed.
type meter struct {
	mu   sync.Mutex
	used map[string]capacity // by function
}

// capacity is in request units. A transaction's writes and checks count twice.
type capacity struct{ reads, writes float64 }

// metered returns a cloud whose functions are metered, and whose log goes to log.
func metered(t testing.TB, log io.Writer) (*cloudtest.Cloud, *meter) {
	t.Helper()
	e, err := engine.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	table := "cost-" + uuid.NewString()
	if err := e.CreateTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(e.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	m := &meter{used: map[string]capacity{}}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			name, rest, _ := strings.Cut(strings.TrimPrefix(r.In.URL.Path, "/"), "/")
			r.Out.URL.Path = "/" + rest
			r.SetURL(target)
			r.Out.Header.Set("Roster-Test-Function", name)
			r.Out.Header.Del("Accept-Encoding")
			ask(r.Out)
		},
		ModifyResponse: m.read,
	})
	t.Cleanup(server.Close)
	return cloudtest.Start(t, cloud.Options{
		DynamoDB: e.Endpoint, Table: table, FunctionsDynamoDB: server.URL + "/{function}", Log: log,
		Settings: map[string]string{"ROSTER_INVITES_PER_DAY": "1000"},
	}), m
}

// ask has the answer to a request tell what it consumed. The engine does not look at the signature.
func ask(r *http.Request) {
	if actionOf(r) == "" {
		return // a connection that is warmed up
	}
	var body map[string]json.RawMessage
	raw, err := io.ReadAll(r.Body)
	if err == nil && json.Unmarshal(raw, &body) == nil {
		body["ReturnConsumedCapacity"] = json.RawMessage(`"TOTAL"`)
		raw, _ = json.Marshal(body) // of what was decoded, it does not fail
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
}

func actionOf(r *http.Request) string {
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return action
}

// read counts what an answer says that it consumed. A single write whose condition was broken does not
// say; it is charged for the item that is there, which is a kB at most here.
func (m *meter) read(r *http.Response) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	action := actionOf(r.Request)
	if action == "" {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	function := r.Request.Header.Get("Roster-Test-Function")
	c := m.used[function]
	units := consumed(raw)
	if bytes.Contains(raw, []byte("ConditionalCheckFailedException")) {
		units = 1
	}
	if slices.Contains([]string{"BatchGetItem", "GetItem", "Query"}, action) {
		c.reads += units
	} else {
		c.writes += units
	}
	m.used[function] = c
	return nil
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

// take returns what a function consumed since the last time.
func (m *meter) take(function string) capacity {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.used[function]
	delete(m.used, function)
	return c
}

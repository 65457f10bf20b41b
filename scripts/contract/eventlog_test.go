package contract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// A log is an organization's events, read where they are kept: nobody may be there to read it.
type log struct {
	table table
	org   string
	seen  map[string]bool

	bySignIn bool // what happens by signing in is from nowhere: Cognito does not tell from where
}

func logOf(c *cloudtest.Cloud, org string) *log {
	return &log{table: tableOf(c), org: org, seen: map[string]bool{}}
}

// since returns the events that were logged since it was last asked, in order of time. Sign-ins,
// which people do here to be able to do anything, do not count.
func (l *log) since(t testing.TB) []event {
	t.Helper()
	fresh := []event{}
	for _, i := range l.table.partition(t, "ORG#"+l.org, "EVENT#") {
		id := i["id"].(string)
		if l.seen[id] || i["action"] == "LOG_IN" {
			continue
		}
		l.seen[id] = true
		whole(t, i, l.bySignIn)
		e := event{Actor: i["actor"].(string), Role: i["role"].(string), Action: i["action"].(string)}
		if objects := i["objects"].(list); len(objects) > 0 {
			o := objects[0].(object)
			e.Type, e.ID, e.Name = o["type"].(string), o["id"].(string), o["name"].(string)
			e.Initial, e.Result = state(o["initial"]), state(o["result"])
			if len(objects) != 1 {
				t.Errorf("objects %v; want one", objects)
			}
		}
		fresh = append(fresh, e)
	}
	return fresh
}

// whole holds an event to having everything that is different each time.
func whole(t testing.TB, i object, bySignIn bool) {
	t.Helper()
	if _, err := uuid.Parse(i["id"].(string)); err != nil {
		t.Errorf("id %v", i["id"])
	}
	if _, err := uuid.Parse(i["request_id"].(string)); err != nil && i["actor"] != "" {
		t.Errorf("request_id %v", i["request_id"])
	}
	if steady(fmt.Sprintf("%q", i["timestamp"])) != `"<time>"` || i["ttl"] == nil {
		t.Errorf("times of %v", i)
	}
	if bySignIn && i["ip"] == "" && i["agent"] == "" {
		return
	}
	if i["ip"] != "127.0.0.1" || !strings.HasPrefix(i["agent"].(string), "Go-http-client") {
		t.Errorf("from %v with %v", i["ip"], i["agent"])
	}
}

package contract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// An event is what one says of a change, without what is different each time.
type event struct {
	Actor, Role, Action string // the actor's account and role after the change
	Type, ID, Name      string // of the one object
	Initial, Result     string
	From                string // "" for where people here call from; nowhere, or operator
}

const (
	nowhere  = "nowhere"
	operator = "operator"
)

// A journal is an organization's log as its Admin reads it.
type journal struct {
	reader *cloudtest.Person
	seen   map[string]bool
}

func journalOf(reader *cloudtest.Person) *journal { return &journal{reader, map[string]bool{}} }

// since returns the events that were logged since it was last asked, the oldest first.
func (l *journal) since(t testing.TB) []event {
	t.Helper()
	fresh := []event{}
	for index, pages := 0, 1; index < pages; index++ {
		a := find(t, l.reader, object{
			"page_params":    object{"page_size": 100, "index": index},
			"sorting_params": object{"field_name": "timestamp", "order": "ASC"},
		})
		pages = int(a.At("page_totals.total_pages").(float64))
		for _, e := range a.At("events").(list) {
			if e := e.(object); !l.seen[e["id"].(string)] {
				l.seen[e["id"].(string)] = true
				fresh = append(fresh, eventOf(t, e))
			}
		}
	}
	return fresh
}

// eventOf holds an event to having everything that is different each time, and returns the rest.
func eventOf(t testing.TB, o object) event {
	t.Helper()
	e := event{Actor: o["okta_user_id"].(string), Role: o["user_role"].(string), Action: o["action_type"].(string)}
	_, badID := uuid.Parse(o["id"].(string))
	_, badRequest := uuid.Parse(o["request_id"].(string))
	if badID != nil || badRequest != nil || o["event_source"] != "orgs" || fmt.Sprint(o["action_status"]) != "map[code:SUCCESS message:]" {
		t.Errorf("event %v", o)
	}
	e.From = from(o["user_ip_address"].(string), o["user_agent"].(string))
	objects := o["objects"].(list)
	if len(objects) > 1 {
		t.Errorf("objects %v; want one", objects)
	}
	for _, x := range objects {
		x := x.(object)
		e.Type, e.ID, e.Name = x["type"].(string), x["id"].(string), x["name"].(string)
		e.Initial, e.Result = state(x["initial_state"]), state(x["result_state"])
	}
	return e
}

// from names the places from which things happen here.
func from(ip, agent string) string {
	switch {
	case ip == "127.0.0.1" && strings.HasPrefix(agent, "Go-http-client"):
		return ""
	case ip == "127.0.0.1" && agent == "roster-local":
		return operator
	case ip == "" && agent == "":
		return nowhere
	}
	return ip + " with " + agent
}

// state writes what an object was before or after, in the order of its names.
func state(v any) string {
	o, _ := v.(object)
	var parts []string
	for name, value := range o {
		parts = append(parts, fmt.Sprint(name, "=", value))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// want fails the test unless exactly these events were logged since, in whatever order.
func (l *journal) want(t testing.TB, want ...event) {
	t.Helper()
	if diff := cmp.Diff(sorted(want), sorted(l.since(t)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// sorted puts events into an order that depends neither on times, which may be equal, nor on ids of
// their own.
func sorted(all []event) []event {
	slices.SortFunc(all, func(a, b event) int { return strings.Compare(fmt.Sprint(a.Type, " ", a), fmt.Sprint(b.Type, " ", b)) })
	return all
}

// TestWhatChangesNothingLogsNothing: refusals, repeats, reads, resends, deliveries, profiles.
func TestWhatChangesNothingLogsNothing(t *testing.T) {
	t.Parallel()
	c := few(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	bob := cloudtest.Address("bob")
	id, his := ann.Invite(t, org, bob, "Technical"), ann.MemberID(t, org, tom.Email)
	mailed(t, c, org, id)
	l := journalOf(ann)
	l.since(t)
	again := route(org, "/members/", id, ":reactivate")
	nothing(t, ann.Do(t, "POST", again, nil))
	mailed(t, c, org, id)
	for _, r := range []struct {
		who     *cloudtest.Person
		request string
		body    any
		want    int
	}{
		{ann, "PUT " + route(org), object{"name": "ann's"}, 200},
		{ann, "PUT " + route(org, "/members/", his), object{"role": "Technical"}, 200},
		{ann, "PUT " + route(org, "/members/", id), object{"role": "Technical"}, 200},
		{tom, "POST /v1/invitations/" + org + ":accept", nil, 200},
		{tom, "POST /v1/auth/UpdateProfile", object{"first_name": "Tom", "last_name": "New"}, 200},
		{tom, "POST /v1/invitations/" + org + ":decline", nil, 404},
		{ann, "POST " + again, nil, 429},
		{ann, "POST " + route(org, "/members"), invite(cloudtest.Address("cyd"), "Admin"), 429},
		{ann, "POST " + route(org, "/members"), invite(tom.Email, "Admin"), 409},
		{ann, "POST /v1/orgs", object{"name": "Another"}, 409},
		{ann, "POST " + route(org, ":leave"), nil, 400},
		{ann, "DELETE " + route(org, "/members/", someID()), nil, 404},
		{tom, "PUT " + route(org), object{"name": "Tom's"}, 403},
		{tom, "DELETE " + route(org), nil, 403},
		{tom, "POST " + route(org, "/members:search"), nil, 200},
		{tom, "GET " + route(org), nil, 200},
	} {
		method, path, _ := strings.Cut(r.request, " ")
		r.who.Do(t, method, path, r.body).Want(t, r.want)
	}
	l.want(t)
}

package contract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// An event is what one says of a change, without what is different each time.
type event struct {
	Actor, Role, Action string // the actor's account and role after the change
	Type, ID, Name      string // of the one object
	Initial, Result     string
}

// A journal is an organization's log as its Admin reads it.
type journal struct {
	reader *cloudtest.Person
	seen   map[string]bool
}

func journalOf(reader *cloudtest.Person) *journal { return &journal{reader, map[string]bool{}} }

// since returns the events that were logged since it was last asked, the oldest first, but sign-ins.
func (l *journal) since(t testing.TB) []event {
	t.Helper()
	fresh := []event{}
	for index, pages := 0, 1; index < pages; index++ {
		a := find(t, l.reader, object{
			"page_params":    object{"page_size": 100, "index": index},
			"filters":        list{filter("action_type", "NOT_EQUAL", "LOG_IN")},
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
	if badID != nil || badRequest != nil && e.Actor != "" {
		t.Errorf("ids of %v", o)
	}
	from, with := o["user_ip_address"], o["user_agent"].(string)
	if e.Action != "CHANGE_PASSWORD" && e.Actor != "" && (from != "127.0.0.1" || !strings.HasPrefix(with, "Go-http-client") && with != "roster-local") {
		t.Errorf("from %v with %v", from, with)
	}
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

func (l *journal) want(t testing.TB, want ...event) {
	t.Helper()
	if want == nil {
		want = []event{}
	}
	if diff := cmp.Diff(want, l.since(t)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestOneEventForEachChange is API.md §9's table, as far as members and organizations go.
func TestOneEventForEachChange(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann := c.Person(t, "ann")
	org := ann.Org(t, "Acme")
	l, me := journalOf(ann), ann.MemberID(t, org, ann.Email)
	create := event{ann.ID, "Admin", "CREATE", "organization", org, "Acme", "", "name=Acme"}
	joined := event{ann.ID, "Admin", "CREATE", "organization_member", me, ann.ID, "", "role=Admin status=ACTIVE"}
	if diff := cmp.Diff([]event{create, joined}, sorted(l.since(t))); diff != "" {
		t.Errorf("founding (-want +got):\n%s", diff)
	}
	ann.Do(t, "PUT", route(org), object{"name": "Bolt"}).Want(t, 200)
	l.want(t, event{ann.ID, "Admin", "UPDATE", "organization", org, "Bolt", "name=Acme", "name=Bolt"})

	pia := c.Person(t, "pia")
	id := ann.Invite(t, org, pia.Email, "Technical")
	l.want(t, event{ann.ID, "Admin", "CREATE", "organization_member", id, pia.Email, "", "role=Technical status=PROVISIONED"})
	ann.Do(t, "PUT", route(org, "/members/", id), object{"role": "Admin"}).Want(t, 200)
	l.want(t, event{ann.ID, "Admin", "UPDATE", "organization_member", id, pia.Email, "role=Technical", "role=Admin"})
	accept(t, pia, org).Want(t, 200)
	l.want(t, event{pia.ID, "Admin", "UPDATE", "organization_member", id, pia.ID, "status=PROVISIONED", "status=ACTIVE"})
	ann.Do(t, "PUT", route(org, "/members/", id), object{"role": "Technical"}).Want(t, 200)
	l.want(t, event{ann.ID, "Admin", "UPDATE", "organization_member", id, pia.ID, "role=Admin", "role=Technical"})
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
	l.want(t, event{ann.ID, "Admin", "DELETE", "organization_member", id, pia.ID, "role=Technical", ""})
	nothing(t, ann.Do(t, "POST", "/v1/auth/SignOut", nil))
	ann.SignIn(t)
	l.want(t, event{Actor: ann.ID, Role: "Admin", Action: "LOG_OUT"})
}

// sorted puts events into an order that does not depend on ids, which decide where times are equal.
func sorted(all []event) []event {
	slices.SortFunc(all, func(a, b event) int { return strings.Compare(a.Type, b.Type) })
	return all
}

func TestOneEventForEachWayOut(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	l := journalOf(ann)
	deleted := func(actor *cloudtest.Person, role, id, name, was string) event {
		return event{actor.ID, role, "DELETE", "organization_member", id, name, "role=" + was, ""}
	}

	bob := cloudtest.Address("Bob")
	id := ann.Invite(t, org, bob, "Admin")
	l.since(t)
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil))
	l.want(t, deleted(ann, "Admin", id, bob, "Admin"))

	dee := c.Person(t, "dee")
	id = ann.Invite(t, org, dee.Email, "Technical")
	l.since(t)
	nothing(t, dee.Do(t, "POST", "/v1/invitations/"+org+":decline", nil))
	l.want(t, deleted(dee, "", id, dee.ID, "Technical")) // by then the person has an account

	tom := ann.Join(t, org, "tom", "Admin")
	id = ann.MemberID(t, org, tom.Email)
	l.since(t)
	nothing(t, tom.Do(t, "POST", route(org, ":leave"), nil))
	l.want(t, deleted(tom, "", id, tom.ID, "Admin"))

	pia := ann.Join(t, org, "pia", "Technical")
	id = ann.MemberID(t, org, pia.Email)
	l.since(t)
	closeAccount(t, pia)
	l.want(t, event{"", "", "DELETE", "organization_member", id, pia.ID, "role=Technical", ""}) // an operator's act
}

// TestActivatingIsLoggedAsTheNewAccountsAct: nobody else was there.
func TestActivatingIsLoggedAsTheNewAccountsAct(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org, email, id, link := linked(t, c)
	l := journalOf(ann)
	l.since(t)
	nothing(t, activate(t, c, link))
	got := l.since(t)
	if len(got) != 1 || got[0].Actor == "" || got[0].Actor == ann.ID || got[0].Name != got[0].Actor {
		t.Fatalf("events %+v; want one, by the new account", got)
	}
	want := event{got[0].Actor, "Technical", "UPDATE", "organization_member", id, got[0].Actor, "status=PROVISIONED", "status=ACTIVE"}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if row(t, ann, org, email)["status"] != "ACTIVE" {
		t.Error("nobody was activated")
	}
}

func TestBulkLogsOneEventForEachWhoWasInvited(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	l := journalOf(ann)
	l.since(t)
	bob, cyd := cloudtest.Address("bob"), cloudtest.Address("cyd")
	bulk(t, ann, org, invite(bob, "Admin"), invite(bob, "Admin"), invite("x", "Admin"), invite(cyd, "Technical"), invite(cyd+".com", ""))
	names := map[string]string{}
	for _, e := range l.since(t) {
		names[e.Name] = e.Result
	}
	want := map[string]string{bob: "role=Admin status=PROVISIONED", cyd: "role=Technical status=PROVISIONED"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestJoiningAtOnceIsOneEvent(t *testing.T) {
	t.Parallel()
	c := join(t)
	ann, org := found(t, c, "ann")
	pia := c.Person(t, "pia")
	l := journalOf(ann)
	l.since(t)
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(pia.Email, "Admin")))
	c.Mails(t, pia.Email, 1)
	id := ann.MemberID(t, org, pia.Email)
	l.want(t, event{ann.ID, "Admin", "CREATE", "organization_member", id, pia.ID, "", "role=Admin status=ACTIVE"})
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

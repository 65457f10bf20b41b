package contract

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

func eventShapes() map[string]shape {
	const at = "fsp.filters.field"
	return map[string]shape{
		"event-search": {
			access: account, lax: true,
			body: func(s *scene) object {
				return fsp(object{
					"page_params": object{"page_size": 5, "index": 0},
					"filters":     list{filter("user_role", 0, "Admin")}, "sorting_params": object{"field_name": "timestamp", "order": 1},
				})
			},
			fields: []field{
				{path: "fsp", kind: "object"},
				{path: "fsp.page_params", kind: "object"},
				{path: "fsp.page_params.page_size", kind: "number"},
				{path: "fsp.page_params.index", kind: "number"},
				{path: "fsp.filters", kind: "array"},
				{path: at, kind: "object"},
				{path: at + ".name", kind: "string", says: "filtering not allowed by this column: "},
				{path: at + ".value", kind: "text or texts"},
				{path: "fsp.filters.filter_type", kind: "number"},
				{path: "fsp.sorting_params", kind: "object"},
				{path: "fsp.sorting_params.field_name", kind: "string", says: "sorting not allowed by this column: "},
				{path: "fsp.sorting_params.order", kind: "order"},
			},
			answers: map[string]refusal{
				"no organization": notMember, "removed": notMember, "pending": notMember, "deleted organization": notMember, "Technical": adminOnly,
			},
		},
		"event-types": {access: account, body: none},
	}
}

func fsp(parts object) object { return object{"fsp": parts} }

func filter(column string, is, value any) object {
	return object{"field": object{"name": column, "value": value}, "filter_type": is}
}

// find returns what events:search answers p.
func find(t testing.TB, p *cloudtest.Person, parts object) cloudtest.Answer {
	t.Helper()
	return p.Do(t, "POST", "/v1/events:search", fsp(parts)).Want(t, 200)
}

func TestAnswersOfEventSearch(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "event-search")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	ann.Do(t, "PUT", route(org), object{"name": "Bolt"}).Want(t, 200)
	ask := func(parts object) cloudtest.Answer { return ann.Do(t, "POST", "/v1/events:search", fsp(parts)) }
	only := func(column string, is, value any) cloudtest.Answer {
		return ask(object{"filters": list{filter(column, is, value)}})
	}
	page := func(size, index any) cloudtest.Answer {
		return ask(object{"page_params": object{"page_size": size, "index": index}})
	}
	g.keep("renamings", only("action_type", "EQUAL", list{"UPDATE"}))
	g.keep("the newest of three", ask(object{"page_params": object{"page_size": 1}, "filters": list{filter("action_type", 1, list{"LOG_IN", "UPDATE"})}}))
	g.keep("a page behind the last", page(10, 99))
	g.keep("another organization's", only("organization_id", 0, someID()))
	g.keep("the own among others", only("organization_id", 0, list{org, someID()}))
	g.keep("a malformed organization", only("organization_id", 0, "x"))
	g.keep("a column that is none", only("user_agent", 0, "x"))
	g.keep("an order by a column that is none", ask(object{"sorting_params": object{"field_name": "request_id"}}))
	g.keep("a time that is none", only("timestamp", 3, "yesterday"))
	g.keep("an unknown comparison", only("id", 6, "x"))
	g.keep("a list that is compared", only("id", 2, list{"x"}))
	g.keep("an unknown order", ask(object{"sorting_params": object{"field_name": "timestamp", "order": "UP"}}))
	g.keep("an empty page", page(0, 0))
	g.keep("too large a page", page(101, 0))
	g.keep("a page before the first", page(10, -1))
	g.keep("a page of another type", page("many", 0))
	g.keep("not an Admin", tom.Do(t, "POST", "/v1/events:search", nil))
	g.keep("in no organization", c.Person(t, "nick").Do(t, "POST", "/v1/events:search", nil))
}

func TestAnswersOfEventTypes(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "event-types")
	g.keep("the types", c.Person(t, "nick").Do(t, "GET", "/v1/events/types", nil))
	g.keep("no token", c.Do(t, "GET", "/v1/events/types", "", nil))
}

// ids are those of the events of an answer.
func ids(a cloudtest.Answer) (all []string) {
	for _, e := range a.At("events").(list) {
		all = append(all, e.(object)["id"].(string))
	}
	return all
}

// TestAPageIsThePartOfTheSortedLog asks as the portal does, page by page in both orders and both
// spellings of keys, of a window of the log.
func TestAPageIsThePartOfTheSortedLog(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	for n := range 7 {
		ann.Do(t, "PUT", route(org), object{"name": fmt.Sprint("Acme ", n)}).Want(t, 200)
	}
	whole := find(t, ann, object{"page_params": object{"page_size": 100}})
	all := ids(whole)
	if whole.At("page_totals.total_items") != float64(len(all)) || whole.At("page_totals.total_pages") != 1.0 || len(all) < 9 {
		t.Fatalf("%s", whole.Raw)
	}
	for i := range len(all) - 1 {
		if whole.Text(fmt.Sprintf("events.%d.timestamp", i)) < whole.Text(fmt.Sprintf("events.%d.timestamp", i+1)) {
			t.Errorf("event %d is older than the next", i)
		}
	}
	from, until := whole.Text("events.6.timestamp"), whole.Text("events.0.timestamp")
	window := list{
		filter("organization_id", nil, org), filter("timestamp", 3, strings.Replace(from, "Z", "000Z", 1)), filter("timestamp", "LESS_OR_EQUAL", offset(t, until)),
	}
	var pages, back []string
	for i := range 3 {
		a := find(t, ann, object{"page_params": object{"page_size": 3, "index": i}, "filters": window, "sorting_params": object{"field_name": "timestamp", "order": 1}})
		pages = append(pages, ids(a)...)
		if a.At("page_totals.total_items") != 7.0 || a.At("page_totals.total_pages") != 3.0 {
			t.Errorf("totals of %s", a.Raw)
		}
		camel := object{"fsp": object{"pageParams": object{"pageSize": 3, "index": i}, "sortingParams": object{"fieldName": "timestamp", "order": "ASC"}, "filters": window}}
		back = append(ids(ann.Do(t, "POST", "/v1/events:search", camel).Want(t, 200)), back...)
	}
	if diff := cmp.Diff(all[:7], pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	want := append(append([]string{all[0]}, all[3], all[2], all[1]), all[6], all[5], all[4]) // each page by itself is ascending
	if diff := cmp.Diff(want, back); diff != "" {
		t.Errorf("ascending pages, the last first (-want +got):\n%s", diff)
	}
}

// offset writes an instant as somewhere east of us does.
func offset(t testing.TB, stamp string) string {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return at.In(time.FixedZone("", 5*3600+1800)).Format(time.RFC3339Nano)
}

// TestEveryColumnFiltersAsItsTypeSays: names and numbers of types, one value and lists.
func TestEveryColumnFiltersAsItsTypeSays(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	ann.Do(t, "PUT", route(org), object{"name": "Bolt"}).Want(t, 200)
	count := func(column string, is, value any) int {
		t.Helper()
		a := find(t, ann, object{"page_params": object{"page_size": 100}, "filters": list{
			filter("action_type", "NOT_EQUAL", "LOG_IN"), filter(column, is, value),
		}})
		return len(a.At("events").(list))
	}
	one := find(t, ann, object{"filters": list{filter("action_type", 1, "LOG_IN")}, "page_params": object{"page_size": 1}})
	at := one.Text("events.0.timestamp")
	const all = 5 // founded, the founder, Tom invited and joined, renamed last
	for _, x := range []struct {
		column    string
		is, value any
		want      int
	}{
		{"id", nil, one.Text("events.0.id"), 1},
		{"id", "NOT_EQUAL", one.Text("events.0.id"), all - 1},
		{"organization_id", "EQUAL", org, all},
		{"organization_id", "EQUAL", strings.ToUpper(org), all},
		{"organization_id", "EQUAL", list{org, org}, all},
		{"organization_id", "EQUAL", list{}, 0},
		{"organization_id", "NOT_EQUAL", org, 0},
		{"organization_id", "NOT_EQUAL", someID(), all},
		{"okta_user_id", 0, ann.ID, all - 1},
		{"okta_user_id", 1, ann.ID, 1},
		{"okta_user_id", 0, list{ann.ID, tom.ID}, all},
		{"okta_user_id", 1, list{ann.ID, tom.ID}, 0},
		{"okta_user_id", 0, "", 0},
		{"action_type", 0, "CREATE", 3},
		{"action_type", "GREATER", "CREATE", 2},
		{"action_type", "GREATER_OR_EQUAL", "CREATE", all},
		{"action_type", "LESS", "UPDATE", 3},
		{"action_type", 0, list{"CREATE", "UPDATE", "DELETE"}, all},
		{"user_role", 0, "Technical", 1},
		{"user_role", 1, list{"Technical", "Admin"}, 0},
		{"request_id", 0, one.Text("events.0.request_id"), 1},
		{"timestamp", "EQUAL", at, 1},
		{"timestamp", "EQUAL", list{at}, 1},
		{"timestamp", "NOT_EQUAL", at, all - 1},
		{"timestamp", "LESS", at, all - 1},
		{"timestamp", "GREATER", at, 0},
		{"timestamp", "LESS_OR_EQUAL", at, all},
		{"timestamp", 3, at, 1},
		{"timestamp", 3, "9999-12-31T23:59:59.999999999Z", 0},
		{"timestamp", 5, "0000-01-01T00:00:00Z", 0},
	} {
		if got := count(x.column, x.is, x.value); got != x.want {
			t.Errorf("%s %v %v: %d events, want %d", x.column, x.is, x.value, got, x.want)
		}
	}
}

// TestTheLogTellsWhoCameFromWhere: address, user agent and request of the call that did it.
func TestTheLogTellsWhoCameFromWhere(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	req, err := http.NewRequest("PUT", c.URL+route(org), strings.NewReader(`{"name":"Bolt"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+ann.Token)
	req.Header.Set("User-Agent", "walrus/1.0 (test)")
	a, err := c.RoundTrip(req)
	if err != nil || a.Status != 200 {
		t.Fatalf("%v, %v", a.Raw, err)
	}
	e := find(t, ann, object{}).At("events.0").(object)
	if e["user_ip_address"] != "127.0.0.1" || e["user_agent"] != "walrus/1.0 (test)" || uuid.Validate(e["request_id"].(string)) != nil {
		t.Errorf("event %v", e)
	}
}

// TestWhoLeftIsStillReadInTheLog by the names of that day.
func TestWhoLeftIsStillReadInTheLog(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Admin")
	tom.Do(t, "PUT", route(org), object{"name": "Tom's"}).Want(t, 200)
	ann.Do(t, "PUT", route(org), object{"name": "Ann's"}).Want(t, 200)
	about := object{"page_params": object{"page_size": 100}, "filters": list{filter("action_type", 1, list{"LOG_IN"})}}
	before := find(t, ann, about).At("events").(list)
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", ann.MemberID(t, org, tom.Email)), nil))
	closeAccount(t, tom)
	after := find(t, ann, about).At("events").(list)
	if len(after) != len(before)+1 {
		t.Fatalf("%d events, and %d before", len(after), len(before))
	}
	if diff := cmp.Diff(before, after[1:]); diff != "" {
		t.Errorf("what was there (-before +after):\n%s", diff)
	}
	if by := after[2].(object); by["okta_user_id"] != tom.ID || by["objects"].(list)[0].(object)["name"] != "Tom's" {
		t.Errorf("%v; want what Tom did", by)
	}
}

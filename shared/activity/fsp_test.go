package activity

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/fault"
)

const acme = "0f8fad5b-d9cb-469f-a165-70867728950e"

func parse(t testing.TB, fsp string) (Search, error) {
	t.Helper()
	var f FSP
	if err := json.Unmarshal([]byte(fsp), &f); err != nil {
		t.Fatalf("%s: %v", fsp, err)
	}
	return f.Parse()
}

func TestASearchIsWhatItsPartsSay(t *testing.T) {
	t.Parallel()
	usual := Search{Sort: Timestamp, Descending: true, Size: 10}
	filtered := func(all ...Filter) Search {
		s := usual
		s.Filters = all
		return s
	}
	one := func(field, more string) string { return `{"filters":[{"field":` + field + more + `}]}` }
	for name, c := range map[string]struct {
		fsp  string
		want Search
	}{
		"nothing":                      {`{}`, usual},
		"null":                         {`null`, usual},
		"parts that are null":          {`{"page_params":null,"filters":null,"sorting_params":null}`, usual},
		"parts that are empty":         {`{"page_params":{},"filters":[],"sorting_params":{}}`, usual},
		"values that are null":         {`{"page_params":{"page_size":null,"index":null},"sorting_params":{"field_name":null,"order":null}}`, usual},
		"a page":                       {`{"page_params":{"page_size":100,"index":7}}`, Search{Sort: Timestamp, Descending: true, Size: 100, Index: 7}},
		"an order by number":           {`{"sorting_params":{"field_name":"action_type","order":1}}`, Search{Sort: ActionType, Descending: true, Size: 10}},
		"an order by name":             {`{"sorting_params":{"field_name":"okta_user_id","order":"DESC"}}`, Search{Sort: Actor, Descending: true, Size: 10}},
		"a column without an order":    {`{"sorting_params":{"field_name":"timestamp"}}`, Search{Sort: Timestamp, Size: 10}},
		"an order without a column":    {`{"sorting_params":{"order":0}}`, Search{Sort: Timestamp, Size: 10}},
		"an empty column":              {`{"sorting_params":{"field_name":"","order":"ASC"}}`, Search{Sort: Timestamp, Size: 10}},
		"a filter without a type":      {one(`{"name":"id","value":"x"}`, ``), filtered(Filter{ID, Equal, []string{"x"}})},
		"a filter whose type is null":  {one(`{"name":"id","value":"x"}`, `,"filter_type":null`), filtered(Filter{ID, Equal, []string{"x"}})},
		"a type by number":             {one(`{"name":"user_role","value":"x"}`, `,"filter_type":5`), filtered(Filter{Role, LessOrEqual, []string{"x"}})},
		"a type by name":               {one(`{"name":"request_id","value":"x"}`, `,"filter_type":"NOT_EQUAL"`), filtered(Filter{RequestID, NotEqual, []string{"x"}})},
		"a filter without a value":     {one(`{"name":"user_role"}`, ``), filtered(Filter{Role, Equal, []string{""}})},
		"a filter whose value is null": {one(`{"name":"user_role","value":null}`, ``), filtered(Filter{Role, Equal, []string{""}})},
		"values":                       {one(`{"name":"action_type","value":["b","a"]}`, ``), filtered(Filter{ActionType, Equal, []string{"a", "b"}})},
		"no values":                    {one(`{"name":"action_type","value":[]}`, `,"filter_type":1`), filtered(Filter{ActionType, NotEqual, []string{}})},
		"an organization in capitals":  {one(`{"name":"organization_id","value":"`+strings.ToUpper(acme)+`"}`, ``), filtered(Filter{OrganizationID, Equal, []string{acme}})},
		"a time with an offset": {
			one(`{"name":"timestamp","value":"2026-11-22T09:19:28.258+02:00"}`, `,"filter_type":3`),
			filtered(Filter{Timestamp, GreaterOrEqual, []string{"2026-11-22T07:19:28.258000000Z"}}),
		},
		"a time in small letters, one at the far end of offsets": {
			one(`{"name":"timestamp","value":["2026-11-22t07:19:28.5z","2026-11-22T07:19:28+23:59"]}`, ``),
			filtered(Filter{Timestamp, Equal, []string{"2026-11-21T07:20:28.000000000Z", "2026-11-22T07:19:28.500000000Z"}}),
		},
		"a time with no fraction, one with nine digits": {
			one(`{"name":"timestamp","value":["2026-11-22T07:19:28Z","2026-11-22T07:19:27.123456789Z"]}`, ``),
			filtered(Filter{Timestamp, Equal, []string{"2026-11-22T07:19:27.123456789Z", "2026-11-22T07:19:28.000000000Z"}}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(t, c.fsp)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("search (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABadSearchIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	filter := func(name, value, kind string) string {
		return `{"filters":[{"field":{"name":"` + name + `","value":` + value + `},"filter_type":` + kind + `}]}`
	}
	kinds := "invalid field Fsp.Filters.FilterType: value must be a number from 0 to 5, or its name"
	orders := "invalid field Fsp.SortingParams.Order: value must be a number from 0 to 1, or its name"
	values := "invalid field Fsp.Filters.Field.Value: value must be a string or an array of strings"
	at := func(value string) string {
		return "invalid field Fsp.Filters.Field.Value: value '" + value + "' must be an RFC 3339 timestamp"
	}
	for fsp, want := range map[string]string{
		`{"page_params":{"page_size":0}}`:                                           "invalid field Fsp.PageParams.PageSize: value '0' must be between 1 and 100",
		`{"page_params":{"page_size":101}}`:                                         "invalid field Fsp.PageParams.PageSize: value '101' must be between 1 and 100",
		`{"page_params":{"page_size":-1}}`:                                          "invalid field Fsp.PageParams.PageSize: value '-1' must be between 1 and 100",
		`{"page_params":{"index":-1}}`:                                              "invalid field Fsp.PageParams.Index: value '-1' must not be negative",
		`{"filters":[{}]}`:                                                          "filtering not allowed by this column: ",
		`{"filters":[null]}`:                                                        "filtering not allowed by this column: ",
		filter("user_agent", `"x"`, `0`):                                            "filtering not allowed by this column: user_agent",
		filter("ID", `"x"`, `0`):                                                    "filtering not allowed by this column: ID",
		`{"sorting_params":{"field_name":"id"}}`:                                    "sorting not allowed by this column: id",
		`{"sorting_params":{"field_name":"timestamp","order":2}}`:                   orders,
		`{"sorting_params":{"field_name":"timestamp","order":"asc"}}`:               orders,
		`{"sorting_params":{"order":[]}}`:                                           orders,
		filter("id", `"x"`, `6`):                                                    kinds,
		filter("id", `"x"`, `-1`):                                                   kinds,
		filter("id", `"x"`, `1.5`):                                                  kinds,
		filter("id", `"x"`, `"EQUALS"`):                                             kinds,
		filter("id", `"x"`, `true`):                                                 kinds,
		filter("id", `5`, `0`):                                                      values,
		filter("id", `{}`, `0`):                                                     values,
		filter("id", `[5]`, `0`):                                                    values,
		filter("id", `["x",null]`, `0`):                                             values,
		filter("id", `["x"]`, `2`):                                                  "invalid field Fsp.Filters.FilterType: value 'GREATER' does not compare to an array",
		filter("timestamp", `["2026-11-22T07:19:28Z"]`, `"LESS_OR_EQUAL"`):          "invalid field Fsp.Filters.FilterType: value 'LESS_OR_EQUAL' does not compare to an array",
		filter("timestamp", `"yesterday"`, `2`):                                     at("yesterday"),
		filter("timestamp", `"2026-11-22"`, `2`):                                    at("2026-11-22"),
		filter("timestamp", `"2026-11-22T07:19:28"`, `2`):                           at("2026-11-22T07:19:28"),
		filter("timestamp", `"2026-11-22 07:19:28Z"`, `2`):                          at("2026-11-22 07:19:28Z"),
		filter("timestamp", `"2026-02-30T07:19:28Z"`, `2`):                          at("2026-02-30T07:19:28Z"),
		filter("timestamp", `"2026-11-22T07:19:28,5Z"`, `2`):                        at("2026-11-22T07:19:28,5Z"),
		filter("timestamp", `"9999-12-31T23:59:59-01:00"`, `2`):                     at("9999-12-31T23:59:59-01:00"),
		filter("timestamp", `"0000-01-01T00:00:00+01:00"`, `2`):                     at("0000-01-01T00:00:00+01:00"),
		filter("timestamp", `"2026-11-22T7:19:28Z"`, `2`):                           at("2026-11-22T7:19:28Z"),
		filter("timestamp", `"2026-11-22T07:19:28+24:00"`, `2`):                     at("2026-11-22T07:19:28+24:00"),
		filter("timestamp", `"2026-11-22T07:19:28-01:60"`, `2`):                     at("2026-11-22T07:19:28-01:60"),
		filter("timestamp", `""`, `2`):                                              at(""),
		filter("timestamp", `null`, `2`):                                            at(""),
		filter("timestamp", `["2026-11-22T07:19:28Z","x"]`, `1`):                    at("x"),
		filter("organization_id", `"x"`, `0`):                                       "Incorrect organization ID",
		filter("organization_id", `null`, `0`):                                      "Incorrect organization ID",
		filter("organization_id", `["`+acme+`",""]`, `1`):                           "Incorrect organization ID",
		`{"filters":[` + strings.Repeat(`{"field":{"name":"id"}},`, 100) + `null]}`: "invalid field Fsp.Filters: value must contain at most 100 elements",
	} {
		_, err := parse(t, fsp)
		refused, ok := errors.AsType[*fault.Error](err)
		if !ok || refused.Kind != fault.Invalid || refused.Message != want {
			t.Errorf("%.200s: %v; want %s", fsp, err, want)
		}
	}
}

// FuzzFSP holds the parser to refusing only as malformed, and what it takes to being searched for.
func FuzzFSP(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"page_params":{"page_size":100,"index":9223372036854775807},"sorting_params":{"field_name":"action_type","order":"DESC"}}`,
		`{"filters":[{"field":{"name":"timestamp","value":"2026-11-22T07:19:28.258Z"},"filter_type":3}]}`,
		`{"filters":[{"field":{"name":"timestamp","value":[]}}]}`,
		`{"filters":[{"field":{"name":"organization_id","value":["` + acme + `"]},"filter_type":"NOT_EQUAL"}]}`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fsp FSP
		if json.Unmarshal(raw, &fsp) != nil {
			return
		}
		s, err := fsp.Parse()
		if err != nil {
			if refused, ok := errors.AsType[*fault.Error](err); !ok || refused.Kind != fault.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		w := s.Window(now)
		if w.From.Before(now.Add(-Life)) {
			t.Errorf("window from %v", w.From)
		}
		page := s.Page(acme)
		for n := range 30 {
			e := Event{ID: string(rune('a' + n)), At: now.Add(-time.Duration(n) * time.Hour), Action: Create}
			page.Add(e)
			if outside := e.At.Before(w.From) || !w.Until.IsZero() && e.At.After(w.Until); outside && s.matches(acme, e) {
				t.Errorf("%v matches, and is outside of %v", e.At, w)
			}
		}
		if got := page.Events(); len(got) > s.Size || page.Items() > 30 || page.Pages() > page.Items() {
			t.Errorf("%d events of %d on %d pages", len(got), page.Items(), page.Pages())
		}
	})
}

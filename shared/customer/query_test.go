package customer

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"roster/scripts/local/crm"
)

// values draws values that mean something in a query, and any others.
func values() *rapid.Generator[string] {
	part := rapid.OneOf(rapid.SampledFrom([]string{
		"^", "^^", "^OR", "^NQ", "^EQ", "OR", "NQ", "ORDERBY", "=", "!=", "IN", "ISEMPTY", "LIKE", "@", ",", "\n", "\r", "\t", "\x00", " ",
		"javascript:", "JavaScript:", "active=true", "email", "x@y.example", "%5E", "\\^", "&", "\u2028", "\xff", "＾", "",
	}), rapid.String())
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 0, 5).Draw(t, "parts"), "") })
}

func TestAValueIsOneConditionOrNone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(values(), 1, 2).Draw(t, "values")
		text, err := equals("email", all...)
		if err != nil {
			if text != "" {
				t.Fatalf("%q and an error", text)
			}
			return
		}
		var want []crm.Condition
		for _, v := range all {
			want = append(want, crm.Condition{Field: "email", Operator: "=", Value: v})
		}
		active := []crm.Condition{{Field: "active", Operator: "=", Value: "true"}}
		got := crm.Parse(text + "^active=true" + oldestFirst("sys_created_on"))
		if diff := cmp.Diff(crm.Query{Groups: [][][]crm.Condition{{want, active}}, Order: []string{"sys_created_on", "sys_id"}}, got); diff != "" {
			t.Fatalf("%q is read as (-want +got):\n%s", text, diff)
		}
	})
}

func TestWhatNobodyNeedsToFearIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, v := range []string{
		"hank.scorpio@globex.example", "o'neil+tag@x.example", "a!#$%&*/=?_`{|}~b@x.example", "ann@bücher.example",
		"1a2b3c4d5e6f47081920304050607081", "CUST-1", "INbox@x.example", "or@x.example",
	} {
		if _, err := equals("email", v); err != nil {
			t.Errorf("%q: %v", v, err)
		}
	}
}

func TestWhatMeansMoreThanItselfIsNotAskedFor(t *testing.T) {
	t.Parallel()
	for _, v := range []string{
		"", " ", "^", "a^b", "a^", "a^^b", "a\nb", "a\r", "a\tb", "a\x00", "a\x7f", "a\u0085b", "a\u2028b", "a\u00a0b", "\xff",
		"javascript:1", " JAVAscript:1", "\tjavascript:1",
	} {
		if q, err := equals("email", "ann@x.example", v); err == nil || q != "" {
			t.Errorf("%q is asked for as %q", v, q)
		}
	}
}

func TestWhereAListGoesOn(t *testing.T) {
	t.Parallel()
	const next = `<https://x.example/?sysparm_offset=0>;rel="first",<https://x.example/?sysparm_offset=250>;rel="next"`
	for name, c := range map[string]struct {
		link, total string
		got         int
		want        bool
	}{
		"a link to the next page":                  {next, "999", 250, true},
		"a link, and nothing that we may see here": {next, "", 0, true},
		"links, and none to a next page":           {`<https://x.example/>;rel="first",<https://x.example/>;rel="last"`, "999", 250, false},
		"a count of more":                          {"", "251", 3, true},
		"a count of no more":                       {"", "250", 250, false},
		"a count that is none":                     {"", "many", 250, true},
		"a full page":                              {"", "", 250, true},
		"a page that is not full":                  {"", "", 249, false},
	} {
		client := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c.link != "" {
				w.Header().Set("Link", c.link)
			}
			if c.total != "" {
				w.Header().Set("X-Total-Count", c.total)
			}
			answering(200, "application/json", page(strings.TrimSuffix(strings.Repeat("{},", c.got), ",")))(w, r)
		}))
		if got, err := client.portion(t.Context(), "task", "", nil, 0, pageSize); err != nil || got.next != c.want {
			t.Errorf("%s: %v, %v", name, got.next, err)
		}
	}
}

func TestAFieldComesInEveryShape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cell{
		`"a"`:                                {"a", "a"},
		`""`:                                 {"", ""},
		`null`:                               {"", ""},
		`{"link":"l","value":"a"}`:           {"a", "a"},
		`{"value":"a"}`:                      {"a", "a"},
		`{}`:                                 {"", ""},
		`{"value":null}`:                     {"", ""},
		`{"display_value":"A"}`:              {"", "A"},
		` "a" `:                              {"a", "a"},
		`{"display_value":"","value":"a"}`:   {"a", "a"},
		`{"display_value":null,"value":"a"}`: {"a", "a"},
		`{"display_value":"A","link":"l","value":"a"}`: {"a", "A"},
		`{"display_value":"A","value":"a","more":[1]}`: {"a", "A"},
		`{"display_value":"1, 2","value":"1,2"}`:       {"1,2", "1, 2"},
	} {
		var records []record
		if err := (reply{status: 200, body: []byte(page(`{"f":` + text + `}`))}).result(&records); err != nil || records[0]["f"] != want {
			t.Errorf("%s is %+v, %v", text, records, err)
		}
	}
}

func TestValuesOfARecord(t *testing.T) {
	t.Parallel()
	r := record{
		"yes": {"true", "Yes"}, "one": {"1", "1"}, "no": {"false", "No"}, "zero": {"0", "0"}, "empty": {}, "odd": {"perhaps", ""},
		"day": {"2026-12-31", "31/12/2026"}, "moment": {"2026-12-31 23:59:59", ""}, "families": {"1,2,3", " MySQL, ,PostgreSQL "},
	}
	for f, want := range map[Field]any{"yes": true, "one": true, "no": false, "zero": false} {
		if b, err := r.flag(f); err != nil || b == nil || *b != want {
			t.Errorf("%s: %v, %v", f, b, err)
		}
	}
	for _, f := range []Field{"empty", "absent"} {
		if b, err := r.flag(f); err != nil || b != nil || r.orNil(f) != nil {
			t.Errorf("%s: %v, %v", f, b, err)
		}
		if at, err := r.instant(f); err != nil || !at.IsZero() || len(r.list(f)) != 0 || r.list(f) == nil {
			t.Errorf("%s: %v, %v", f, at, err)
		}
	}
	if _, err := r.flag("odd"); err == nil {
		t.Error("perhaps")
	}
	if at, err := r.instant("moment"); err != nil || !at.Equal(time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)) {
		t.Errorf("%v, %v", at, err)
	}
	if at, err := r.instant("day"); err != nil || !at.Equal(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", at, err)
	}
	if got := r.list("families"); !slices.Equal(got, []string{"MySQL", "PostgreSQL"}) {
		t.Errorf("%q", got)
	}
}

package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"roster/shared/org"
	"roster/shared/store"
)

const (
	member = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	acme   = org.ID("0f8fad5b-d9cb-469f-a165-70867728950e")
)

func TestAPageTokenSurvivesItsText(t *testing.T) {
	t.Parallel()
	if got := token(acme, nil); got != "" {
		t.Errorf("behind the last page there is %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		want := store.Cursor{Behind: org.MemberID(rapid.StringMatching(`([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?`).Draw(t, "id"))}
		text := token(acme, &want)
		got, err := parseToken(acme, text)
		if err != nil || *got != want || text == "" || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%+v became %q and %+v, %v", want, text, got, err)
		}
	})
}

func TestOtherTextsAreNoPageTokens(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	for name, s := range map[string]string{
		"an id":                   member,
		"a word":                  "next",
		"base64 of something":     encode([]byte("something")),
		"base64 of an id alone":   encode([]byte(member)),
		"of no UUID":              encode([]byte(acme + ":x")),
		"of another key":          encode([]byte(acme + ":MEMBER#" + member)),
		"of two ids":              encode([]byte(acme + ":" + member + member)),
		"padded":                  base64.URLEncoding.EncodeToString([]byte(acme+":"+member)) + "=",
		"cut":                     token(acme, &store.Cursor{Behind: member})[:20],
		"broken over two lines":   token(acme, &store.Cursor{Behind: member}) + "\n",
		"a space":                 " ",
		"of another organization": token(org.ID(member), &store.Cursor{Behind: member}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, from, err := (body{PageToken: s}).page(acme)
			if err == nil || err.Error() != "invalid field PageToken: value is not a page token of this API" {
				t.Errorf("%q: %+v, %v", s, from, err)
			}
		})
	}
}

func TestHowMuchOfTheListAPageIs(t *testing.T) {
	t.Parallel()
	behind := token(acme, &store.Cursor{Behind: member})
	for text, want := range map[string]struct {
		size    int
		from    *store.Cursor
		refusal string
	}{
		`{}`:                 {size: 1000},
		`{"page_size":null}`: {size: 1000},
		`{"page_size":1}`:    {size: 1},
		`{"page_size":1000}`: {size: 1000},
		`{"page_size":5,"page_token":"` + behind + `"}`: {size: 5, from: &store.Cursor{Behind: member}},
		`{"page_token":""}`:                             {size: 1000},
		`{"user":{"username":"a"}}`:                     {size: 1000},
		`{"user":null}`:                                 {size: 1000},
		`{"page_size":0}`:                               {refusal: "invalid field PageSize: value '0' must be between 1 and 1000"},
		`{"page_size":-1}`:                              {refusal: "invalid field PageSize: value '-1' must be between 1 and 1000"},
		`{"page_size":1001}`:                            {refusal: "invalid field PageSize: value '1001' must be between 1 and 1000"},
		`{"user":{}}`:                                   {refusal: "invalid field User.Username: value '' must not be an empty string"},
		`{"user":{"username":""}}`:                      {refusal: "invalid field User.Username: value '' must not be an empty string"},
		`{"user":{"x":1},"page_size":-12}`:              {refusal: "invalid field User.Username: value '' must not be an empty string"},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var b body
			if err := json.Unmarshal([]byte(text), &b); err != nil {
				t.Fatal(err)
			}
			size, from, err := b.page(acme)
			if want.refusal != "" {
				if err == nil || err.Error() != want.refusal {
					t.Errorf("%v, want %q", err, want.refusal)
				}
				return
			}
			if diff := cmp.Diff(want.from, from); size != want.size || diff != "" || err != nil {
				t.Errorf("%d rows from %+v, %v; want %d", size, from, err, want.size)
			}
		})
	}
}

func TestAPageShowsTheRowsThatExistInTheirOrder(t *testing.T) {
	t.Parallel()
	row := func(first string, s org.Status) store.Row {
		return store.Row{Member: org.Member{ID: member, First: first, Address: "a@example.com", Status: s}}
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	got := show(store.Seen{At: now, Org: org.Org{ID: acme}}, store.Page{
		Rows: []store.Row{row("", org.Provisioned), {}, row("Bob", org.Active), row("Ann", org.Active)},
		Next: &store.Cursor{Behind: member},
	})
	var shown []string
	for _, m := range got.Members {
		shown = append(shown, m.First+" "+string(m.Status))
	}
	if diff := cmp.Diff([]string{"Ann ACTIVE", "Bob ACTIVE", " PROVISIONED"}, shown); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if got.Next != token(acme, &store.Cursor{Behind: member}) {
		t.Errorf("next page %q", got.Next)
	}
	empty, err := json.Marshal(show(store.Seen{}, store.Page{}))
	if err != nil || string(empty) != `{"members":[],"next_page_token":""}` {
		t.Errorf("nobody is %s, %v", empty, err)
	}
}

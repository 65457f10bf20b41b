package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told is a list of changes as text: what happens to which item, and on how many conditions.
func told(changes []change) string {
	names := map[act]string{checks: "check", puts: "put", updates: "update", removes: "remove"}
	var all []string
	for _, c := range changes {
		all = append(all, names[c.act]+" "+c.key.PK+strings.Repeat("?", len(c.when)))
	}
	return strings.Join(all, ", ")
}

func TestFlattenNamesEveryItemOnce(t *testing.T) {
	t.Parallel()
	a, b, c := key{PK: "a"}, key{PK: "b"}, key{PK: "c"}
	u := func(k key) change { return update(k, set("x", 1), has("y")) }
	for name, p := range map[string]struct {
		parts []change
		want  string
	}{
		"nothing at all":                      {nil, ""},
		"what does not apply":                 {[]change{{}, provided(false, func() change { return check(a) }), check(b, exists())}, "check b?"},
		"different items, in their order":     {[]change{put(b, b), check(a, exists()), remove(c)}, "put b, check a?, remove c"},
		"two checks of an item":               {[]change{check(a, exists()), check(a, hasNot("x"))}, "check a??"},
		"a check, then a put":                 {[]change{check(a, exists()), put(a, a, has("x"))}, "put a??"},
		"a put, then a check":                 {[]change{put(a, a, has("x")), check(a, exists())}, "put a??"},
		"an update between two checks":        {[]change{check(a, exists()), u(a), check(a, hasNot("z"))}, "update a????"},
		"a remove and a check":                {[]change{remove(a), check(a, exists())}, "remove a?"},
		"parts of a part":                     {[]change{put(a, a).with(check(b, exists()).with(remove(c)))}, "put a, check b?, remove c"},
		"parts of what merges":                {[]change{check(a, exists()), check(a, has("x")).with(remove(b))}, "check a??, remove b"},
		"parts of what does not apply itself": {[]change{change{}.with(remove(b))}, "remove b"},
	} {
		got, err := flatten(p.parts)
		if diff := cmp.Diff(p.want, told(got)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestFlattenRefusesTwoWritesOfOneItem(t *testing.T) {
	t.Parallel()
	a := key{PK: "a"}
	writes := []change{put(a, a), update(a, set("x", 1)), remove(a)}
	for _, first := range writes {
		for _, second := range writes {
			for name, parts := range map[string][]change{
				"side by side":   {first, second},
				"with a check":   {first, check(a, exists()), second},
				"inside another": {put(key{PK: "b"}, a).with(first), second},
			} {
				if got, err := flatten(parts); err == nil {
					t.Errorf("%s: %s", name, told(got))
				}
			}
		}
	}
}

func TestMergingAConditionLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	a := key{PK: "a"}
	roomy := change{act: puts, key: a, when: append(make([]condition, 0, 4), has("x"))}
	merged := func(attr string) change {
		got, err := flatten([]change{roomy, check(a, has(attr))})
		if err != nil {
			t.Fatal(err)
		}
		return got[0]
	}
	first := merged("y")
	merged("z")
	e, err := first.expression()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"#0": "x", "#1": "y"}, e.Names()); diff != "" {
		t.Error(diff)
	}
}

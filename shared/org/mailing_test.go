package org_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/id"
	"roster/shared/org"
)

// lists are tags as SES's events have them.
func lists(tags map[string]string) map[string][]string {
	all := map[string][]string{"ses:configuration-set": {"roster"}}
	for name, value := range tags {
		all[name] = []string{value}
	}
	return all
}

func TestAMailingComesBackFromItsTags(t *testing.T) {
	t.Parallel()
	plain := org.Mailing{Org: org.ID(id.New()), Member: org.MemberID(id.New()), Mail: id.New()}
	linked := plain
	linked.Link = id.NewSecret().Hash()
	for _, m := range []org.Mailing{plain, linked} {
		got, ok := org.ParseMailing(lists(m.Tags()))
		if diff := cmp.Diff(m, got); diff != "" || !ok {
			t.Errorf("%v (-want +got):\n%s", ok, diff)
		}
	}
}

func TestTagsThatAreNoInvitationsAreNobodysMailing(t *testing.T) {
	t.Parallel()
	good := lists(org.Mailing{Org: org.ID(id.New()), Member: org.MemberID(id.New()), Mail: id.New()}.Tags())
	for name, change := range map[string]map[string][]string{
		"no organization":          {"org": nil},
		"an organization too many": {"org": {id.New(), id.New()}},
		"no organization's id":     {"org": {"acme"}},
		"no member":                {"member": nil},
		"no member's id":           {"member": {"bob"}},
		"no mail":                  {"mail": {}},
		"no mail's id":             {"mail": {"newsletter"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tags := maps.Clone(good)
			maps.Copy(tags, change)
			if m, ok := org.ParseMailing(tags); ok {
				t.Errorf("it is %+v", m)
			}
		})
	}
	if _, ok := org.ParseMailing(nil); ok {
		t.Error("no tags are a mailing")
	}
}

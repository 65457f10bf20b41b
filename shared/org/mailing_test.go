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

func TestAResendLiftsTheSuppressionOfABounceUntilAMailArrived(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		last org.Invitation
		want bool
	}{
		"there was none, or it was swept":          {org.Invitation{}, true},
		"the last bounced":                         {org.Invitation{Mail: "m", Delivery: org.Bounced}, true},
		"the last bounced, and would have lifted":  {org.Invitation{Mail: "m", Delivery: org.Bounced, Lift: true}, true},
		"the last was to lift and never left":      {org.Invitation{Mail: "m", Delivery: org.Failed, Lift: true}, true},
		"the last was to lift and still waits":     {org.Invitation{Mail: "m", Delivery: org.Queued, Lift: true}, true},
		"the last lifted and nobody knows":         {org.Invitation{Mail: "m", Delivery: org.Sent, Lift: true}, true},
		"the last lifted and arrived":              {org.Invitation{Mail: "m", Delivery: org.Delivered, Lift: true}, false},
		"the last lifted and was complained of":    {org.Invitation{Mail: "m", Delivery: org.Complained, Lift: true}, false},
		"the last was complained of":               {org.Invitation{Mail: "m", Delivery: org.Complained}, false},
		"the last was sent, and nothing is known":  {org.Invitation{Mail: "m", Delivery: org.Sent}, false},
		"the last was refused, for another reason": {org.Invitation{Mail: "m", Delivery: org.Failed}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.last.Lifts(); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

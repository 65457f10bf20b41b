package cloudtest_test

import (
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/store/storetest"
)

func TestTripsAreWhatWasWaitedForInARow(t *testing.T) {
	span := func(begin, end int) cloudtest.Span {
		return cloudtest.Span{Begin: time.UnixMilli(int64(begin)), End: time.UnixMilli(int64(end))}
	}
	tests := []struct {
		name  string
		spans []cloudtest.Span
		want  int
	}{
		{"nothing", nil, 0},
		{"one", []cloudtest.Span{span(0, 5)}, 1},
		{"one after the other", []cloudtest.Span{span(0, 5), span(6, 9)}, 2},
		{"side by side", []cloudtest.Span{span(0, 5), span(1, 6), span(2, 4)}, 1},
		{"one beside two in a row", []cloudtest.Span{span(0, 20), span(1, 5), span(6, 9)}, 2},
		{"in any order", []cloudtest.Span{span(6, 9), span(0, 5)}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := cloudtest.Trips(test.spans); got != test.want {
				t.Errorf("%d trips, want %d", got, test.want)
			}
		})
	}
}

func TestAProxyTellsFunctionsApart(t *testing.T) {
	t.Parallel()
	c, p := cloudtest.Behind(t, cloud.Options{})
	ann := c.Person(t, "ann")
	p.Of("org-get").Add(storetest.Rule{Fault: storetest.Timeout})
	p.Forget()
	o := ann.Org(t, "Acme")
	ann.Do(t, "GET", "/v1/orgs/"+o, nil).Want(t, 503)
	if calls := p.Calls("org-create"); len(calls) != 1 || len(calls[0]) != 2 || calls[0][1].Action != "TransactWriteItems" {
		t.Errorf("org-create asked for %v; want a look and a change in one invocation", calls)
	}
	if calls := p.Calls("org-get"); len(calls) != 1 || len(calls[0]) < 2 {
		t.Errorf("org-get asked for %v; want repeats in one invocation", calls)
	}
	p.Clear()
	ann.Do(t, "GET", "/v1/orgs/"+o, nil).Want(t, 200)
}

package org_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"roster/shared/org"
)

func TestACompanysNameIsAnOrganizationsName(t *testing.T) {
	t.Parallel()
	for company, want := range map[string]string{
		"Acme & Söhne":                  "Acme & Söhne",
		" A <b>firm</b>\x00\n\tof two ": "A b firm /b of two",
		strings.Repeat("é", 300):        strings.Repeat("é", 256),
		strings.Repeat("a", 255) + " b": strings.Repeat("a", 255),
		"<\x07>":                        "Customer",
		"":                              "Customer",
	} {
		if got := org.NameOf(company); got != want {
			t.Errorf("%q is called %q; want %q", company, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := org.NameOf(rapid.String().Draw(t, "company"))
		if got, err := org.ParseName(name); err != nil || got != name {
			t.Fatalf("%q is no name: %q, %v", name, got, err)
		}
	})
}

func TestWhoMayEnterTheirCompanysOrganization(t *testing.T) {
	t.Parallel()
	live, other := org.Org{ID: "o", Customer: "c1", Admins: 1}, org.Org{ID: "p"}
	gone := org.Org{ID: "o", Customer: "c1", Deleted: time.Now()}
	pending := org.Member{ID: "m", Status: org.Provisioned}
	for name, c := range map[string]struct {
		o         org.Org
		m         org.Member
		keptOut   bool
		elsewhere org.Org
		want      error
	}{
		"there is none yet":                     {org.Org{}, org.Member{}, false, org.Org{}, nil},
		"a stranger to it":                      {live, org.Member{}, false, org.Org{}, nil},
		"somebody invited":                      {live, pending, false, org.Org{}, nil},
		"somebody invited again":                {live, pending, true, org.Org{}, nil},
		"somebody removed":                      {live, org.Member{}, true, org.Org{}, org.ErrAskAdmin},
		"somebody removed, and nobody to ask":   {org.Org{ID: "o", Customer: "c1"}, org.Member{}, true, org.Org{}, nil},
		"somebody removed from a deleted one":   {gone, org.Member{}, true, org.Org{}, nil},
		"the row of an account that is no more": {live, org.Member{ID: "m", Status: org.Active, Account: "dead"}, false, org.Org{}, org.ErrAskAdmin},
		"somebody elsewhere":                    {live, pending, false, other, org.ErrAlready},
		"somebody elsewhere, before there is":   {org.Org{}, org.Member{}, false, other, org.ErrAlready},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := org.MayLink(c.o, c.m, c.keptOut, c.elsewhere); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestTheRoleOfWhoEnters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    org.Org
		want org.Role
	}{
		{org.Org{Customer: "c1"}, org.Admin}, {org.Org{Customer: "c1", Admins: 1}, org.Technical}, {org.Org{Admins: 1}, org.Technical},
	} {
		if got := org.RoleAtEntry(c.o, org.Technical); got != c.want {
			t.Errorf("%+v: %s, want %s", c.o, got, c.want)
		}
	}
}

func TestTheLastAdminIsOffboardedOnlyFromNobody(t *testing.T) {
	t.Parallel()
	admin, technical := org.Member{Role: org.Admin, Status: org.Active}, org.Member{Role: org.Technical, Status: org.Active}
	for _, c := range []struct {
		admins int
		m      org.Member
		others bool
		want   error
	}{
		{1, admin, true, org.ErrLastAdmin},
		{1, admin, false, nil},
		{2, admin, true, nil},
		{1, technical, true, nil},
		{1, org.Member{Role: org.Admin, Status: org.Provisioned}, true, nil},
	} {
		if err := org.MayOffboard(org.Org{Admins: c.admins}, c.m, c.others); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%+v: error %v, want %v", c, err, c.want)
		}
	}
}

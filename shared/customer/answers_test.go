package customer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/crm"
)

func text(s string) *string { return &s }

func yes(b bool) *bool { return &b }

func TestAnAccountIsShownWithItsSuccessManager(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.company("bare")
	no := false
	s.add(crm.Company{Account: crm.Account{ID: "gone", Name: "Gone", Active: &no, NewTicketURL: "javascript:alert(1)"}})
	s.add(crm.Company{Account: crm.Account{ID: "sly", Name: "Sly", NewTicketURL: "javascript://x.example/%0Aalert(1)"}})
	for id, want := range map[AccountID]Account{
		globex: {
			ID: globex, Name: "Globex Corporation", Active: true, SuccessManager: Person{"Sarah Field", "sarah.field@vendor.example"},
			NewTicketURL: "https://portal.vendor.example/globex/new-ticket",
		},
		"bare":    {ID: "bare", Name: "Company bare", Active: true, NewTicketURL: s.base + "/csm?id=csm_get_help"},
		"gone":    {ID: "gone", Name: "Gone", NewTicketURL: s.base + "/csm?id=csm_get_help"},
		"sly":     {ID: "sly", Name: "Sly", Active: true, NewTicketURL: s.base + "/csm?id=csm_get_help"},
		"unknown": {},
	} {
		got, err := s.Account(asking(t), id)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", id, err, diff)
		}
	}
}

func TestEntitlementsAreShownAsTheCRMHasThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	got, err := s.Entitlements(asking(t), globex)
	want := []Entitlement{
		{
			Number: "ENT0010001", Name: "Premium Support MySQL", Summary: "Premium support for MySQL, 24x7", Tier: text("Premium"),
			TotalUnits: text("50"), UnlimitedUnits: yes(false), SupportLevel: text("Premium 24x7"), SoftwareFamilies: []string{"MySQL", "ProxySQL"},
			Start: day(2026, 1, 1), End: day(2027, 12, 31), SecurityAdvisor: text("Enabled"), ConfigAdvisor: text("Enabled"),
		},
		{
			Number: "ENT0010002", Name: "Standard Support PostgreSQL", Summary: "Standard support for PostgreSQL", Tier: text("Standard"),
			UnlimitedUnits: yes(true), SupportLevel: text("Standard 9x5"), SoftwareFamilies: []string{"PostgreSQL"},
			Start: day(2026, 3, 15), End: day(2027, 3, 14),
		},
		{
			Number: "ENT0010003", Name: "Managed Backup", Summary: "Backups run by the vendor", TotalUnits: text("4"),
			SoftwareFamilies: []string{}, Start: day(2025, 7, 1), End: day(2028, 6, 30), ConfigAdvisor: text("Enabled"),
		},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAnEntitlementAlwaysHasDates(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.add(crm.Company{Account: crm.Account{ID: "x", Name: "X"}, Entitlements: []crm.Entitlement{{Number: "1"}}})
	got, err := s.Entitlements(asking(t), "x")
	if err != nil || len(got) != 1 || got[0].Start.Format(time.RFC3339) != "2025-01-01T00:00:00Z" || got[0].End.Format(time.RFC3339) != "9999-12-31T00:00:00Z" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTicketsAreShownAsTheCRMShowsThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	got, err := s.Tickets(asking(t), globex)
	want := []Ticket{
		{
			Number: "CS0010001", ShortDescription: "Replica falls behind after upgrade", Priority: "2 - High", State: "Open",
			Created: time.Date(2026, 2, 3, 9, 15, 42, 0, time.UTC), Department: "Database Operations", Requester: "Ben Ortiz", TaskType: "Case",
		},
		{
			Number: "CS0010002", ShortDescription: "Question about backup retention", Priority: "4 - Low", State: "Resolved",
			Created: time.Date(2026, 1, 20, 16, 2, 7, 0, time.UTC), Department: "Platform", Requester: "Ada Marsh", TaskType: "Case",
		},
	}
	for i := range got {
		var id string
		if _, err := fmt.Sscanf(got[i].URL, s.base+"/csm?id=csm_ticket&table=sn_customerservice_case&sys_id=%32s", &id); err != nil || len(id) != 32 {
			t.Errorf("URL %q: %v", got[i].URL, err)
		}
		got[i].URL = ""
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestWhatTheInstanceIsAsked(t *testing.T) {
	t.Parallel()
	var asked []string
	c := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, err := url.QueryUnescape(r.URL.RawQuery)
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		if err != nil || user != "roster" || password != "pass-w0rd" || r.Header.Get("Accept") != "application/json" ||
			(r.Method == "POST") != (r.Header.Get("Content-Type") == "application/json") {
			t.Errorf("%v %v", err, r.Header)
		}
		asked = append(asked, strings.TrimSpace(r.Method+" "+r.URL.Path+"?"+in+" "+string(body)))
		if len(asked) == 1 {
			w.Header().Set("Link", `<https://x.example/>;rel="next"`) // and a page that is not full
		}
		answering(200, "application/json", page(""))(w, r)
	}))
	by := Contact{ID: "c1", Account: "a1"}
	_, err1 := c.Tickets(asking(t), "a1")
	_, err2 := c.Entitlements(asking(t), "a1")
	_, err3 := c.Account(asking(t), "a1")
	_, err4 := c.Contact(asking(t), "Ann@bücher.example")
	_, _ = c.Raise(asking(t), by, Problem{"short", "long ^ \n", "high"})
	_, _ = c.Raise(asking(t), by, Problem{})
	golden, err := os.ReadFile("testdata/asked.txt")
	if diff := cmp.Diff(strings.TrimSpace(string(golden)), strings.Join(asked, "\n")); diff != "" || errors.Join(err, err1, err2, err3, err4) != nil {
		t.Errorf("%v %v %v %v %v (-want +got):\n%s", err, err1, err2, err3, err4, diff)
		t.Log(strings.Join(asked, "\n"))
	}
}

package customer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
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
		got, err := s.Account(t.Context(), id)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", id, err, diff)
		}
	}
}

func TestEntitlementsAreShownAsTheCRMHasThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	got, err := s.Entitlements(t.Context(), globex)
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
	got, err := s.Entitlements(t.Context(), "x")
	if err != nil || len(got) != 1 || got[0].Start.Format(time.RFC3339) != "2025-01-01T00:00:00Z" || got[0].End.Format(time.RFC3339) != "9999-12-31T00:00:00Z" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTicketsAreShownAsTheCRMShowsThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	got, err := s.Tickets(t.Context(), globex)
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

func TestARaisedTicketIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	by := s.contact("ben.ortiz@globex.example")
	for given, shown := range map[string]string{
		"": "4 - Low", "2": "2 - High", "2 - High": "2 - High", "high": "2 - High", " High ": "2 - High", "9 - High": "9 - High", "P1": "P1",
	} {
		raised, err := s.Raise(t.Context(), by, Problem{"Down ^ broken", "It is\ndown.", given})
		if err != nil {
			t.Fatal(err)
		}
		if raised.Priority != shown || raised.ShortDescription != "Down ^ broken" || raised.Requester != "Ben Ortiz" ||
			raised.State != "New" || raised.TaskType != "Case" || time.Since(raised.Created).Abs() > time.Minute || raised.Number == "" {
			t.Errorf("%q: %+v", given, raised)
		}
		all, err := s.Tickets(t.Context(), globex)
		if err != nil || !slices.Contains(all, raised) {
			t.Errorf("%+v is not among %+v, %v", raised, all, err)
		}
	}
	if others, err := s.Tickets(t.Context(), "9f8e7d6c5b4a43210fedcba987654321"); err != nil || len(others) != 2 {
		t.Errorf("another company has %d, %v", len(others), err)
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
	_, err1 := c.Tickets(t.Context(), "a1")
	_, err2 := c.Entitlements(t.Context(), "a1")
	_, err3 := c.Account(t.Context(), "a1")
	_, err4 := c.Contact(t.Context(), "Ann@bücher.example")
	_, _ = c.Raise(t.Context(), by, Problem{"short", "long ^ \n", "high"})
	_, _ = c.Raise(t.Context(), by, Problem{})
	golden, err := os.ReadFile("testdata/asked.txt")
	if diff := cmp.Diff(strings.TrimSpace(string(golden)), strings.Join(asked, "\n")); diff != "" || errors.Join(err, err1, err2, err3, err4) != nil {
		t.Errorf("%v %v %v %v %v (-want +got):\n%s", err, err1, err2, err3, err4, diff)
		t.Log(strings.Join(asked, "\n"))
	}
}

// many is a company with n tickets, each a second older than the one before.
func (s *scene) many(n int) {
	all := make([]crm.Ticket, n)
	for i := range all {
		all[i] = crm.Ticket{Number: fmt.Sprint(i)}
	}
	s.add(crm.Company{Account: crm.Account{ID: "many", Name: "Many"}, Tickets: all})
}

func TestPagesAreReadToTheEndAndNoFurtherThanAThousand(t *testing.T) {
	t.Parallel()
	for stored, want := range map[int]struct{ records, requests int }{
		0: {0, 1}, 249: {249, 1}, 250: {250, 1}, 251: {251, 2}, 500: {500, 2}, 1000: {1000, 4}, 1300: {1000, 4},
	} {
		t.Run(fmt.Sprint(stored), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.patience = time.Minute // of a busy machine
			s.many(stored)
			got, err := s.Tickets(t.Context(), "many")
			if err != nil || len(got) != want.records || s.crm.Requests()["sn_customerservice_case"] != want.requests {
				t.Fatalf("%d records, %v, in %v", len(got), err, s.crm.Requests())
			}
			for i, ticket := range got {
				if ticket.Number != fmt.Sprint(i) {
					t.Fatalf("%s stands at %d", ticket.Number, i)
				}
			}
		})
	}
}

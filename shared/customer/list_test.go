package customer

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/scripts/local/crm"
	"roster/shared/account"
	"roster/shared/fault"
)

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
			got, err := s.Tickets(asking(t), "many")
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

// paged is an instance of three full pages, whose later ones are answered when all of them were asked
// for.
func paged(t *testing.T) http.Handler {
	t.Helper()
	var asked sync.WaitGroup
	both := make(chan struct{})
	asked.Add(2)
	go func() { asked.Wait(); close(both) }()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("sysparm_offset"))
		if offset > 0 {
			asked.Done()
			select {
			case <-both:
			case <-r.Context().Done():
			}
		}
		var all []string
		for i := range pageSize {
			all = append(all, cells("sys_id", fmt.Sprintf("%q", fmt.Sprint(offset+i)), "number", fmt.Sprintf("%q", fmt.Sprint(offset+i))))
		}
		w.Header().Set("X-Total-Count", fmt.Sprint(3*pageSize))
		answering(200, "application/json", page(strings.Join(all, ",")))(w, r)
	})
}

func TestLaterPagesAreAskedForSideBySide(t *testing.T) {
	t.Parallel()
	c := at(t, paged(t))
	c.patience = 20 * time.Second // of a busy machine
	all, err := c.Tickets(asking(t), globex)
	if err != nil || len(all) != 3*pageSize {
		t.Fatalf("%d, %v", len(all), err)
	}
	for i, ticket := range all {
		if ticket.Number != fmt.Sprint(i) {
			t.Fatalf("%s stands at %d", ticket.Number, i)
		}
	}
}

func TestARecordOnTwoPagesIsListedOnce(t *testing.T) {
	t.Parallel()
	a, b, none := record{"sys_id": {"a", "a"}}, record{"sys_id": {"b", "b"}}, record{"number": {"1", "1"}}
	got := join([]portion{{listing: listing{records: []record{a, none}, hidden: 1}}, {listing: listing{records: []record{a, b, none}, hidden: 2}}})
	if len(got.records) != 4 || got.hidden != 3 {
		t.Errorf("%+v", got)
	}
}

func TestAHiddenRecordIsNotNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.company("x", crm.Contact{Email: "ann@x.example", Hidden: true}, crm.Contact{Email: "bob@x.example", Role: "Technical"},
		crm.Contact{Email: "bob@x.example", Role: "Admin", Hidden: true})
	s.add(crm.Company{
		Account:      crm.Account{ID: "secret", Name: "Secret", Hidden: true},
		Entitlements: []crm.Entitlement{{Number: "1", Hidden: true}}, Tickets: []crm.Ticket{{Number: "1", Hidden: true}},
	})
	for _, a := range []string{"ann@x.example", "bob@x.example"} {
		_, err := s.Contact(asking(t), account.Address(a))
		checkUnavailable(t, "Contact", err)
	}
	_, err := s.Account(asking(t), "secret")
	checkUnavailable(t, "Account", err)
	_, err = s.Entitlements(asking(t), "secret")
	checkUnavailable(t, "Entitlements", err)
	_, err = s.Tickets(asking(t), "secret")
	checkUnavailable(t, "Tickets", err)
}

func TestWhatIsNotHiddenIsListed(t *testing.T) {
	t.Parallel()
	s := open(t)
	all := make([]crm.Ticket, 600)
	for i := range all {
		all[i] = crm.Ticket{Number: fmt.Sprint(i), Hidden: i%3 == 0}
	}
	s.add(crm.Company{Account: crm.Account{ID: "some", Name: "Some"}, Tickets: all})
	s.patience = time.Minute // of a busy machine
	if got, err := s.Tickets(asking(t), "some"); err != nil || len(got) != 400 {
		t.Errorf("%d, %v", len(got), err)
	}
}

func TestAnInstanceThatHasTooMuchToDoIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		status int
		after  string
		wait   time.Duration
	}{
		"it says when":             {429, "1200", 20 * time.Minute},
		"it is down, and says so":  {503, "7", 7 * time.Second},
		"it says a day":            {429, "86400", time.Hour},
		"it says more than counts": {429, "99999999999", time.Hour},
		"it does not say":          {429, "", 0},
		"it says nonsense":         {429, "soon", 0},
		"it says never mind":       {429, "-1", 0},
		"it fails":                 {500, "60", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, now := 0, time.Now()
			c := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if asked++; asked > 1 {
					answering(200, "application/json", page(cells()))(w, r)
					return
				}
				w.Header().Set("Retry-After", x.after)
				answering(x.status, "application/json", "{}")(w, r)
			}))
			c.pause.now = func() time.Time { return now }
			_, err := c.Contact(asking(t), hank)
			checkUnavailable(t, "Contact", err)
			checkAfter(t, err, x.wait)
			if x.wait > 0 {
				now = now.Add(x.wait - time.Second)
				_, err = c.Tickets(asking(t), globex)
				checkAfter(t, err, time.Second)
				if asked != 1 {
					t.Errorf("it was asked %d times", asked)
				}
				now = now.Add(time.Second)
			}
			if got, err := c.Contact(asking(t), hank); err != nil || !got.Exists() {
				t.Errorf("after that: %+v, %v", got, err)
			}
		})
	}
}

func checkAfter(t *testing.T, err error, want time.Duration) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.RetryAfter != want {
		t.Errorf("%v, after %v; want %v", err, f.RetryAfter, want)
	}
}

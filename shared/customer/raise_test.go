package customer

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/crm"
	"roster/shared/fault"
)

func TestARaisedTicketIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	by := s.contact("ben.ortiz@globex.example")
	for given, shown := range map[string]string{
		"": "4 - Low", "2": "2 - High", "2 - High": "2 - High", "high": "2 - High", " High ": "2 - High", "4 - low": "4 - Low",
	} {
		raised, err := s.Raise(asking(t), by, Problem{"Down ^ broken", "It is\ndown: " + given, given})
		if err != nil {
			t.Fatal(err)
		}
		if raised.Priority != shown || raised.ShortDescription != "Down ^ broken" || raised.Requester != "Ben Ortiz" ||
			raised.State != "New" || raised.TaskType != "Case" || time.Since(raised.Created).Abs() > time.Minute || raised.Number == "" {
			t.Errorf("%q: %+v", given, raised)
		}
		all, err := s.Tickets(asking(t), globex)
		if err != nil || !slices.Contains(all, raised) {
			t.Errorf("%+v is not among %+v, %v", raised, all, err)
		}
	}
	if others, err := s.Tickets(asking(t), "9f8e7d6c5b4a43210fedcba987654321"); err != nil || len(others) != 2 {
		t.Errorf("another company has %d, %v", len(others), err)
	}
}

// numbers are the tickets of an account whose words are short.
func (s *scene) numbers(id AccountID, short string) []string {
	s.Helper()
	all, err := s.Tickets(asking(s.T), id)
	if err != nil {
		s.Fatal(err)
	}
	var found []string
	for _, t := range all {
		if t.ShortDescription == short {
			found = append(found, t.Number)
		}
	}
	return found
}

func TestATicketWhoseAnswerGotLostIsRaisedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	by, p := s.contact("ben.ortiz@globex.example"), Problem{"Down", "Since noon.", "High"}
	if err := s.crm.SetFault(crm.Lost); err != nil {
		t.Fatal(err)
	}
	_, err := s.Raise(asking(t), by, p)
	checkUnavailable(t, "Raise", err)
	if err := s.crm.SetFault(crm.None); err != nil {
		t.Fatal(err)
	}
	before := s.crm.Requests()["sn_customerservice_case"]
	raised, err := s.Raise(asking(t), by, p)
	if asked := s.crm.Requests()["sn_customerservice_case"] - before; err != nil || asked != 1 {
		t.Errorf("%v, after %d requests", err, asked)
	}
	if got := s.numbers(globex, "Down"); !slices.Equal(got, []string{raised.Number}) {
		t.Errorf("tickets %v; want %q alone", got, raised.Number)
	}
	if again, err := s.Raise(asking(t), by, p); err != nil || again != raised {
		t.Errorf("%+v, %v; want %+v", again, err, raised)
	}
}

func TestOtherWordsAreAnotherTicket(t *testing.T) {
	t.Parallel()
	s := open(t)
	ben, ada := s.contact("ben.ortiz@globex.example"), s.contact("ada.marsh@globex.example")
	for _, x := range []struct {
		by Contact
		p  Problem
	}{
		{ben, Problem{"Down", "a", "High"}},
		{ben, Problem{"Down", "b", "High"}},
		{ben, Problem{"Down", "a", "Low"}},
		{ben, Problem{"Down", "a", ""}},
		{ada, Problem{"Down", "a", "High"}},
	} {
		if _, err := s.Raise(asking(t), x.by, x.p); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.numbers(globex, "Down"); len(got) != 5 {
		t.Errorf("tickets %v", got)
	}
}

func TestTheSameWordsAreTheSameTicketForAWhileOnly(t *testing.T) {
	t.Parallel()
	mark := markOf("c", "short", "", "")
	raise := func(lookUp string) (string, error) {
		raised, err := at(t, lookedUp(page(lookUp), `{"result":`+cells("number", `"new"`)+`}`)).Raise(asking(t), Contact{ID: "c", Account: globex}, Problem{ShortDescription: "short"})
		return raised.Number, err
	}
	known := func(mark string, ago time.Duration) string {
		return cells("correlation_id", `"`+mark+`"`, "sys_created_on", `"`+time.Now().UTC().Add(-ago).Format(time.DateTime)+`"`)
	}
	for name, x := range map[string]struct{ lookUp, want string }{
		"there is none":               {"", "new"},
		"a moment ago":                {known(mark, time.Minute), "1"},
		"an hour ago":                 {known(mark, time.Hour), "new"},
		"what was not asked for":      {known("other", time.Minute), "new"},
		"of another account":          {strings.ReplaceAll(known(mark, time.Minute), string(globex), "other"), "new"},
		"no mark, which it knows not": {cells(), "new"},
		"behind others":               {known("other", 0) + "," + known(mark, time.Minute), "1"},
	} {
		if got, err := raise(x.lookUp); err != nil || got != x.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, x.want)
		}
	}
}

func TestAnInstanceWithoutMarksIsNotAskedForThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.mapping.Ticket.Correlation = ""
	by := s.contact("ben.ortiz@globex.example")
	for range 2 {
		if _, err := s.Raise(asking(t), by, Problem{ShortDescription: "Down"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.numbers(globex, "Down"); len(got) != 2 {
		t.Errorf("tickets %v", got)
	}
}

func TestAPriorityIsOneThatTheCRMHas(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, good := range []string{"", " ", "High", "high", " 2 ", "2 - High", "1 - critical"} {
		if err := s.CheckPriority(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"5", "P1", "2 - Low", "9 - High", "2 -High", "high!"} {
		f, ok := errors.AsType[*fault.Error](s.CheckPriority(bad))
		want := "invalid field Priority: value '" + bad + "' must be one of 1 - critical, 2 - high, 3 - moderate, 4 - low"
		if !ok || f.Kind != fault.Invalid || f.Message != want {
			t.Errorf("%q: %v", bad, f)
		}
	}
	if err := (&Client{}).CheckPriority("whatever"); err != nil {
		t.Errorf("without a CRM: %v", err)
	}
}

// lookedUp is an instance that answers look-ups and other requests.
func lookedUp(found, made string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answering(200, "application/json", found)(w, r)
			return
		}
		answering(201, "application/json", made)(w, r)
	}
}

package customer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/crm"
)

// page is the body of an answer with those records.
func page(records string) string { return `{"result":[` + records + `]}` }

// cells is a record of Globex with every field that is needed, changed by the pairs.
func cells(changes ...string) string {
	all := map[string]string{
		"sys_id": `"` + string(globex) + `"`, "email": `"hank.scorpio@globex.example"`, "active": `"true"`, "name": `"private"`,
		"account": `{"display_value":"private","value":"` + string(globex) + `"}`, "account.name": `"private"`, "account.customer": `"true"`,
		"customer": `"true"`, "sys_created_on": `"2026-01-01 00:00:00"`, "number": `"1"`, "start_date": `"2026-01-01"`, "end_date": `""`,
	}
	for i := 0; i < len(changes); i += 2 {
		if all[changes[i]] = changes[i+1]; changes[i+1] == "" {
			delete(all, changes[i])
		}
	}
	var fields []string
	for name, value := range all {
		fields = append(fields, fmt.Sprintf("%q:%s", name, value))
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func TestWhateverGoesWrongIsOneErrorThatTellsNothing(t *testing.T) {
	t.Parallel()
	const json, html = "application/json", "text/html"
	huge := page("") + strings.Repeat(" ", maxBody)
	for name, answer := range map[string]http.HandlerFunc{
		"it refuses the credentials":          answering(401, json, `{"error":{"message":"User Not Authenticated","detail":"private"},"status":"failure"}`),
		"it forbids":                          answering(403, json, `{"error":{"message":"private","detail":null},"status":"failure"}`),
		"it knows no such table":              answering(400, json, `{"error":{"message":"Invalid table private","detail":null},"status":"failure"}`),
		"it knows no such page":               answering(404, html, "<html>private"),
		"it has too much to do":               tooMany,
		"it forbids, and answers":             answering(403, json, page(cells())),
		"it accepts, and does nothing yet":    answering(202, json, page(cells())),
		"it does not change":                  answering(304, json, ""),
		"it fails":                            answering(500, json, `{"error":{"message":"private"},"status":"failure"}`),
		"it is being upgraded":                answering(503, html, "<html>private"),
		"it sends the caller elsewhere":       elsewhere,
		"it hibernates":                       answering(200, html, "<html><body>Your instance is hibernating, private.</body></html>"),
		"it says nothing":                     answering(200, json, ""),
		"it answers no content":               answering(204, json, ""),
		"its JSON ends in the middle":         answering(200, json, `{"result":[{"sys_id":"private`),
		"its body ends before it said it did": shortened,
		"it answers a list":                   answering(200, json, `["private"]`),
		"it answers a number":                 answering(200, json, `7`),
		"it answers null":                     answering(200, json, `null`),
		"it answers an envelope of nothing":   answering(200, json, `{}`),
		"its result is null":                  answering(200, json, `{"result":null}`),
		"its result is text":                  answering(200, json, `{"result":"private"}`),
		"its records are text":                answering(200, json, page(`"private"`)),
		"its records are lists":               answering(200, json, page(`["private"]`)),
		"its fields are numbers":              answering(200, json, page(cells("sys_id", `7`))),
		"its fields are flags":                answering(200, json, page(cells("active", `true`))),
		"its fields are lists":                answering(200, json, page(cells("sys_id", `["private"]`))),
		"its values are objects":              answering(200, json, page(cells("sys_id", `{"value":{"private":1}}`))),
		"an error stands beside the result":   answering(200, json, `{"result":[],"error":{"message":"Transaction cancelled: private"},"status":"failure"}`),
		"its answer is huge":                  answering(200, json, huge),
		"its headers are huge":                hugeHeaders,
		"it hangs up":                         func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"two answers in one":                  answering(200, json, page("")+page("")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for what, call := range every(at(t, answer)) {
				checkUnavailable(t, what, call(asking(t)))
			}
		})
	}
}

func tooMany(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "1200")
	answering(429, "application/json", `{"error":{"message":"Rate limit exceeded","detail":"private"},"status":"failure"}`)(w, nil)
}

func elsewhere(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/else" {
		answering(200, "application/json", page(cells()))(w, r)
		return
	}
	http.Redirect(w, r, "/else", http.StatusFound)
}

func shortened(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(page("")))
}

func hugeHeaders(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Private", strings.Repeat("x", 80<<10))
	_, _ = w.Write([]byte(page("")))
}

func TestAnAnswerWithoutEndIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	c := at(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	}))
	c.patience = time.Minute // of a busy machine; the size is what ends it
	for what, call := range every(c) {
		err := call(asking(t))
		checkUnavailable(t, what, err)
		if !strings.Contains(err.Error(), "has more than") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	server.Close()
	c := at(t, nil)
	c.base = server.URL
	for what, call := range every(c) {
		checkUnavailable(t, what, call(asking(t)))
	}
}

func TestRecordsThatDoNotAddUpAreRefused(t *testing.T) {
	t.Parallel()
	lists, tables := []string{"Entitlements", "Tickets"}, []string{"Contact", "Entitlements", "Tickets"}
	for name, c := range map[string]struct {
		record string
		calls  []string
	}{
		"an account that was not asked for":      {cells("sys_id", `"private"`, "account", `"private"`), append(lists, "Account")},
		"no account at all":                      {cells("account", ""), tables},
		"no id":                                  {cells("sys_id", ""), []string{"Contact", "Account", "Tickets"}},
		"no address":                             {cells("email", ""), []string{"Contact"}},
		"not whether it is active":               {cells("active", ""), []string{"Contact"}},
		"a flag that is none":                    {cells("active", `"private"`), []string{"Contact"}},
		"not whether its company is a customer":  {cells("account.customer", ""), []string{"Contact"}},
		"a company's flag that is none":          {cells("account.customer", `"private"`, "customer", `"private"`), []string{"Contact", "Account"}},
		"no name of the company":                 {cells("account.name", "", "name", ""), []string{"Contact", "Account"}},
		"an empty name of the company":           {cells("account.name", `""`), []string{"Contact"}},
		"an account that could not be asked for": {cells("account", `"private^NQ"`), []string{"Contact"}},
		"no instant":                             {cells("sys_created_on", ""), tables},
		"an empty instant":                       {cells("sys_created_on", `""`), []string{"Tickets"}},
		"an instant as people write it":          {cells("sys_created_on", `"01/02/2026 private"`), []string{"Tickets"}},
		"a date as people write it":              {cells("start_date", `"31.12.2026 private"`), []string{"Entitlements"}},
		"an end as people write it":              {cells("end_date", `"31.12.2026 private"`), []string{"Entitlements"}},
		"units that are neither":                 {cells("u_unlimited_units", `"private"`), []string{"Entitlements"}},
		"no number":                              {cells("number", ""), lists},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := every(at(t, answering(200, "application/json", page(c.record))))
			for _, what := range c.calls {
				checkUnavailable(t, what, calls[what](asking(t)))
			}
		})
	}
	t.Run("and whole ones are not", func(t *testing.T) {
		t.Parallel()
		calls := every(at(t, answering(200, "application/json", page(cells()))))
		for _, what := range append(tables, "Account") {
			if err := calls[what](asking(t)); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// slack is what a busy machine may add to a deadline.
const slack = 1500 * time.Millisecond

func TestASlowCRMHasItsTimeAndNoMore(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"it does not begin": func(_ http.ResponseWriter, r *http.Request) { abandoned(r) },
		"it does not end": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"result":[`))
			w.(http.Flusher).Flush()
			abandoned(r)
		},
		"it drips": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				w.(http.Flusher).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := hurried(at(t, answer))
			for what, call := range every(c) {
				began := time.Now()
				checkUnavailable(t, what, call(asking(t)))
				if took := time.Since(began); took < c.patience/2 || took > c.patience+slack {
					t.Errorf("%s took %v", what, took)
				}
			}
		})
	}
}

// abandoned waits until the client goes away, which the server notices when it has read the body.
func abandoned(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestNobodyTakesTheConnection(t *testing.T) {
	t.Parallel()
	full, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	c := hurried(at(t, nil))
	c.base = "https://" + full.Addr().String()
	began := time.Now()
	_, err = c.Contact(asking(t), hank)
	checkUnavailable(t, "Contact", err)
	if took := time.Since(began); took > c.patience+slack {
		t.Errorf("it took %v", took)
	}
}

func TestAllCallsOfARequestShareItsTime(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.crm.SetFault(crm.Slow); err != nil {
		t.Fatal(err)
	}
	hurried(s.Client)
	ctx, began := WithBudget(t.Context()), time.Now()
	for range 5 {
		for what, call := range every(s.Client) {
			checkUnavailable(t, what, call(ctx))
		}
	}
	if took := time.Since(began); took > s.patience+slack {
		t.Errorf("25 calls took %v of one budget of %v", took, s.patience)
	}
	_ = s.crm.SetFault(crm.None)
	s.patience = patience
	_, err := s.Contact(ctx, hank)
	checkUnavailable(t, "after the time is over", err)
	if !s.contact(string(hank)).Exists() {
		t.Error("the next request has a time of its own")
	}
}

func TestABudgetStartsWithTheFirstCall(t *testing.T) {
	t.Parallel()
	c := &Client{patience: patience}
	ends := func(ctx context.Context) time.Time {
		at, err := within(ctx, c, func(ctx context.Context) (time.Time, error) { at, _ := ctx.Deadline(); return at, nil })
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	ctx := WithBudget(t.Context())
	time.Sleep(5 * time.Millisecond)
	before := time.Now()
	first := ends(ctx)
	if first.Before(before.Add(2*time.Second)) || first.After(time.Now().Add(2*time.Second)) {
		t.Errorf("it ends %v after the first call", first.Sub(before))
	}
	time.Sleep(5 * time.Millisecond)
	if again := ends(context.WithValue(ctx, c, 1)); !again.Equal(first) {
		t.Errorf("it moved by %v", again.Sub(first))
	}
	sooner, cancel := context.WithDeadline(ctx, before.Add(time.Second))
	defer cancel()
	if at := ends(sooner); !at.Equal(before.Add(time.Second)) {
		t.Errorf("the caller's deadline became %v", at.Sub(before))
	}
}

func TestNothingIsAskedWithoutABudget(t *testing.T) {
	t.Parallel()
	s := open(t)
	for what, call := range every(s.Client) {
		if err := call(t.Context()); !errors.Is(err, errNoBudget) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := s.crm.Requests(); len(n) != 0 {
		t.Errorf("it was asked: %v", n)
	}
}

func TestTheCallersOwnTimeBoundsTheCRM(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(WithBudget(t.Context()))
	cancel()
	s := open(t)
	for what, call := range every(s.Client) {
		checkUnavailable(t, what, call(ctx))
	}
	if n := s.crm.Requests(); len(n) != 0 {
		t.Errorf("it was asked: %v", n)
	}
}

func TestAFaultHealsByItself(t *testing.T) {
	t.Parallel()
	s := open(t)
	hurried(s.Client)
	for _, mode := range []crm.Mode{crm.Down, crm.Slow, crm.Garbage} {
		if err := s.crm.SetFault(mode); err != nil {
			t.Fatal(err)
		}
		for what, call := range every(s.Client) {
			checkUnavailable(t, string(mode)+", "+what, call(asking(t)))
		}
		if err := s.crm.SetFault(crm.None); err != nil {
			t.Fatal(err)
		}
		s.patience = patience
		if !s.contact(string(hank)).Exists() {
			t.Errorf("%s did not heal", mode)
		}
		hurried(s.Client)
	}
}

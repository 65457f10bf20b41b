package mail

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLift(t *testing.T) {
	on := func(reason string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"SuppressedDestination":{"EmailAddress":"ann@acme.example","Reason":%q,"LastUpdateTime":1.5}}`, reason)
		}
	}
	done := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) }
	unlisted := refuse(404, "NotFoundException", "no such entry")
	trouble := refuse(400, "TooManyRequestsException", "later")
	const path = "/v2/email/suppression/addresses/ann+x%40acme.example"
	for name, c := range map[string]struct {
		get, del http.HandlerFunc
		calls    []string
		fails    bool
	}{
		"a bounced address":                 {on("BOUNCE"), done, []string{"GET " + path, "DELETE " + path}, false},
		"one that somebody else just freed": {on("BOUNCE"), unlisted, []string{"GET " + path, "DELETE " + path}, false},
		"one that complained":               {on("COMPLAINT"), nil, []string{"GET " + path}, false},
		"a reason that SES has not yet":     {on("WHIM"), nil, []string{"GET " + path}, false},
		"one that is free":                  {unlisted, nil, []string{"GET " + path}, false},
		"an SES that does not tell":         {trouble, nil, []string{"GET " + path}, true},
		"an SES that does not lift":         {on("BOUNCE"), trouble, []string{"GET " + path, "DELETE " + path}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var calls []string
			s := sender(t, "", func(w http.ResponseWriter, r *http.Request) {
				calls = append(calls, r.Method+" "+strings.ReplaceAll(r.URL.EscapedPath(), "%2B", "+"))
				w.Header().Set("Content-Type", "application/json")
				if r.Method == http.MethodGet {
					c.get(w, r)
					return
				}
				c.del(w, r)
			})
			err := s.Lift(t.Context(), "ann+x@acme.example")
			if (err != nil) != c.fails || Permanent(err) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(c.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// The address is part of the calls' URLs, which net/http quotes.
func TestAnErrorOfLiftDoesNotHoldTheAddress(t *testing.T) {
	s := sender(t, "", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	for _, to := range []string{"ann+x@acme.example", "Ann.O'Neil@acme.example", "a b@acme.example"} {
		err := s.Lift(t.Context(), to)
		if err == nil {
			t.Fatal("no error")
		}
		for _, part := range []string{"acme.example", "nn%2Bx", "Neil"} {
			if strings.Contains(err.Error(), part) {
				t.Errorf("%q tells %q", err, part)
			}
		}
	}
}

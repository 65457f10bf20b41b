package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// forgotten is what Cognito tells of Ann, who set a new password with the code from the mail.
func forgotten() trigger {
	var e trigger
	e.TriggerSource = "PostConfirmation_ConfirmForgotPassword"
	e.Request.UserAttributes = map[string]string{"sub": "ann", "email": "Ann@Example.com", "email_verified": "true"}
	e.Request.ClientMetadata = map[string]string{"ip": "192.0.2.7", "agent": "brow\nser" + strings.Repeat("r", 600), "request_id": "rq7"}
	return e
}

func TestAPasswordThatWasResetIsLoggedWithWhatTheCallerTold(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	w.Org("acme", storetest.Active(w.Person("ann"), org.Admin))
	confirmed(t.Context(), w.DB, forgotten())
	checkLog(t, w)
}

func checkLog(t *testing.T, w *storetest.World) {
	t.Helper()
	all := w.Dump().Of("EVENT#")
	for _, e := range all {
		agent, _ := e["agent"].(string)
		if e["actor"] != "ann" || e["action"] != "CHANGE_PASSWORD" || e["ip"] != "192.0.2.7" || e["request_id"] != "rq7" ||
			!strings.HasPrefix(agent, "browserrr") || len(agent) > 512 {
			t.Errorf("event %v", e)
		}
	}
	if len(all) != 1 {
		t.Errorf("%d events", len(all))
	}
}

// Nobody tells of a reset twice: as long as the person may be kept waiting, a table that fails is asked
// again, and what was written although it seemed not to be is not written again.
func TestAResetIsLoggedOnceATableThatFailedIsBack(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"BatchGetItem", "TransactWriteItems"} {
		for name, f := range map[string]storetest.Fault{
			"it refuses": storetest.Refuse(http.StatusBadRequest, "ValidationException"), "its replies are lost": storetest.LostReply,
		} {
			storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
				w.Org("acme", storetest.Active(w.Person("ann"), org.Admin))
				w.Faults.Add(storetest.Rule{Action: action, Times: 6, Fault: f})
				confirmed(t.Context(), w.DB, forgotten())
				t.Log(action, name)
				checkLog(t, w)
			})
		}
	}
}

func TestATableThatStaysAwayKeepsNobodyFromTheirNewPassword(t *testing.T) {
	t.Parallel()
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		w.Faults.Add(storetest.Rule{Fault: storetest.Refuse(http.StatusBadRequest, "ValidationException")})
		begun := time.Now()
		confirmed(t.Context(), w.DB, forgotten())
		if took := time.Since(begun); took != patience {
			t.Errorf("it took %v", took)
		}
	})
}

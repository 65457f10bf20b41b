package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

func TestATokenOfTheSecondOfTheCallIsDead(t *testing.T) {
	t.Parallel()
	told := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ now, want time.Time }{
		"heard minutes later, to the end of the second": {told.Add(5 * time.Minute), told.Add(999 * time.Millisecond)},
		"heard in the next second":                      {told.Add(time.Second), told.Add(999 * time.Millisecond)},
		"heard in the same second, not the future":      {told.Add(300 * time.Millisecond), told.Add(300 * time.Millisecond)},
		"told by a clock that is ahead":                 {told.Add(-time.Minute), told.Add(-time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := until(told, c.now); !got.Equal(c.want) {
				t.Errorf("until %v, want %v", got, c.want)
			}
		})
	}
}

// of is CloudTrail's word of a call about Ann, a minute before the world began.
func of(name string) call {
	c := call{Time: storetest.Start.Add(-time.Minute).Truncate(time.Second), Name: name}
	c.About.Sub = "ann"
	return c
}

func TestADeletedUsersAccountIsClosed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"AdminDeleteUser", "DeleteUser"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			ann, bob := w.Person("ann"), w.Person("bob")
			o := w.Org("acme", storetest.Active(ann, org.Technical), storetest.Active(bob, org.Admin))
			if err := hear(t.Context(), w.DB, of(name)); err != nil {
				t.Fatal(err)
			}
			if w.Get(storetest.AccountKey("ann"))["closed"] != true || w.Get(storetest.MemberKey(o, ann.Address)) != nil {
				t.Errorf("account %v", w.Get(storetest.AccountKey("ann")))
			}
			if _, err := w.DB.Look(t.Context(), ann.Caller(), o); !errors.Is(err, account.ErrRevoked) {
				t.Errorf("their token: %v", err)
			}
			before := w.Dump()
			if err := hear(t.Context(), w.DB, of(name)); err != nil {
				t.Errorf("delivered again: %v", err)
			}
			if changes := w.Changes(before, w.Dump()); changes != "\n" {
				t.Errorf("delivered again, it changed%s", changes)
			}
		})
	}
}

func TestTheSoleAdminsRowStays(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann := w.Person("ann")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	if err := hear(t.Context(), w.DB, of("AdminDeleteUser")); err != nil {
		t.Fatal(err)
	}
	if w.Get(storetest.MemberKey(o, ann.Address)) == nil || w.Get(storetest.AccountKey("ann"))["closed"] != true {
		t.Error("the account must be closed, and the row stay")
	}
}

func TestASignedOutUsersTokensAreDead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"AdminDisableUser", "AdminUserGlobalSignOut", "GlobalSignOut"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			ann := w.Person("ann")
			o := w.Org("acme", storetest.Active(ann, org.Admin))
			old, fresh := ann.Caller(), ann.Caller()
			fresh.Issued = storetest.Start
			for range 2 { // the second time is a delivery again
				if err := hear(t.Context(), w.DB, of(name)); err != nil {
					t.Fatal(err)
				}
				if _, err := w.DB.Look(t.Context(), old, o); !errors.Is(err, account.ErrRevoked) {
					t.Errorf("a token from before: %v", err)
				}
				if _, err := w.DB.Look(t.Context(), fresh, o); err != nil {
					t.Errorf("a token from after: %v", err)
				}
			}
		})
	}
}

func TestAnOldCallDoesNotBringTokensBack(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ann := w.Person("ann")
	o := w.Org("acme", storetest.Active(ann, org.Admin))
	late := of("GlobalSignOut")
	late.Time = late.Time.Add(-24 * time.Hour)
	for _, c := range []call{of("GlobalSignOut"), late} {
		if err := hear(t.Context(), w.DB, c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.DB.Look(t.Context(), ann.Caller(), o); !errors.Is(err, account.ErrRevoked) {
		t.Errorf("%v", err)
	}
}

func TestCallsThatChangeNothingForUs(t *testing.T) {
	t.Parallel()
	refused, nobodys, strangers := of("AdminDeleteUser"), of("AdminDeleteUser"), of("AdminDeleteUser")
	refused.Error, nobodys.About.Sub, strangers.About.Sub = "UserNotFoundException", "", "zed"
	signedOut := of("GlobalSignOut")
	signedOut.About.Sub = "zed"
	for name, c := range map[string]call{
		"one that was refused":                {Name: refused.Name, Error: refused.Error, Time: refused.Time, About: refused.About},
		"one about nobody":                    nobodys,
		"one about somebody unknown":          strangers,
		"a sign-out of somebody unknown":      signedOut,
		"an operator who changes a name":      of("AdminUpdateUserAttributes"),
		"an operator who enables":             of("AdminEnableUser"),
		"a call that nobody has heard of yet": of("AdminMoveUser"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			w.Org("acme", storetest.Active(w.Person("ann"), org.Admin))
			before := w.Dump()
			if err := hear(t.Context(), w.DB, c); err != nil {
				t.Error(err)
			}
			if changes := w.Changes(before, w.Dump()); changes != "\n" {
				t.Errorf("it changed%s", changes)
			}
		})
	}
}

// What an operator does to a member is under the member's name, and so not with the operator's address.
// Whoever deletes a user is in the log as themselves.
func TestTheLogTellsFromWhereItWasDone(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"AdminUserGlobalSignOut": "ann LOG_OUT from  with  rq7",
		"AdminDisableUser":       "ann LOG_OUT from  with  rq7",
		"GlobalSignOut":          "ann LOG_OUT from 192.0.2.7 with cli rq7",
		"AdminSetUserPassword":   "ann CHANGE_PASSWORD from  with  rq7",
		"ChangePassword":         "ann CHANGE_PASSWORD from 192.0.2.7 with cli rq7",
		"AdminDeleteUser":        " DELETE from 192.0.2.7 with cli rq7",
		"DeleteUser":             "ann DELETE from 192.0.2.7 with cli rq7",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Active(w.Person("bob"), org.Admin))
			c := of(name)
			c.IP, c.UserAgent, c.RequestID, c.ID = "192.0.2.7", "c\x00li", "rq7", "88888888-8888-4888-8888-888888888888"
			if err := hear(t.Context(), w.DB, c); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range w.Dump().Of("EVENT#") {
				got = append(got, fmt.Sprintf("%s %s from %s with %s %s", e["actor"], e["action"], e["ip"], e["agent"], e["request_id"]))
			}
			if len(got) != 1 || got[0] != want {
				t.Errorf("log %q, want %q", got, want)
			}
		})
	}
}

func TestTheSampleEventIsUnderstood(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../events/account-closed.json")
	if err != nil {
		t.Fatal(err)
	}
	var e events.EventBridgeEvent
	var c call
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(e.Detail, &c); err != nil {
		t.Fatal(err)
	}
	want := call{
		Time: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), Name: "AdminDeleteUser", IP: "192.0.2.1", UserAgent: "aws-cli/2",
		RequestID: "77777777-7777-4777-8777-777777777777", ID: "88888888-8888-4888-8888-888888888888",
	}
	want.About.Sub = "11111111-1111-4111-8111-111111111111"
	if c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
}

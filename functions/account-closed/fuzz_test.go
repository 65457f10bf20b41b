package main

import (
	"encoding/json"
	"testing"

	"roster/shared/org"
	"roster/shared/store/storetest"
)

// Whatever CloudTrail tells, the table holds together, and who is not named stays as they are.
func FuzzEvent(f *testing.F) {
	w := storetest.New(f)
	for _, name := range []string{"AdminDeleteUser", "DeleteUser", "AdminDisableUser", "AdminUserGlobalSignOut", "AdminGetUser", ""} {
		f.Add([]byte(`{"eventTime":"2099-07-01T09:00:00Z","eventName":"` + name + `","additionalEventData":{"sub":"bob"}}`))
	}
	f.Add([]byte(`{"eventName":"DeleteUser","errorCode":"x","additionalEventData":{"sub":"bob"}}`))
	f.Add([]byte(`{"eventTime":"9999-12-31T23:59:59Z","eventName":"GlobalSignOut","additionalEventData":{"sub":"nobody"}}`))
	f.Add([]byte(`{"eventTime":"0000-01-01T00:00:00Z","eventName":"GlobalSignOut","additionalEventData":{"sub":"bob"}}`))
	f.Add([]byte(`{"additionalEventData":null}`))
	f.Fuzz(func(t *testing.T, detail []byte) {
		var c call
		if json.Unmarshal(detail, &c) != nil {
			return // it fails, and is delivered again
		}
		w := w.In(t)
		w.Reset()
		w.Org("acme", storetest.Active(w.Person("ann"), org.Admin), storetest.Active(w.Person("bob"), org.Technical))
		before := w.Dump()
		if err := hear(t.Context(), w.DB, c); err != nil {
			t.Fatal(err)
		}
		after := w.Dump()
		if broken := after.Broken(); len(broken) > 0 {
			t.Fatalf("%q", broken)
		}
		if c.About.Sub != "ann" && c.About.Sub != "bob" && w.Changes(before, after) != "\n" {
			t.Fatal(w.Changes(before, after))
		}
	})
}

package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"testing"

	"roster/shared/store/storetest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// Whatever Cognito says of a user, nobody without a proven address gets an account, and what is written
// holds together.
func FuzzTrigger(f *testing.F) {
	w := storetest.New(f)
	f.Add([]byte(`{"triggerSource":"PostConfirmation_ConfirmSignUp","request":{"userAttributes":{"sub":"ann","email":"ann@example.com","email_verified":"true","given_name":"Ann"}}}`))
	f.Add([]byte(`{"request":{"userAttributes":{"sub":"bob","email":"Bob <bob@example.com>","email_verified":"true"}}}`))
	f.Add([]byte(`{"request":{"userAttributes":{"email":"a@example.com","email_verified":"true"}}}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := w.In(t)
		var e trigger
		if json.Unmarshal(raw, &e) != nil {
			return // Lambda's runtime refuses it
		}
		user := e.Request.UserAttributes
		_, err := ensure(t.Context(), w.DB, user)
		d := w.Dump()
		if broken := d.Broken(); len(broken) > 0 {
			t.Fatalf("%v made %q", user, broken)
		}
		if user["email_verified"] != "true" && len(d) > 0 || err != nil && len(d) > 0 {
			t.Fatalf("%v made %v, %v", user, d, err)
		}
		w.Reset()
	})
}

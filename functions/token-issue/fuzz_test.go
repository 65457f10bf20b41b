package main

import (
	"encoding/json"
	"testing"

	"roster/shared/store/storetest"
)

// Whatever Cognito says of a user, they get their token, with the scope and as whom it says they are,
// and nobody without a proven address gets an account.
func FuzzTrigger(f *testing.F) {
	w := storetest.New(f)
	f.Add([]byte(`{"triggerSource":"TokenGeneration_Authentication","request":{"userAttributes":{"sub":"ann","email":"ann@example.com","email_verified":"true","given_name":"Ann","family_name":"Lee"}}}`))
	f.Add([]byte(`{"request":{"userAttributes":{"sub":"bob","email":"bob@example.com","email_verified":"false"}}}`))
	f.Add([]byte(`{"request":{"userAttributes":{"sub":"","email":"a@b","email_verified":"true"}}}`))
	f.Add([]byte(`{"request":{"userAttributes":null},"response":null}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := w.In(t)
		var e trigger
		if json.Unmarshal(raw, &e) != nil {
			return // Lambda's runtime refuses it
		}
		user := e.Request.UserAttributes
		a := issue(t.Context(), w.DB, noCRM, e).Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration
		if len(a.ScopesToAdd) != 1 || a.ScopesToAdd[0] != scope || len(a.ScopesToSuppress) != 1 {
			t.Fatalf("scopes %q and not %q", a.ScopesToAdd, a.ScopesToSuppress)
		}
		if a.ClaimsToAddOrOverride["email"] != user["email"] || a.ClaimsToAddOrOverride["email_verified"] != user["email_verified"] {
			t.Fatalf("claims %v of %v", a.ClaimsToAddOrOverride, user)
		}
		if d := w.Dump(); user["email_verified"] != "true" && d[storetest.Key{PK: "ACCOUNT#" + user["sub"], SK: "ACCOUNT"}] != nil {
			t.Fatalf("%v got an account", user)
		}
		w.Reset()
	})
}

package secret

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"roster/shared/account"
	"roster/shared/fault"
)

// Whatever a secret holds, nobody is let in but who gives one of its two credentials, whole.
func FuzzBearers(f *testing.F) {
	pair := fmt.Sprintf(`{"primary":%q,"secondary":%q}`, first, second)
	for _, s := range [][2]string{
		{pair, first},
		{pair, second},
		{pair, third},
		{pair, ""},
		{`{"primary":"` + first + `"}`, first},
		{`{"PRIMARY":"` + first + `"}`, first},
		{`{"primary":"short","secondary":""}`, "short"},
		{`{"primary":null}`, "null"},
		{`[]`, first},
		{`{"primary":5}`, "5"},
		{``, first},
		{first, first},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, text, given string) {
		v := holding("", "")
		v.text = text
		err := v.bearers().Check(t.Context(), given)
		var held struct{ Primary, Secondary string }
		readable := json.Unmarshal([]byte(text), &held) == nil
		good := readable && len(given) >= fewest && (given == held.Primary || given == held.Secondary)
		switch {
		case good != (err == nil):
			t.Fatalf("%q with %s: %v", given, text, err)
		case err != nil && !errors.Is(err, account.ErrNoToken) && !errors.Is(err, account.ErrRevoked) && !errors.Is(err, fault.ErrUnavailable):
			t.Fatal(err)
		}
	})
}

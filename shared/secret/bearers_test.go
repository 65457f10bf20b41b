package secret

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/fault"
)

const (
	first  = "the first of the credentials"
	second = "the second of the credentials"
	third  = "the third of the credentials"
)

// A vault is a secret that can be changed and be out of reach, with a clock.
type vault struct {
	text  string
	err   error
	now   time.Time
	reads int
}

func (v *vault) bearers() *Bearers {
	return &Bearers{now: func() time.Time { return v.now }, read: func(context.Context) (string, error) {
		v.reads++
		return v.text, v.err
	}}
}

func holding(primary, secondary string) *vault {
	return &vault{text: fmt.Sprintf(`{"primary":%q,"secondary":%q}`, primary, secondary), now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func checks(t *testing.T, b *Bearers, given string, want error) {
	t.Helper()
	if err := b.Check(t.Context(), given); !errors.Is(err, want) || (err == nil) != (want == nil) {
		t.Errorf("%q: error %v, want %v", given, err, want)
	}
}

func TestBothCredentialsAreGoodAndNothingElse(t *testing.T) {
	t.Parallel()
	b := holding(first, second).bearers()
	for given, want := range map[string]error{
		first: nil, second: nil, "": account.ErrNoToken, third: account.ErrRevoked, first[1:]: account.ErrRevoked, first + " ": account.ErrRevoked,
	} {
		checks(t, b, given, want)
	}
}

func TestWhatIsNoCredentialIsNobodys(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]*vault{
		"none":      holding("", ""),
		"too short": holding("short", "also short"),
		"not there": {text: `{"other":"x"}`, now: time.Now()},
	} {
		b := v.bearers()
		for _, given := range []string{"short", "also short", "x"} {
			t.Run(name+" "+given, func(t *testing.T) { checks(t, b, given, account.ErrRevoked) })
		}
	}
	checks(t, &Bearers{now: time.Now}, first, account.ErrRevoked)
}

func TestTheSecretIsReadOncePerFiveMinutesAndAfterARefusalPerTenSeconds(t *testing.T) {
	t.Parallel()
	v := holding(first, "")
	b := v.bearers()
	for range 3 {
		checks(t, b, first, nil)
		checks(t, b, second, account.ErrRevoked)
	}
	if v.reads != 1 {
		t.Errorf("%d reads, want 1", v.reads)
	}
	v.text = `{"primary":"` + second + `"}`
	v.now = v.now.Add(again)
	checks(t, b, first, nil) // an hour-old process would know by now, this one is not asked
	checks(t, b, second, nil)
	checks(t, b, first, account.ErrRevoked)
	v.text = `{"primary":"` + third + `"}`
	v.now = v.now.Add(keeping)
	checks(t, b, second, account.ErrRevoked)
	checks(t, b, third, nil)
	if v.reads != 3 {
		t.Errorf("%d reads, want 3", v.reads)
	}
}

func TestASecretOutOfReachIsNobodysFault(t *testing.T) {
	t.Parallel()
	v := holding(first, "")
	b := v.bearers()
	checks(t, b, first, nil)
	v.err = errors.New("throttled")
	checks(t, b, first, nil)
	v.now = v.now.Add(again)
	checks(t, b, second, fault.ErrUnavailable)
	v.now = v.now.Add(keeping)
	checks(t, b, first, fault.ErrUnavailable)
	v.err, v.text = nil, "no JSON of "+first
	checks(t, b, first, fault.ErrUnavailable)
	if err := b.Check(t.Context(), first); err == nil || len(err.Error()) > 200 || strings.Contains(err.Error(), first) {
		t.Errorf("error %v", err)
	}
	v.text = `{"primary":"` + first + `"}`
	checks(t, b, first, nil)
}

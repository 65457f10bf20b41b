package account_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"roster/shared/account"
	"roster/shared/fault"
)

func TestAPersonIsCalledByNameOrElseByAddress(t *testing.T) {
	t.Parallel()
	for want, c := range map[string][3]string{
		"Ann Lee":         {"Ann", "Lee", "ann@example.com"},
		"Ann":             {"Ann", "", "ann@example.com"},
		"Lee":             {"", "Lee", "ann@example.com"},
		"Ann@example.com": {"", "", "Ann@example.com"},
	} {
		if got := account.Name(c[0], c[1], account.Address(c[2])); got != want {
			t.Errorf("Name(%q) = %q, want %q", c, got, want)
		}
	}
}

func TestATokenOpensAnAccountUntilItIsClosedOrSignedOut(t *testing.T) {
	t.Parallel()
	issued := time.Date(2026, 1, 1, 12, 0, 0, int(250*time.Millisecond), time.UTC)
	for name, c := range map[string]struct {
		a       account.Account
		revoked bool
	}{
		"an account that the table does not know yet": {account.Account{}, false},
		"an open account":                              {account.Account{ID: "a"}, false},
		"signed out before the token was issued":       {account.Account{ID: "a", SignedOut: issued.Add(-time.Millisecond)}, false},
		"signed out in the millisecond of the token":   {account.Account{ID: "a", SignedOut: issued}, true},
		"signed out after the token was issued":        {account.Account{ID: "a", SignedOut: issued.Add(time.Millisecond)}, true},
		"closed":                                       {account.Account{ID: "a", Closed: true}, true},
		"closed, and signed out before the token":      {account.Account{ID: "a", Closed: true, SignedOut: issued.Add(-time.Hour)}, true},
		"closed, and the row says nothing else at all": {account.Account{Closed: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := account.MayCall(account.Caller{Account: "a", Issued: issued}, c.a)
			if errors.Is(err, account.ErrRevoked) != c.revoked || (err != nil) != c.revoked {
				t.Errorf("MayCall = %v, want revoked %v", err, c.revoked)
			}
		})
	}
}

func TestATokenThatDoesNotSayWhenItWasIssuedEndsWithTheFirstSignOut(t *testing.T) {
	t.Parallel()
	a := account.Account{ID: "a"}
	if err := account.MayCall(account.Caller{Account: "a"}, a); err != nil {
		t.Errorf("before any sign-out: %v", err)
	}
	a.SignedOut = time.UnixMilli(1)
	if err := account.MayCall(account.Caller{Account: "a"}, a); !errors.Is(err, account.ErrRevoked) {
		t.Errorf("after one: %v, want ErrRevoked", err)
	}
}

func TestTheRefusalsOfAccountsAreTheOnesOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  *fault.Error
		kind fault.Kind
		text string
	}{
		{account.ErrRevoked, fault.Unauthenticated, "Invalid credentials."},
		{account.ErrNoToken, fault.Unauthenticated, "Authentication fail."},
		{account.ErrUnverified, fault.Forbidden, "The e-mail address of the account is not verified."},
		{account.ErrAddress, fault.Invalid, "The e-mail address is not valid."},
	} {
		if c.err.Kind != c.kind || c.err.Error() != c.text {
			t.Errorf("%v %q, want %v %q", c.err.Kind, c.err, c.kind, c.text)
		}
	}
}

func TestPersonalNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want, refusal string }{
		"a plain one":                       {in: "Ann", want: "Ann"},
		"space around it is trimmed":        {in: "  Ann \n", want: "Ann"},
		"space inside it stays":             {in: "Ann  Marie", want: "Ann  Marie"},
		"any script, and a surrogate pair":  {in: "Äнна 中𝒜", want: "Äнна 中𝒜"},
		"marks that mean something in HTML": {in: `<b>O'Neil & "Co"`, want: `<b>O'Neil & "Co"`},
		"256 characters of several bytes":   {in: strings.Repeat("中", 256), want: strings.Repeat("中", 256)},
		"256 characters and space around":   {in: " " + strings.Repeat("a", 256) + " ", want: strings.Repeat("a", 256)},
		"nothing":                           {in: "", refusal: "invalid field Profile.FirstName: value '' must not be an empty string"},
		"only space, which is repeated":     {in: " \u3000", refusal: "invalid field Profile.FirstName: value ' \u3000' must not be an empty string"},
		"257 characters":                    {in: strings.Repeat("a", 257), refusal: "invalid field Profile.FirstName: value must be at most 256 characters"},
		"a line break inside":               {in: "Ann\nBcc: x", refusal: "invalid field Profile.FirstName: value must not contain control characters"},
		"a NUL":                             {in: "An\x00n", refusal: "invalid field Profile.FirstName: value must not contain control characters"},
		"a control character above ASCII":   {in: "An\u0085n", refusal: "invalid field Profile.FirstName: value must not contain control characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := account.ParseName("Profile.FirstName", c.in)
			if got != c.want || text(err) != c.refusal {
				t.Errorf("ParseName(%q) = %q, %v; want %q, %q", c.in, got, err, c.want, c.refusal)
			}
			mustBeInvalid(t, err)
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// mustBeInvalid holds a refusal to being the caller's to read: 400, code 3.
func mustBeInvalid(t *testing.T, err error) {
	t.Helper()
	var f *fault.Error
	if err != nil && (!errors.As(err, &f) || f.Kind != fault.Invalid) {
		t.Errorf("%v is not of kind Invalid", err)
	}
}

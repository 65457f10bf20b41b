package org_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/org"
)

const (
	acme = org.ID("0f8fad5b-d9cb-469f-a165-70867728950e")
	bolt = org.ID("7c9e6679-7425-40de-944b-e07fc1f90ae7")
)

func TestNamesOfOrganizations(t *testing.T) {
	t.Parallel()
	const brackets = "invalid field Name: value must not contain control characters, '<' or '>'"
	for name, c := range map[string]struct{ in, want, refusal string }{
		"a plain one":                             {in: "Acme", want: "Acme"},
		"the marks that the portal's tests use":   {in: "new test#$%_org_1", want: "new test#$%_org_1"},
		"space around it is trimmed":              {in: " \tAcme\r\n", want: "Acme"},
		"space inside it stays":                   {in: "Acme  Ltd", want: "Acme  Ltd"},
		"any script, and what needs a surrogate":  {in: "Äçмe 中𝒜 👩‍👩‍👧", want: "Äçмe 中𝒜 👩‍👩‍👧"},
		"quotes, ampersands and backslashes":      {in: `O'Neil & "Co" \`, want: `O'Neil & "Co" \`},
		"256 characters of one byte":              {in: strings.Repeat("a", 256), want: strings.Repeat("a", 256)},
		"256 characters of four bytes":            {in: strings.Repeat("𝒜", 256), want: strings.Repeat("𝒜", 256)},
		"256 characters with space around them":   {in: " " + strings.Repeat("a", 256) + " ", want: strings.Repeat("a", 256)},
		"one character":                           {in: "a", want: "a"},
		"nothing":                                 {in: "", refusal: "invalid field Name: value '' must not be an empty string"},
		"only space, which is repeated as sent":   {in: "  ", refusal: "invalid field Name: value '  ' must not be an empty string"},
		"257 characters":                          {in: strings.Repeat("a", 257), refusal: "invalid field Name: value must be at most 256 characters"},
		"257 characters of several bytes":         {in: strings.Repeat("中", 257), refusal: "invalid field Name: value must be at most 256 characters"},
		"a line break inside":                     {in: "Ac\nme", refusal: brackets},
		"a carriage return inside":                {in: "Ac\rme", refusal: brackets},
		"a tab inside":                            {in: "Ac\tme", refusal: brackets},
		"a NUL":                                   {in: "Ac\x00me", refusal: brackets},
		"a delete":                                {in: "Ac\x7fme", refusal: brackets},
		"a control character above ASCII":         {in: "Ac\u0085me", refusal: brackets},
		"an opening bracket":                      {in: "Ac<me", refusal: brackets},
		"a closing bracket":                       {in: "Acme>", refusal: brackets},
		"brackets that only look like ASCII's":    {in: "Ac＜me＞", want: "Ac＜me＞"},
		"a direction mark, which is no control":   {in: "Ac\u202eme", want: "Ac\u202eme"},
		"a name that is the word for no name":     {in: "null", want: "null"},
		"a name of spaces that are not ASCII's":   {in: "\u00a0\u3000", refusal: "invalid field Name: value '\u00a0\u3000' must not be an empty string"},
		"a name that would be a key of the table": {in: "ORG#1", want: "ORG#1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := org.ParseName(c.in)
			if got != c.want || text(err) != c.refusal {
				t.Errorf("ParseName(%q) = %q, %v; want %q, %q", c.in, got, err, c.want, c.refusal)
			}
			isKind(t, err, fault.Invalid)
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func isKind(t *testing.T, err error, k fault.Kind) {
	t.Helper()
	var f *fault.Error
	if err != nil && (!errors.As(err, &f) || f.Kind != k) {
		t.Errorf("%v is not of kind %v", err, k)
	}
}

func TestAParsedNameParsesToItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name, err := org.ParseName(rapid.String().Draw(t, "name"))
		if err != nil {
			return
		}
		if again, err := org.ParseName(name); err != nil || again != name {
			t.Fatalf("%q parses as %q, %v", name, again, err)
		}
	})
}

func TestRolesAreTwoWordsInExactlyTheirLetters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]org.Role{
		"Admin": org.Admin, "Technical": org.Technical,
		"": "", "admin": "", "ADMIN": "", "technical": "", " Admin": "", "Admin ": "", "Owner": "", "Admin\n": "",
	} {
		got, err := org.ParseRole(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseRole(%q) = %q, %v; want %q", in, got, err, want)
		}
		if err != nil && (!errors.Is(err, org.ErrRole) || err.Error() != "Invalid organization member role.") {
			t.Errorf("ParseRole(%q): %v", in, err)
		}
	}
}

func TestIDsFromOutside(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		good bool
	}{
		"a UUID":                 {string(acme), true},
		"a UUID in capitals":     {strings.ToUpper(string(acme)), true},
		"a URN":                  {"urn:uuid:" + string(acme), false},
		"braces":                 {"{" + string(acme) + "}", false},
		"no hyphens":             {strings.ReplaceAll(string(acme), "-", ""), false},
		"nothing":                {"", false},
		"a word":                 {"inventory", false},
		"a UUID and a verb":      {string(acme) + ":leave", false},
		"a percent-encoded UUID": {strings.Replace(string(acme), "-", "%2D", 1), false},
		"somebody else's table":  {"ORG#" + string(acme), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := org.ParseID(c.in)
			if c.good && (o != acme || err != nil) || !c.good && (o != "" || !errors.Is(err, org.ErrID)) {
				t.Errorf("ParseID(%q) = %q, %v", c.in, o, err)
			}
			m, err := org.ParseMemberID(c.in)
			if c.good && (m != org.MemberID(acme) || err != nil) {
				t.Errorf("ParseMemberID(%q) = %q, %v", c.in, m, err)
			}
			if !c.good && text(err) != "invalid field MemberId: value '"+c.in+"' must be a valid UUID" {
				t.Errorf("ParseMemberID(%q) = %q, %v", c.in, m, err)
			}
			isKind(t, err, fault.Invalid)
		})
	}
	if org.ErrID.Message != "Incorrect organization ID" || org.ErrID.Kind != fault.Invalid {
		t.Errorf("ErrID is %+v", org.ErrID)
	}
}

func TestAPersonHasOneRowInAnOrganization(t *testing.T) {
	t.Parallel()
	ann := org.MemberOf(acme, "ann@bücher.example")
	if u := uuid.MustParse(string(ann)); u.Version() != 5 || u.String() != string(ann) {
		t.Errorf("%q is not a canonical UUIDv5", ann)
	}
	for _, same := range []account.Address{"Ann@BÜCHER.example", "ANN@xn--bcher-kva.example"} {
		if got := org.MemberOf(acme, same); got != ann {
			t.Errorf("%q has another row: %s, want %s", same, got, ann)
		}
	}
	if org.MemberOf(bolt, "ann@bücher.example") == ann || org.MemberOf(acme, "bob@bücher.example") == ann {
		t.Error("another organization, and another person, must be another row")
	}
}

func TestAnOrganizationLivesFromItsRowToItsDeletion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o    org.Org
		live bool
	}{
		"one that never was": {org.Org{}, false},
		"one that is":        {org.Org{ID: acme}, true},
		"a deleted one":      {org.Org{ID: acme, Deleted: time.Unix(1, 0)}, false},
	} {
		if c.o.Live() != c.live {
			t.Errorf("%s: live = %v", name, c.o.Live())
		}
	}
}

func TestOnlyAnActiveAdminCountsAsAdmin(t *testing.T) {
	t.Parallel()
	for m, want := range map[org.Member]int{
		{Status: org.Active, Role: org.Admin}:          1,
		{Status: org.Active, Role: org.Technical}:      0,
		{Status: org.Provisioned, Role: org.Admin}:     0,
		{Status: org.Provisioned, Role: org.Technical}: 0,
		{}: 0,
	} {
		if m.Counts() != want {
			t.Errorf("%+v counts %d, want %d", m, m.Counts(), want)
		}
	}
}

func TestARowMakesItsOwnAccountAMemberOnceItIsActive(t *testing.T) {
	t.Parallel()
	for m, want := range map[org.Member]bool{
		{ID: "m", Status: org.Active, Account: "a"}:      true,
		{ID: "m", Status: org.Active, Account: "b"}:      false,
		{ID: "m", Status: org.Provisioned}:               false,
		{ID: "m", Status: org.Provisioned, Account: "a"}: false,
		{}: false,
	} {
		if m.Is("a") != want {
			t.Errorf("%+v is a member: %v", m, m.Is("a"))
		}
	}
}

package customer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/crm"
	"roster/shared/account"
	"roster/shared/org"
)

func TestAContactIsFoundByTheWholeAddress(t *testing.T) {
	t.Parallel()
	s := open(t)
	got := s.contact("hank.scorpio@globex.example")
	want := Contact{ID: got.ID, Address: "hank.scorpio@globex.example", Role: org.Admin, Account: globex, Company: "Globex Corporation"}
	if diff := cmp.Diff(want, got); diff != "" || !got.Exists() || !got.Of(globex) || got.Of("other") {
		t.Errorf("-want +got:\n%s", diff)
	}
	if c := s.contact("peter.gibbons@initech.example"); c.Role != org.Technical || c.Company != "Initech" {
		t.Errorf("%+v", c)
	}
}

func TestNobodyElseIsAContact(t *testing.T) {
	t.Parallel()
	s := open(t)
	no := false
	s.company("x", crm.Contact{Email: "left@x.example", Active: &no}, crm.Contact{Email: "bücher@x.example"},
		crm.Contact{Email: ""}, crm.Contact{Email: "Ann <ann@x.example>"})
	s.add(crm.Company{Account: crm.Account{ID: "gone", Name: "Gone", Active: &no}, Contacts: []crm.Contact{{Email: "ann@gone.example"}}})
	for name, address := range map[string]string{
		"somebody of the same domain":             "hank@globex.example",
		"somebody of a subdomain":                 "hank.scorpio@eu.globex.example",
		"the domain alone":                        "@globex.example",
		"a longer address":                        "hank.scorpio@globex.example.org",
		"a part of an address":                    "scorpio@globex.example",
		"a tag":                                   "hank.scorpio+x@globex.example",
		"an inactive contact":                     "left@x.example",
		"a contact of a company that is none now": "ann@gone.example",
		"a display name around the address":       "ann@x.example",
		"nobody":                                  "",
		"a wildcard":                              "%@globex.example",
	} {
		t.Run(name, func(t *testing.T) {
			if c := s.contact(address); c.Exists() {
				t.Errorf("%q is %+v", address, c)
			}
		})
	}
}

func TestAnAddressCannotChangeTheQuery(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, address := range map[string]string{
		"a new query":                 "x^NQactive=true@x.example",
		"an alternative":              "x^ORemail=hank.scorpio@globex.example",
		"an alternative that is last": "x@x.example^ORemail=hank.scorpio@globex.example",
		"another condition":           "hank.scorpio@globex.example^active=true",
		"an end of the query":         "hank.scorpio@globex.example^EQ",
		"two carets":                  "x^^NQactive=true@x.example",
		"a caret at the end":          "hank.scorpio@globex.example^",
		"a line break":                "x@x.example\n^NQactive=true",
		"a line break alone":          "hank.scorpio@globex.example\n",
		"a line separator":            "x\u2028@x.example",
		"a NUL":                       "hank.scorpio@globex.example\x00",
		"a script":                    "javascript:gs.getUser().getEmail()",
		"a script behind a space":     " JavaScript:gs.getUser().getEmail()",
		"another parameter":           "x@x.example&sysparm_query=active=true",
		"an escaped caret":            "x%5ENQactive=true@x.example",
		"an operator":                 "ISNOTEMPTY",
		"bytes that are not UTF-8":    "x\xff^NQactive=true@x.example",
		"a full-width caret":          "x＾NQactive=true@x.example",
	} {
		t.Run(name, func(t *testing.T) {
			if c := s.contact(address); c.Exists() {
				t.Errorf("%q is %+v", address, c)
			}
		})
	}
}

func TestTheInstanceWouldBelieveACaret(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.mapping.Contact
	records, err := s.all(asking(t), c.Table, "email=x^NQactive=true@x.example^ORactive=true", []Field{c.Email})
	if err != nil || len(records) != 10 {
		t.Errorf("%d records, %v: the stand-in does not show what the escaping is for", len(records), err)
	}
}

func TestWhoWritesAnAddressDifferentlyIsTheSameContact(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.company("x", crm.Contact{Email: "Ann.Lee@X.Example"}, crm.Contact{Email: "bob@bücher.example"}, crm.Contact{Email: "cleo@xn--bcher-kva.example"},
		crm.Contact{Email: " dev@x.example "})
	for asked, spelt := range map[string]string{
		"ann.lee@x.example":           "Ann.Lee@X.Example",
		"ANN.LEE@X.EXAMPLE":           "Ann.Lee@X.Example",
		"bob@xn--bcher-kva.example":   "bob@bücher.example",
		"Bob@BÜCHER.example":          "bob@bücher.example",
		"cleo@bücher.example":         "cleo@xn--bcher-kva.example",
		"cleo@XN--BCHER-KVA.example":  "cleo@xn--bcher-kva.example",
		"HANK.Scorpio@globex.EXAMPLE": "hank.scorpio@globex.example",
		"hank.scorpio@ｇｌｏｂｅｘ.example": "hank.scorpio@globex.example",
	} {
		a, err := account.ParseAddress(asked)
		if err != nil {
			t.Fatal(err)
		}
		if c := s.contact(string(a)); c.Address != spelt {
			t.Errorf("%q is %+v", asked, c)
		}
	}
}

func TestARoleIsAdminOrTechnical(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.company("x", crm.Contact{Email: "a@x.example", Role: "Admin"}, crm.Contact{Email: "t@x.example", Role: "Technical"},
		crm.Contact{Email: "n@x.example"})
	for address, role := range map[string]org.Role{
		"a@x.example": org.Admin, "t@x.example": org.Technical, "n@x.example": org.Technical,
	} {
		if c := s.contact(address); c.Role != role {
			t.Errorf("%s is %s", address, c.Role)
		}
	}
}

func TestWhatTheCRMTakesForEqualIsComparedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record string
		want   bool
	}{
		"the same":                        {cells(), true},
		"the same in capitals":            {cells("email", `"HANK.SCORPIO@GLOBEX.EXAMPLE"`), true},
		"the same with space around":      {cells("email", `" hank.scorpio@globex.example "`), true},
		"another address":                 {cells("email", `"hänk.scorpio@globex.example"`), false},
		"another domain":                  {cells("email", `"hank.scorpio@glöbex.example"`), false},
		"no address":                      {cells("email", `""`), false},
		"an inactive one":                 {cells("active", `"false"`), false},
		"one that may or may not be":      {cells("active", `""`), false},
		"one of no company":               {cells("account", `""`), false},
		"one of a company that is none":   {cells("account.customer", `"0"`), false},
		"one of a company, who can tell":  {cells("account.customer", `""`), false},
		"one of a company that is a null": {cells("account", `null`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := at(t, answering(200, "application/json", page(c.record))).Contact(asking(t), hank)
			if err != nil || got.Exists() != c.want {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestAnAdminIsMarkedByValueOrByName(t *testing.T) {
	t.Parallel()
	for admin, c := range map[string]struct {
		mark string
		role org.Role
	}{
		`{"display_value":"Yes","value":"true"}`:  {"true", org.Admin},
		`{"display_value":"Admin","value":"3"}`:   {"admin", org.Admin},
		`{"display_value":"Owner","value":"4"}`:   {"admin", org.Technical},
		`{"display_value":"true","value":"true"}`: {"Admin", org.Technical},
		`""`:   {"true", org.Technical},
		`null`: {"true", org.Technical},
	} {
		client := at(t, answering(200, "application/json", page(cells("u_admin", admin))))
		client.mapping.Contact.AdminValue = c.mark
		if got, err := client.Contact(asking(t), hank); err != nil || got.Role != c.role {
			t.Errorf("%s: %+v, %v", admin, got, err)
		}
	}
}

func TestOfSeveralRecordsTheOldestCounts(t *testing.T) {
	t.Parallel()
	s := open(t)
	no := false
	fill := crm.Contact{Email: "fill@x.example"} // each contact of a company is a second younger than the one before
	s.company("young", fill, fill, fill, crm.Contact{Email: "ann@x.example", Role: "Admin"}, crm.Contact{Email: "bob@x.example", Role: "Admin"})
	s.company("old", fill, crm.Contact{Email: "Ann@x.example", Role: "Technical"}, crm.Contact{Email: "bob@x.example", Active: &no})
	s.company("both", crm.Contact{Email: "cleo@x.example", Role: "Technical"}, crm.Contact{Email: "cleo@x.example", Role: "Admin"})
	for name, c := range map[string]struct {
		address string
		account AccountID
		role    org.Role
	}{
		"the older of two companies":            {"ann@x.example", "old", org.Technical},
		"the older is inactive":                 {"bob@x.example", "young", org.Admin},
		"an Admin in one record of one company": {"cleo@x.example", "both", org.Admin},
	} {
		t.Run(name, func(t *testing.T) {
			for range 3 {
				if got := s.contact(c.address); got.Account != c.account || got.Role != c.role {
					t.Errorf("%+v", got)
				}
			}
		})
	}
}

func TestWithoutACRMNobodyIsAContactAndNobodyIsCalled(t *testing.T) {
	t.Parallel()
	c := &Client{}
	contact, err1 := c.Contact(asking(t), hank)
	a, err2 := c.Account(asking(t), globex)
	entitlements, err3 := c.Entitlements(asking(t), globex)
	tickets, err4 := c.Tickets(asking(t), globex)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Error(err)
		}
	}
	if contact.Exists() || a.Exists() || len(entitlements)+len(tickets) != 0 {
		t.Errorf("%v %v %v %v", contact, a, entitlements, tickets)
	}
	_, err := c.Raise(asking(t), Contact{}, Problem{})
	checkUnavailable(t, "Raise", err)
}

package customer

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/crm"
)

func TestAMappingOverridesWhatItNames(t *testing.T) {
	t.Parallel()
	got, err := parseMapping(`{"contact":{"table":"u_people","admin":"u_role","admin_value":"Admin","account":"u_company"},
		"account":{"active":""},"ticket":{"department":"u_team.name","priorities":{"p1":"1"},"page":"/t/{id}"}}`)
	want := standard()
	want.Contact.Table, want.Contact.Admin, want.Contact.AdminValue, want.Contact.Account = "u_people", "u_role", "Admin", "u_company"
	want.Account.Active, want.Ticket.Department, want.Ticket.Priorities["p1"], want.Ticket.Page = "", "u_team.name", "1", "/t/{id}"
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(standard(), must(parseMapping(""))); diff != "" || standard().check() != nil {
		t.Errorf("%v %s", standard().check(), diff)
	}
}

func must(m Mapping, err error) Mapping {
	if err != nil {
		panic(err)
	}
	return m
}

func TestAWrongMappingIsAClearError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{`:                                   "unexpected EOF",
		`[]`:                                  "cannot unmarshal array",
		`{} {}`:                               "something follows",
		`null`:                                "null is no object",
		`{"contacts":{}}`:                     `unknown field "contacts"`,
		`{"contact":{"mail":"email"}}`:        `unknown field "mail"`,
		`{"contact":{"email":7}}`:             "must be text",
		`{"contact":{"email":"e^NQactive"}}`:  `"e^NQactive" is no name`,
		`{"contact":{"email":"Email"}}`:       `"Email" is no name`,
		`{"contact":{"email":"a..b"}}`:        `"a..b" is no name`,
		`{"contact":{"email":"a."}}`:          `"a." is no name`,
		`{"contact":{"email":"a,b"}}`:         `"a,b" is no name`,
		`{"contact":{"email":""}}`:            "contact.email must not be empty",
		`{"contact":{"table":"../x"}}`:        `"../x" is no name`,
		`{"contact":{"table":""}}`:            "contact.table must be one name",
		`{"ticket":{"account":"a.b"}}`:        "ticket.account must be one name",
		`{"ticket":{"page":"https://x/"}}`:    "ticket.page must begin with a slash",
		`{"account":{"new_ticket_page":""}}`:  "account.new_ticket_page must begin with a slash",
		`{"entitlement":{"start_date":null}}`: "entitlement.start_date must not be empty",
	} {
		if _, err := parseMapping(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestAMappedInstanceIsAskedForItsOwnNames(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.mapping = must(parseMapping(`{"contact":{"admin":"u_technical","admin_value":"FALSE"},"account":{"active":"","success_manager_name":"number"}}`))
	no := false
	s.add(crm.Company{Account: crm.Account{ID: "gone", Name: "Gone", Active: &no}, Contacts: []crm.Contact{{Email: "ann@gone.example", Role: "Technical"}}})
	if c := s.contact("ann@gone.example"); !c.Exists() || c.Role != "Technical" {
		t.Errorf("%+v", c)
	}
	if c := s.contact(string(hank)); c.Role != "Admin" {
		t.Errorf("%+v", c)
	}
	if a, err := s.Account(asking(t), "gone"); err != nil || !a.Active || a.SuccessManager.Name != "ACCT-gone" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAFieldThatTheInstanceDoesNotKnowOpensNothing(t *testing.T) {
	t.Parallel()
	for name, mapping := range map[string]string{
		"of the address":                `{"contact":{"email":"u_mail"}}`,
		"of being active":               `{"contact":{"active":"u_alive"}}`,
		"of the account":                `{"contact":{"account":"u_company"}}`,
		"of the company's being one":    `{"account":{"active":"u_alive"}}`,
		"of an entitlement's account":   `{"entitlement":{"account":"u_company"}}`,
		"of a ticket's account":         `{"ticket":{"account":"u_company"}}`,
		"of a contact's table":          `{"contact":{"table":"u_contact"}}`,
		"of a way through no reference": `{"entitlement":{"account":"name.sys_id"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.mapping = must(parseMapping(mapping))
			failed := 0
			for _, what := range []string{"Contact", "Entitlements", "Tickets"} {
				if err := every(s.Client)[what](asking(t)); err != nil {
					checkUnavailable(t, what, err)
					failed++
				}
			}
			if failed != 1 {
				t.Errorf("%d of them failed, want one", failed)
			}
		})
	}
}

func TestTheInstanceIsAskedByHTTPSOnly(t *testing.T) {
	t.Parallel()
	for base, ok := range map[string]bool{
		"https://vendor.service-now.com": true, "https://vendor.service-now.com:8443/path": true, "http://127.0.0.1:8080": true,
		"http://localhost:8080": true, "http://[::1]:80": true,
		"http://vendor.service-now.com": false, "http://127.0.0.1.example": false, "http://10.0.0.1": false, "ftp://127.0.0.1": false,
		"https://user:pw@x.example": false, "https://x.example?a=b": false, "https://x.example#a": false, "https://": false, "x": false,
	} {
		if err := checkURL(base); (err == nil) != ok {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestOpenTalksToTheInstanceAndToSecretsManager(t *testing.T) { // sets variables, so not parallel
	s := open(t)
	secrets := httptest.NewServer(s.crm.Secrets())
	defer secrets.Close()
	s.crm.SetSecret(oauth)
	for name, value := range map[string]string{
		"ROSTER_CRM_URL": s.base + "/", "ROSTER_CRM_SECRET": crm.SecretID, "ROSTER_CRM_MAPPING": `{"ticket":{"page":"/t/{id}"}}`, "AWS_REGION": "us-east-1",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets.URL, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
	} {
		t.Setenv(name, value)
	}
	c := Open()
	if contact, err := c.Contact(asking(t), hank); err != nil || !contact.Exists() {
		t.Errorf("%+v, %v", contact, err)
	}
	if n := s.crm.Requests()["secret"]; n != 1 {
		t.Errorf("the secret was read %d times", n)
	}
	t.Setenv("ROSTER_CRM_SECRET", "another")
	_, err := Open().Contact(asking(t), hank)
	checkUnavailable(t, "another secret", err)
	t.Setenv("ROSTER_CRM_URL", "")
	if contact, err := Open().Contact(asking(t), hank); err != nil || contact.Exists() {
		t.Errorf("without a CRM: %+v, %v", contact, err)
	}
}

func TestAWrongSettingEndsTheProcessWithItsName(t *testing.T) {
	t.Parallel()
	if os.Getenv("ROSTER_TEST_OPEN") != "" {
		Open()
		return
	}
	for wrong, env := range map[string][]string{
		"ROSTER_CRM_URL":     {"ROSTER_CRM_URL=http://vendor.example", "ROSTER_CRM_SECRET=x"},
		"ROSTER_CRM_SECRET":  {"ROSTER_CRM_URL=https://vendor.example"},
		"ROSTER_CRM_MAPPING": {"ROSTER_CRM_URL=https://vendor.example", "ROSTER_CRM_SECRET=x", `ROSTER_CRM_MAPPING={"contact":{"email":""}}`},
	} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAWrongSettingEndsTheProcessWithItsName$")
		child.Env = append(env, "ROSTER_TEST_OPEN=yes", "AWS_REGION=us-east-1")
		said, err := child.CombinedOutput()
		if err == nil || !strings.Contains(string(said), "variable="+wrong) {
			t.Errorf("%s: %v\n%s", wrong, err, said)
		}
	}
}

func TestTheSeedIsTwoCompanies(t *testing.T) {
	t.Parallel()
	companies, err := crm.Seed()
	if err != nil || len(companies) != 2 {
		t.Fatalf("%d companies, %v", len(companies), err)
	}
	s := open(t)
	for _, c := range companies {
		if len(c.Contacts) != 5 || len(c.Entitlements) != 3 || len(c.Tickets) != 2 {
			raw, _ := json.Marshal(c)
			t.Errorf("%s", raw)
		}
		for _, p := range c.Contacts {
			if got := s.contact(p.Email); string(got.Account) != c.Account.ID || string(got.Role) != p.Role {
				t.Errorf("%s: %+v", p.Email, got)
			}
		}
	}
}

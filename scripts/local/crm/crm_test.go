package crm_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/crm"
)

// A fixture is an instance with the seed, its Secrets Manager, and what the local cloud adds.
type fixture struct {
	*testing.T
	*crm.Server
	url, secrets, local string
}

var user = crm.Credential{ClientID: "app", ClientSecret: "s3cret", Username: "ann", Password: "pw"}

func open(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, Server: crm.New()}
	companies, err := crm.Seed()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range companies {
		if err := f.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	f.SetCredential(user)
	serve := func(h http.Handler) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	}
	f.url, f.secrets, f.local = serve(f.Server), serve(f.Secrets()), serve(f.Local())
	return f
}

// do makes a request and returns status, headers and body.
func (f *fixture) do(method, to, body string, header ...string) (int, http.Header, string) {
	f.Helper()
	request, err := http.NewRequestWithContext(f.Context(), method, to, strings.NewReader(body))
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	if len(header) == 0 {
		request.SetBasicAuth(user.Username, user.Password)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		f.Fatal(err)
	}
	return response.StatusCode, response.Header, strings.TrimSpace(string(raw))
}

// table asks for a table with those parameters, pairs of name and value.
func (f *fixture) table(name string, parameters ...string) (int, http.Header, string) {
	f.Helper()
	in := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		in.Set("sysparm_"+parameters[i], parameters[i+1])
	}
	return f.do("GET", f.url+"/api/now/table/"+name+"?"+in.Encode(), "")
}

func TestFieldsAreWrittenAsTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	f := open(t)
	const globex = "1a2b3c4d5e6f47081920304050607081"
	link := f.url + "/api/now/table/customer_account/" + globex
	for name, c := range map[string]struct {
		display, exclude, want string
	}{
		"values, references with a link":   {"", "", `{"account":{"link":"` + link + `","value":"` + globex + `"},"account.name":"Globex Corporation"}`},
		"values alone":                     {"false", "true", `{"account":"` + globex + `","account.name":"Globex Corporation"}`},
		"displayed, references with links": {"true", "false", `{"account":{"display_value":"Globex Corporation","link":"` + link + `"},"account.name":"Globex Corporation"}`},
		"displayed alone":                  {"true", "true", `{"account":"Globex Corporation","account.name":"Globex Corporation"}`},
		"both, and links":                  {"all", "false", `{"account":{"display_value":"Globex Corporation","link":"` + link + `","value":"` + globex + `"},"account.name":{"display_value":"Globex Corporation","value":"Globex Corporation"}}`},
		"both alone":                       {"all", "true", `{"account":{"display_value":"Globex Corporation","value":"` + globex + `"},"account.name":{"display_value":"Globex Corporation","value":"Globex Corporation"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, body := f.table("customer_contact", "query", "email=ada.marsh@globex.example", "fields", "account,account.name,u_unknown,email.name",
				"display_value", c.display, "exclude_reference_link", c.exclude)
			if want := `{"result":[` + c.want + `]}`; status != 200 || body != want {
				t.Errorf("%d %s\nwant %s", status, body, want)
			}
		})
	}
}

func TestQueriesSelectWhatServiceNowWouldSelect(t *testing.T) {
	t.Parallel()
	f := open(t)
	for query, want := range map[string]int{
		"":                                10,
		"email=ADA.marsh@GLOBEX.example":  1,
		"email!=ada.marsh@globex.example": 9,
		"emailENDSWITH@globex.example":    5,
		"emailSTARTSWITHpeter":            1,
		"emailLIKEmar":                    1,
		"emailNOTLIKEmar":                 9,
		"emailINada.marsh@globex.example,peter.gibbons@initech.example": 2,
		"departmentISEMPTY":                                     10,
		"departmentISNOTEMPTY":                                  0,
		"account.name=Initech":                                  5,
		"account.name=Initech^u_admin=true":                     1,
		"u_admin=true^ORemailSTARTSWITHben":                     4,
		"u_admin=true^emailSTARTSWITHben^NQemailSTARTSWITHcleo": 1,
		"u_unknown=1":                                           10,
		"u_unknown=1^emailSTARTSWITHben":                        1,
		"emailSTARTSWITHben^ORu_unknown=1":                      1,
		"emailSTARTSWITHben^nonsense^ORDERBYnumber":             1,
		"email>n": 2,
		"email>=samir.nagheenanajar@initech.example": 1,
		"email<b":                         1,
		"email<=ada.marsh@globex.example": 1,
		"email=javascript:gs.getUserID()": 0,
		"emailSTARTSWITHben^EQ":           1,
	} {
		_, header, body := f.table("customer_contact", "query", query, "fields", "email")
		if got := strings.Count(body, `"email"`); got != want || header.Get("X-Total-Count") != fmt.Sprint(want) {
			t.Errorf("%q selects %d, count %s; want %d", query, got, header.Get("X-Total-Count"), want)
		}
	}
}

func TestPagesHaveLinksToTheirNeighbours(t *testing.T) {
	t.Parallel()
	f := open(t)
	for offset, rels := range map[string]string{"0": "first next last", "4": "first prev next last", "8": "first prev last", "20": "first prev last"} {
		_, header, body := f.table("customer_contact", "limit", "4", "offset", offset, "fields", "email", "query", "ORDERBYDESCemail")
		var got []string
		for _, link := range strings.Split(header.Get("Link"), ",<") {
			_, rel, _ := strings.Cut(link, `;rel="`)
			got = append(got, strings.TrimSuffix(rel, `"`))
		}
		if strings.Join(got, " ") != rels || header.Get("X-Total-Count") != "10" {
			t.Errorf("%s: %q", offset, header.Get("Link"))
		}
		if offset == "0" && !strings.HasPrefix(body, `{"result":[{"email":"sarah`) && !strings.HasPrefix(body, `{"result":[{"email":"samir`) {
			t.Errorf("the order is not kept: %s", body)
		}
	}
	_, header, _ := f.table("customer_contact", "limit", "4")
	next, _, _ := strings.Cut(strings.Split(header.Get("Link"), ",<")[1], ">")
	if status, _, body := f.do("GET", next, ""); status != 200 || strings.Count(body, "sys_id") != 4 {
		t.Errorf("%s: %d %s", next, status, body)
	}
}

func TestWhoMayNotIsRefusedAsServiceNowRefuses(t *testing.T) {
	t.Parallel()
	f := open(t)
	const unauthenticated = `{"error":{"detail":"Required to provide Auth information","message":"User Not Authenticated"},"status":"failure"}`
	table := f.url + "/api/now/table/"
	for name, c := range map[string]struct {
		method, to, authorization string
		status                    int
		want                      string
	}{
		"nobody":           {"GET", table + "customer_contact", "-", 401, unauthenticated},
		"a token of none":  {"GET", table + "customer_contact", "Bearer x", 401, unauthenticated},
		"an empty token":   {"GET", table + "customer_contact", "Bearer ", 401, unauthenticated},
		"a wrong password": {"GET", table + "customer_contact", "Basic YW5uOng=", 401, unauthenticated},
		"no such table":    {"GET", table + "u_none", "", 400, `{"error":{"detail":null,"message":"Invalid table u_none"},"status":"failure"}`},
		"no such record":   {"GET", table + "customer_contact/x", "", 404, `{"error":{"detail":"Record doesn't exist or ACL restricts the record retrieval","message":"No Record found"},"status":"failure"}`},
		"no such resource": {"GET", f.url + "/api/now/x", "", 400, `{"error":{"detail":null,"message":"Requested URI does not represent any resource"},"status":"failure"}`},
		"not a case":       {"POST", table + "customer_contact", "", 403, `{"error":{"detail":"Only cases of text are taken","message":"Operation Failed"},"status":"failure"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var header []string
			if c.authorization != "" {
				header = []string{"Authorization", c.authorization}
			}
			status, _, body := f.do(c.method, c.to, "{}", header...)
			if status != c.status || body != c.want {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

func TestATokenIsGivenToTheClientAndDiesWithItsCredential(t *testing.T) {
	t.Parallel()
	f := open(t)
	ask := func(grant, id, secret string) (int, string) {
		form := url.Values{"grant_type": {grant}, "client_id": {id}, "client_secret": {secret}}
		status, _, body := f.do("POST", f.url+"/oauth_token.do", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		var got struct {
			Token string `json:"access_token"`
		}
		_ = json.Unmarshal([]byte(body), &got)
		return status, got.Token
	}
	for _, wrong := range [][3]string{{"client_credentials", "app", "x"}, {"client_credentials", "", ""}, {"password", "app", "s3cret"}} {
		if status, token := ask(wrong[0], wrong[1], wrong[2]); status < 400 || token != "" {
			t.Errorf("%q: %d %q", wrong, status, token)
		}
	}
	_, token := ask("client_credentials", "app", "s3cret")
	use := func() int {
		status, _, _ := f.do("GET", f.url+"/api/now/table/customer_contact", "", "Authorization", "Bearer "+token)
		return status
	}
	if token == "" || use() != 200 {
		t.Errorf("token %q: %d", token, use())
	}
	f.SetCredential(user)
	if status := use(); status != 401 {
		t.Errorf("after a rotation: %d", status)
	}
}

func TestSecretsManagerTellsTheSecret(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.SetSecret(crm.Credential{Username: "a", Password: "b"})
	for name, c := range map[string]struct {
		target, body string
		status       int
		want         string
	}{
		"the secret":     {"secretsmanager.GetSecretValue", `{"SecretId":"roster/crm"}`, 200, `"SecretString":"{\"username\":\"a\",\"password\":\"b\"}"`},
		"another":        {"secretsmanager.GetSecretValue", `{"SecretId":"x"}`, 400, `"__type":"ResourceNotFoundException"`},
		"another action": {"secretsmanager.PutSecretValue", `{}`, 400, `"__type":"UnknownOperationException"`},
		"no JSON":        {"secretsmanager.GetSecretValue", `x`, 400, `"__type":"SerializationException"`},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, body := f.do("POST", f.secrets, c.body, "X-Amz-Target", c.target)
			if status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

func TestCompaniesComeAndGo(t *testing.T) {
	t.Parallel()
	f := open(t)
	const added = `{"account":{"id":"acme","name":"Acme","success_manager":{"name":"Sue","email":"sue@vendor.example"},"new_ticket_url":"https://x.example/new"},
		"contacts":[{"email":"ann@acme.example","role":"Admin"},{"email":"bob@acme.example","role":"Technical"}],
		"entitlements":[{"number":"E1","name":"n","summary":"s","tier":null,"total_units":"7","unlimited_units":null,"support_level":null,"software_families":["A","B"],
			"start_date":"2026-01-01T00:00:00Z","end_date":"2026-12-31","platform":{"security_advisor":"yes","config_advisor":null}}],
		"tickets":[{"number":"T1","short_description":"d","priority":"2 - High","state":"Open","create_time":"2026-12-10T07:41:08.925000Z",
			"department":"Ops","requester":"Ann","task_type":"Case","url":"https://x.example/T1"}]}`
	counts := func() string {
		var all []string
		for _, table := range []string{"customer_account", "customer_contact", "service_entitlement", "sn_customerservice_case", "sys_user"} {
			_, header, _ := f.table(table)
			all = append(all, header.Get("X-Total-Count"))
		}
		return strings.Join(all, " ")
	}
	step := func(method, path, body string, status int, answer, after string) {
		t.Helper()
		got, _, said := f.do(method, f.local+path, body)
		if got != status || said != answer || counts() != after {
			t.Errorf("%s %s: %d %s, then %s", method, path, got, said, counts())
		}
	}
	const before, with = "2 10 6 4 2", "3 12 7 5 3"
	step("POST", "/_local/crm", added, 200, `{"account":{"id":"acme"}}`, with)
	step("POST", "/_local/crm", added, 200, `{"account":{"id":"acme"}}`, with) // in place of itself
	_, _, row := f.table("sn_customerservice_case", "query", "account=acme", "fields", "number,sys_created_on,priority,contact,contact.department,u_url,sys_class_name",
		"display_value", "true", "exclude_reference_link", "true")
	const want = `{"result":[{"contact":"Ann","contact.department":"Ops","number":"T1","priority":"2 - High","sys_class_name":"Case",` +
		`"sys_created_on":"2026-12-10 07:41:08.925","u_url":"https://x.example/T1"}]}`
	if diff := cmp.Diff(want, row); diff != "" {
		t.Error(diff)
	}
	step("DELETE", "/_local/crm/accounts/acme", "", 200, `{}`, before)
	step("DELETE", "/_local/crm/accounts/acme", "", 404, `{"code":5,"details":[],"message":"Account not found."}`, before)
	step("POST", "/_local/crm", `{"account":{"id":"x"}}`, 400, `{"code":3,"details":[],"message":"account.id and account.name must not be empty"}`, before)
	step("POST", "/_local/crm", `{"account":{"id":"x","name":"X"},"contacts":[{"email":"o@x.example","role":"Owner"}]}`, 400,
		`{"code":3,"details":[],"message":"contact o@x.example: role \"Owner\" is neither Admin nor Technical"}`, before)
	step("POST", "/_local/crm", `[`, 400, `{"code":3,"details":[],"message":"invalid JSON: unexpected EOF"}`, before)
	step("POST", "/_local/crm", `{"account":{"id":"x","name":"X"},"tickets":[{"number":"1","create_time":"soon"}]}`, 400,
		`{"code":3,"details":[],"message":"ticket 1: \"soon\" is no date"}`, before)
	step("POST", "/_local/crm", `{"account":{"id":"x","name":"X"},"entitlements":[{"number":"1","start_date":"soon"}]}`, 400,
		`{"code":3,"details":[],"message":"entitlement 1: \"soon\" is no date"}`, before)
}

func TestFaultsComeAndGo(t *testing.T) {
	t.Parallel()
	f := open(t)
	set := func(mode string, want int) {
		t.Helper()
		if status, _, body := f.do("POST", f.local+"/_local/crm/fault", `{"mode":"`+mode+`"}`); status != want {
			t.Fatalf("%s: %d %s", mode, status, body)
		}
	}
	set("down", 200)
	if status, _, _ := f.table("customer_contact"); status != 0 {
		t.Errorf("down: %d", status)
	}
	set("garbage", 200)
	if status, header, body := f.table("customer_contact"); status != 200 || !strings.HasPrefix(header.Get("Content-Type"), "text/html") || !strings.Contains(body, "ibernating") {
		t.Errorf("garbage: %d %s", status, body)
	}
	set("slow", 200)
	answered := make(chan int)
	go func() { status, _, _ := f.table("customer_contact"); answered <- status }()
	select {
	case status := <-answered:
		t.Errorf("slow: %d", status)
	case <-time.After(100 * time.Millisecond):
	}
	set("nonsense", 400)
	set("none", 200)
	if status := <-answered; status != 200 {
		t.Errorf("after slow: %d", status)
	}
	if n := f.Requests(); n["fault"] != 3 || n["customer_contact"] != 1 {
		t.Errorf("%v", n)
	}
}

func TestEverythingAtTheSameTime(t *testing.T) {
	t.Parallel()
	f := open(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			id := fmt.Sprint("c", i)
			for range 10 {
				if err := f.Add(crm.Company{Account: crm.Account{ID: id, Name: id}, Contacts: []crm.Contact{{Email: id + "@x.example"}}}); err != nil {
					t.Error(err)
				}
				if _, _, body := f.table("customer_contact", "query", "email="+id+"@x.example"); strings.Count(body, "sys_id") != 1 {
					t.Errorf("%s: %s", id, body)
				}
				if status, _, _ := f.do("POST", f.url+"/api/now/table/sn_customerservice_case", `{"account":"`+id+`"}`); status != 201 {
					t.Errorf("%s: %d", id, status)
				}
				if !f.Remove(id) {
					t.Errorf("%s was not there", id)
				}
				_ = f.SetFault(crm.None)
				_ = f.Requests()
			}
		})
	}
	all.Wait()
	if _, header, _ := f.table("sn_customerservice_case"); header.Get("X-Total-Count") != "4" {
		t.Errorf("%s cases are left", header.Get("X-Total-Count"))
	}
}

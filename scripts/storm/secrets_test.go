package storm

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// Links, state tokens, sessions, passwords and codes are where they belong and nowhere else: not in
// the table, nor in a log, nor in any answer but their own, whatever goes wrong on the way.
func TestNoSecretIsInTheClear(t *testing.T) {
	t.Parallel()
	sessions(t, cloud.Options{Settings: lenient}, luck(*seed))
}

// sessions lets people go through all that has to do with secrets, on a bad day too.
func sessions(t testing.TB, o cloud.Options, l luck) {
	c, p, e := overheard(t, o)
	s := &scene{t: t, c: c}
	w := newWeather(c, p, l)
	for _, noise := range []func() func(){func() func() { return func() {} }, w.storm} {
		quiet := noise()
		s.signUp(e)
		s.changePassword(e)
		s.comeByLink()
		quiet()
	}
	end(t, c, e)
}

// post sends what may fail on a bad day.
func (s *scene) post(path, token string, body object) cloudtest.Answer {
	a, err := s.c.Send("POST", path, token, body)
	s.kind(a, err)
	return a
}

// code is the last that was mailed to an address.
func (s *scene) code(address string) string {
	for _, m := range s.c.Mail.Mails(address) {
		if found := codes.FindString(m.Text); found != "" {
			return found
		}
	}
	return "000000"
}

func (s *scene) signUp(e *ear) {
	email, password := s.stranger("sam"), "Otter-"+fresh()+"-Pond7"
	e.secrets[password] = "a new password"
	who := object{"email": email, "first_name": "Sam", "last_name": "Example", "password": password}
	s.post("/v1/auth/SignUp", "", who)
	s.post("/v1/auth/SignUp", "", who) // a second code, or a mail that says so
	s.post("/v1/auth/ConfirmSignUp", "", object{"email": email, "code": "1234567"})
	s.post("/v1/auth/ConfirmSignUp", "", object{"email": email, "code": s.code(email)})
	s.post("/v1/auth/SignIn", "", object{"email": email, "password": password + "x"})
	session := s.post("/v1/auth/SignIn", "", object{"email": email, "password": password})
	renewed := s.post("/v1/auth/RefreshSession", "", object{"refresh_token": session.Text("refresh_token")})
	s.post("/v1/auth/RefreshSession", "", object{"refresh_token": session.Text("access_token")})
	s.post("/v1/orgs", renewed.Text("access_token"), object{"name": "Otters"})
	s.post("/v1/auth/SignOut", renewed.Text("access_token"), nil)
	s.post("/v1/orgs:search", renewed.Text("access_token"), nil)
	s.post("/v1/orgs:search", renewed.Text("id_token"), nil)
}

func (s *scene) changePassword(e *ear) {
	email, password := s.person("pat").Email, "Heron-"+fresh()+"-Lake7"
	e.secrets[password] = "a changed password"
	s.post("/v1/auth/ResetPassword", "", object{"email": email})
	s.post("/v1/auth/ConfirmResetPassword", "", object{"email": email, "code": "1234567", "password": password})
	s.post("/v1/auth/ConfirmResetPassword", "", object{"email": email, "code": s.code(email), "password": password})
	s.post("/v1/auth/SignIn", "", object{"email": email, "password": password})
}

// comeByLink goes from links to memberships, and tries what refuses them too.
func (s *scene) comeByLink() {
	ann := s.person("ann")
	o := s.post("/v1/orgs", ann.Token, object{"name": "Acme"}).Text("org.id")
	eve, bob := s.stranger("eve"), s.person("bob")
	for _, who := range []string{eve, bob.Email} {
		s.post("/v1/orgs/"+o+"/members", ann.Token, object{"username": who, "role": "Admin"})
	}
	settle(s.t, s.c)
	for _, m := range mails(s.c, eve) {
		state := s.post("/v1/auth/ValidateToken", "", object{"activation_token": m.token}).Text("state_token")
		weak := profile("Eve", state)
		weak["password"] = "short"
		s.post("/v1/auth/ActivateProfile", "", weak)
		s.post("/v1/auth/ActivateProfile", "", profile("Eve", m.token))
		s.post("/v1/auth/ActivateProfile", "", profile("Eve", state))
		s.post("/v1/auth/ActivateProfile", "", profile("Eve", state))
		s.post("/v1/invitations:accept", bob.Token, object{"activation_token": m.token})
		s.post("/v1/orgs/"+o+"/members:search", ann.Token, object{"page_token": m.token})
	}
	for _, m := range mails(s.c, bob.Email) {
		s.post("/v1/invitations:accept", bob.Token, object{"activation_token": m.token})
		s.post("/v1/auth/ValidateToken", "", object{"activation_token": m.token})
	}
	s.post("/v1/orgs/"+o+"/members:search", bob.Token, nil)
	s.post("/v1/events:search", ann.Token, nil)
}

// A search that finds nothing proves nothing.
func TestEveryLeakIsFound(t *testing.T) {
	t.Parallel()
	link := org.NewLink("6ba7b810-9dad-41d1-80b4-00c04fd430c8", "6ba7b811-9dad-41d1-80b4-00c04fd430c8")
	at := storetest.Key{PK: "ORG#x", SK: "INVITATION#x"}
	tests := []struct {
		name  string
		table storetest.Dump
		log   string
		body  object
	}{
		{"a link in an attribute", storetest.Dump{at: {"link": link.Token()}}, "", nil},
		{"a link's secret in an attribute", storetest.Dump{at: {"in": []any{map[string]any{"x": link.Token()[46:]}}}}, "", nil},
		{"a link in a key", storetest.Dump{{PK: "ORG#x", SK: "STATE#" + link.Token()}: {}}, "", nil},
		{"a link in a log", nil, "INFO validated " + link.Token() + "\n", nil},
		{"a password in a log", nil, `{"body":"` + cloudtest.Password + `"}`, nil},
		{"a code in a log", nil, "1234567 is no code, 123456 is.", nil},
		{"the CRM's credential in a log", nil, "calling with Bearer " + crm.Onboarding, nil},
		{"the credential for the CRM in an attribute", storetest.Dump{at: {"crm": "roster:a-client's-secret"}}, "", nil},
		{"a link in an answer", nil, "", object{"members": []any{object{"link": link.Token()}}}},
		{"a state token in another's answer", nil, "", object{"state_token": "a-state-token"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var o cloud.Options
			e := listen(&o)
			e.keep("a link", link.Token())
			e.secrets["123456"], e.secrets["a-client's-secret"] = "a code", "Roster's credential for the CRM"
			e.Write([]byte(test.log))
			e.hear(httptest.NewRequest("POST", "/v1/orgs/x/members:search", nil), answer(t, test.body))
			if got := e.leaks(test.table); len(got) == 0 {
				t.Error("not found")
			}
		})
	}
	t.Run("nothing", func(t *testing.T) {
		var o cloud.Options
		e := listen(&o)
		e.keep("a link", link.Token())
		e.secrets["123456"] = "a code"
		e.Write([]byte("at 2026-01-01T00:00:00.123456Z 1123456 took 1234567\n"))
		body := object{"state_token": "a-state-token", "email": "eve@example.com"}
		e.hear(httptest.NewRequest("POST", "/v1/auth/ValidateToken", nil), answer(t, body))
		d := storetest.Dump{at: {"link": string(link.Secret.Hash())}}
		if got := strings.Join(e.leaks(d), "\n"); got != "" {
			t.Error(got)
		}
	})
}

func answer(t *testing.T, body object) cloudtest.Answer {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return cloudtest.Answer{Status: 200, Body: body, Raw: string(raw)}
}

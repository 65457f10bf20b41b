package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"roster/scripts/local/crm"
	"roster/shared/account"
	"roster/shared/customer"
	"roster/shared/secret"
)

// A process that read the secret before the rotation is answered by the CRM after it, and after the
// earlier credentials are revoked too.
func TestARotatedSecretIsTakenUpByRunningProcesses(t *testing.T) {
	first, second := crm.Credential{ClientID: "roster", ClientSecret: "first"}, crm.Credential{ClientID: "roster", ClientSecret: "second"}
	input, _ := json.Marshal(second)
	a, e, out := newEstate(t, string(input))
	a.secrets["roster/test/crm"] = map[string]any{}
	text, _ := json.Marshal(first)
	a.values["roster/test/crm"] = string(text)
	secrets := httptest.NewServer(a)
	defer secrets.Close()
	instance := crm.New()
	instance.SetCredential(first)
	server := httptest.NewServer(instance)
	defer server.Close()
	for name, value := range map[string]string{
		"ROSTER_CRM_URL": server.URL, "ROSTER_CRM_SECRET": "roster/test/crm", "AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets.URL,
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s",
	} {
		t.Setenv(name, value)
	}
	process := customer.Open()
	ask := func(when string) {
		t.Helper()
		if _, err := process.Contact(customer.WithBudget(t.Context()), account.Address("hank@globex.example")); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	ask("before")
	if err := e.do(t.Context(), "crm-secret", false); err != nil {
		t.Fatal(err)
	}
	ask("after the rotation")
	instance.SetCredential(second) // and the tokens of before die
	ask("after the earlier one was revoked")
	has(t, out, "version v2 of roster/test/crm is current.\n", "revoke the earlier credentials")
	if strings.Contains(out.String(), "second") {
		t.Error("the secret was printed")
	}
}

func TestAWrongSecretIsRefusedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"":                             "no JSON object",
		"hunter2":                      "no JSON object",
		`{"client_id":"a"}`:            "neither client_id and client_secret nor username and password",
		`{"username":"a"}`:             "neither",
		strings.Repeat(" ", 65<<10):    "too long",
		`{"client_id":1}`:              "no JSON object of text",
		`{"clientId":"hunter2","b":1}`: "neither",
	} {
		a, e, out := newEstate(t, input)
		a.secrets["roster/test/crm"] = map[string]any{}
		err := e.do(t.Context(), "crm-secret", false)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") || len(a.values) != 0 {
			t.Errorf("%.20q: %v %s", input, err, out)
		}
	}
}

func TestASecretThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	_, e, _ := newEstate(t, `{"username":"a","password":"b"}`)
	if err := e.do(t.Context(), "crm-secret", false); err == nil || !strings.Contains(err.Error(), "there is no secret roster/test/crm") {
		t.Error(err)
	}
}

// The CRM goes from one credential to the next while functions take both.
func TestTheCredentialOfTheCRMChangesInTwoSteps(t *testing.T) {
	t.Parallel()
	const name, old = "roster/test/onboarding", "the primary that the stack made"
	a, e, out := newEstate(t, "")
	a.secrets[name] = map[string]any{}
	a.values[name] = `{"secondary":"","primary":"` + old + `","note":"kept"}`
	held := func() (h map[string]string) {
		if err := json.Unmarshal([]byte(a.values[name]), &h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	if err := e.do(t.Context(), "onboarding-secret", false); err != nil {
		t.Fatal(err)
	}
	first := held()
	if first["primary"] != old || !secret.Taken(first["secondary"]) || first["note"] != "kept" {
		t.Errorf("after the first step: %v", first)
	}
	has(t, out, "version v2 of roster/test/onboarding is current.\nIt has a secondary now, and both are good.")
	if err := e.do(t.Context(), "onboarding-secret", false); err != nil {
		t.Fatal(err)
	}
	if second := held(); second["primary"] != first["secondary"] || second["secondary"] != "" || second["note"] != "kept" {
		t.Errorf("after the second step: %v", second)
	}
	has(t, out, "The secondary is the primary now.")
	if strings.Contains(out.String(), first["secondary"]) || strings.Contains(out.String(), old) {
		t.Error("a secret was printed")
	}
	if err := e.do(t.Context(), "onboarding-secret", false); err != nil || held()["secondary"] == first["secondary"] {
		t.Errorf("%v: the next one is no new one", err)
	}
}

func TestTheCredentialOfTheCRMStaysWhereTheOperatorDoesNotAgree(t *testing.T) {
	t.Parallel()
	const name = "roster/test/onboarding"
	for value, want := range map[string]string{
		`{"primary":"a","secondary":""}`:                                     "Make a new secondary of roster/test/onboarding?",
		`{"primary":"a","secondary":"too short to be taken"}`:                "Make a new secondary of roster/test/onboarding?",
		`{"primary":"a","secondary":"long enough to be taken from anybody"}`: "Does the CRM use the secondary of roster/test/onboarding already",
	} {
		a, e, _ := newEstate(t, "")
		a.secrets[name], a.values[name] = map[string]any{}, value
		asked := ""
		e.ask = func(question string, args ...any) error {
			asked = fmt.Sprintf(question, args...)
			return errNo
		}
		if err := e.do(t.Context(), "onboarding-secret", false); !errors.Is(err, errNo) || !strings.HasPrefix(asked, want) || a.values[name] != value {
			t.Errorf("%s: %v, asked %q", value, err, asked)
		}
	}
}

func TestASecretOfTheCRMThatHoldsNothingUsableIsNamed(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "there is no secret roster/test/onboarding", "null": "is no JSON object of text", `{"primary":1}`: "is no JSON object of text"} {
		a, e, _ := newEstate(t, "")
		a.values["roster/test/onboarding"] = value
		if err := e.do(t.Context(), "onboarding-secret", false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

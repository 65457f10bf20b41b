package project

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func cdkJSON(t *testing.T) Project {
	t.Helper()
	p, err := Read("../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEveryStageHasItsSettings(t *testing.T) {
	p := cdkJSON(t)
	maps.Copy(p.Stages["prod"], real())
	for stage := range p.Stages {
		if s, err := p.Settings(stage); err != nil || s.Stage != stage {
			t.Errorf("%s: %v", stage, err)
		}
	}
	if s, _ := p.Settings("prod"); !s.Production || s.LogDays != 365 || s.InvitesPerDay != 200 {
		t.Errorf("%+v", s)
	}
	for _, stage := range []string{"", "nowhere", "Test"} {
		if _, err := p.Settings(stage); err == nil || !strings.Contains(err.Error(), `"test"`) {
			t.Errorf("stage %q: %v", stage, err)
		}
	}
}

// real is what cdk.json cannot know of a deployment: where it is, and who hears of it.
func real() map[string]any {
	return map[string]any{
		"portalURL": "https://portal.roster.test", "mailIdentity": "roster.test", "mailFrom": "Roster <no-reply@roster.test>",
		"alarmMail": "ops@roster.test",
	}
}

func TestProductionHasNoPlaceholders(t *testing.T) {
	_, err := cdkJSON(t).Settings("prod") // as it is committed
	for _, name := range []string{"portalURL", "mailIdentity", "mailFrom", "alarmMail"} {
		if err == nil || !strings.Contains(err.Error(), "setting "+name+" ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, values := range map[string][]any{
		"portalURL": {"https://portal.example", "https://Portal.EXAMPLE/prod", "https://portal.example:8443", "https://portal.example./"},
		"mailFrom":  {"no-reply@roster.test.example", "Roster <no-reply@roster.example>"},
		"alarmMail": {"", "ops@roster.example"}, "crmURL": {"https://crm.example"}, "sam": {true},
	} {
		for _, v := range values {
			p := cdkJSON(t)
			maps.Copy(p.Stages["prod"], real())
			p.Stages["prod"][name] = v
			if _, err := p.Settings("prod"); err == nil || !strings.Contains(err.Error(), "setting "+name+" ") {
				t.Errorf("%s %q: %v", name, v, err)
			}
		}
	}
	p := cdkJSON(t)
	maps.Copy(p.Stages["prod"], real())
	maps.Copy(p.Stages["prod"], map[string]any{"portalURL": "https://portal.example.test/a.example.b", "mailFrom": `"An .example" <no-reply@roster.test>`})
	if s, err := p.Settings("prod"); err != nil || len(s.Placeholders()) != 0 {
		t.Errorf("%v: %q", err, s.Placeholders())
	}
}

func TestAMissingSettingIsNamed(t *testing.T) {
	defaults := cdkJSON(t).Defaults
	for name := range defaults {
		less := maps.Clone(defaults)
		delete(less, name)
		if _, err := parse(less); err == nil || err.Error() != "setting "+name+" is missing" {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestAnUnknownSettingIsNamed(t *testing.T) {
	more := maps.Clone(cdkJSON(t).Defaults)
	more["portalUrl"] = "https://portal.example"
	if _, err := parse(more); err == nil || err.Error() != "setting portalUrl is unknown" {
		t.Error(err)
	}
}

func TestAWrongSettingIsNamed(t *testing.T) {
	tests := map[string][]any{
		"production":       {"true", 1.0, nil},
		"portalURL":        {"", "portal.example", "http://portal.example", "https://", "https://portal.example?x=1", 1.0, "https://u:p@portal.example", "https://:443", "https://portal.example/?", "https://portal.example#top"},
		"termsURL":         {"http://portal.example/terms", "/terms", "javascript:alert(1)"},
		"inviteExisting":   {"", "Join", "maybe", true},
		"invitesPerDay":    {-1.0, 1.5, "200", 1e9},
		"resendAfter":      {-1.0, 86401.0},
		"linkAtSignIn":     {"", true, "yes"},
		"pmmScope":         {"", " pmm", "a  b", "ä", 1.0},
		"mailIdentity":     {"", "Roster.example", "nobody@", "roster"},
		"makeMailIdentity": {"yes"},
		"mailFrom":         {"", "nobody", "Roster <nobody>", "No <no-reply@röster.example>", "no-reply@elsewhere.example"},
		"poolMail":         {"", "smtp"},
		"domain":           {"https://api.example", "API.example", "localhost"},
		"certificate":      {"arn:aws:acm:eu-central-1:1:certificate/1", "cert"},
		"waf":              {"on"},
		"rate":             {0.0, "many"},
		"burst":            {0.0, 5001.0},
		"publicRate":       {0.0, 201.0},
		"publicBurst":      {0.0, 401.0},
		"trail":            {"", "a", "my trail"},
		"apiLogRole":       {"", "new"},
		"logDays":          {0.0, 2.0, 30.5, "30", 1000.0},
		"alarmMail":        {"ops", "Ops <ops@roster.example>"},
		"crmURL":           {"http://crm.example", "crm", "http://localhost:8080", "https://u:p@crm.example", "https://:443", "https://crm.example?x=1"},
		"crmMapping":       {"[]", "{", "text", "null", `{"contacts":{}}`, `{"contact":{"email":""}}`, `{"contact":{"email":null}}`, `{"ticket":{"page":"x"}}`},
		"sam":              {"local"},
	}
	defaults := cdkJSON(t).Defaults
	for name := range defaults {
		if len(tests[name]) == 0 {
			t.Errorf("nobody says what is wrong for %s", name)
		}
	}
	for name, values := range tests {
		for _, v := range values {
			wrong := maps.Clone(defaults)
			wrong[name] = v
			if _, err := parse(wrong); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %v: %v", name, v, err)
			}
		}
	}
}

func TestRightSettingsAreTaken(t *testing.T) {
	tests := map[string][]any{
		"portalURL": {"https://portal.example", "https://id.execute-api.eu-central-1.amazonaws.com/prod"},
		"mailFrom":  {"no-reply@roster.example", "Roster <no-reply@mail.roster.example>", "Röster <no-reply@roster.example>"},
		"trail":     {"make", "management-events"}, "inviteExisting": {"join"}, "resendAfter": {0.0}, "crmMapping": {`{"contact":{}}`},
		"alarmMail": {"ops@elsewhere.example"},
	}
	for name, values := range tests {
		for _, v := range values {
			right := maps.Clone(cdkJSON(t).Defaults)
			right[name] = v
			if _, err := parse(right); err != nil {
				t.Errorf("%s %v: %v", name, v, err)
			}
		}
	}
}

func TestADomainAndItsCertificateGoTogether(t *testing.T) {
	for name, v := range map[string]string{"domain": "api.roster.example", "certificate": "arn:aws:acm:eu-central-1:000000000000:certificate/1"} {
		alone := maps.Clone(cdkJSON(t).Defaults)
		alone[name] = v
		if _, err := parse(alone); err == nil || !strings.Contains(err.Error(), "domain and certificate") {
			t.Errorf("%s alone: %v", name, err)
		}
	}
}

func TestABrokenFileSaysSo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cdk.json")
	if _, err := Read(file); err == nil {
		t.Error("a file that is not there was read")
	}
	if err := os.WriteFile(file, []byte(`{"context":{"roster":{"defaults":[]}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file); err == nil || !strings.Contains(err.Error(), "cdk.json") {
		t.Error(err)
	}
}

// The README shows the list of settings: the names in this order, the defaults, and what they are.
func TestTheREADMEShowsEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	defaults, table := cdkJSON(t).Defaults, []string{}
	for _, f := range new(Settings).fields() {
		table = append(table, "| `"+f.name+"` | `"+written(t, defaults[f.name])+"` | "+f.says+" |")
	}
	if want := strings.Join(table, "\n"); !strings.Contains(string(readme), want) {
		t.Errorf("README.md does not have this table:\n%s", want)
	}
	if names := slices.Sorted(maps.Keys(defaults)); len(names) != len(table) {
		t.Errorf("%d defaults for %d settings", len(names), len(table))
	}
}

// written is a value as cdk.json has it.
func written(t *testing.T, v any) string {
	t.Helper()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text.String())
}

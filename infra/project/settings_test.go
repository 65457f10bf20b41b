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
		"portalURL":        {"", "portal.example", "http://portal.example", "https://", "https://portal.example?x=1", 1.0},
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
		"crmURL":           {"http://crm.example", "crm"},
		"crmMapping":       {"[]", "{", "text"},
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

func TestProductionIsNotForSAM(t *testing.T) {
	both := maps.Clone(cdkJSON(t).Defaults)
	both["production"], both["sam"] = true, true
	if _, err := parse(both); err == nil || !strings.Contains(err.Error(), "sam") {
		t.Error(err)
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

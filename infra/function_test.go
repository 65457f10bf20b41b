package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"roster/infra/project"
	"roster/shared/operation"
)

func TestEveryRowIsAFunctionAsLambdaRunsIt(t *testing.T) {
	written := get(t, small)
	if n := len(written.of("AWS::Lambda::Function")); n != len(operation.All()) {
		t.Errorf("%d functions for %d rows", n, len(operation.All()))
	}
	for _, o := range operation.All() {
		f := written.function(t, o.Name, "AWS::Lambda::Function")
		got := fmt.Sprint(f.at("FunctionName"), f.at("Architectures"), f.at("Runtime"), f.at("Handler"), f.at("MemorySize"),
			f.at("Timeout"), f.at("TracingConfig.Mode"), f.at("LoggingConfig.LogFormat"))
		want := fmt.Sprint("roster-test-"+o.Name, []string{"arm64"}, "provided.al2023", "bootstrap", 256, o.Seconds(), "Active", "JSON")
		if got != want {
			t.Errorf("%s: %s, want %s", o.Name, got, want)
		}
		checkCode(t, written, o, f)
	}
}

// checkCode holds a function to running its own binary, where SAM finds it too.
func checkCode(t *testing.T, written template, o operation.Operation, f resource) {
	t.Helper()
	asset, _ := f.Metadata["aws:asset:path"].(string)
	code, err := os.ReadFile(written.folder + "/" + asset + "/bootstrap")
	if err != nil || string(code) != o.Name || f.Metadata["aws:asset:property"] != "Code" || f.path() != o.Name+"/Resource" {
		t.Errorf("%s runs %q of %v: %v", o.Name, code, f.Metadata, err)
	}
}

func TestFunctionsHaveTheVariablesOfTheirRowsAndNoOthers(t *testing.T) {
	common := []string{"GOMEMLIMIT", "SSL_CERT_DIR", "SSL_CERT_FILE"}
	for _, made := range []func() (template, error){small, full} {
		written := get(t, made)
		for _, o := range operation.All() {
			variables, _ := written.function(t, o.Name, "AWS::Lambda::Function").at("Environment.Variables").(map[string]any)
			var got []string
			for name, value := range variables {
				if got = append(got, name); value == nil {
					t.Errorf("%s: %s is nothing", o.Name, name)
				}
			}
			want := append(o.Variables(), common...)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", o.Name, got, want)
			}
		}
	}
}

func TestVariablesSayWhatTheSettingsSay(t *testing.T) {
	written := get(t, full)
	want := map[string]string{
		"ROSTER_INVITE_EXISTING": `"confirm"`, "ROSTER_INVITES_PER_DAY": `"200"`, "ROSTER_RESEND_AFTER": `"60"`,
		"ROSTER_LINK_AT_SIGN_IN": `"on"`, "ROSTER_PORTAL_URL": `"https://portal.roster.test"`,
		"ROSTER_MAIL_FROM": `"Roster <no-reply@roster.test>"`, "ROSTER_TABLE": `{"Ref":"Table"}`,
		"ROSTER_MAIL_CONFIGURATION_SET": `{"Ref":"Mails"}`, "ROSTER_CRM_URL": `"https://crm.test"`,
		"ROSTER_CRM_MAPPING": `""`, "ROSTER_CRM_SECRET": `{"Ref":"CRMSecret"}`,
		"ROSTER_ONBOARDING_SECRET":   `{"Ref":"OnboardingSecret"}`,
		"ROSTER_USER_POOL_ID":        `{"Ref":"` + written.idOf(t, "AWS::Cognito::UserPool", "Pool") + `"}`,
		"ROSTER_USER_POOL_CLIENT_ID": `{"Ref":"` + written.idOf(t, "AWS::Cognito::UserPoolClient", "Pool/Portal") + `"}`,
		"ROSTER_PMM_CLIENT_ID":       `{"Ref":"` + written.idOf(t, "AWS::Cognito::UserPoolClient", "Pool/PMM") + `"}`,
		"ROSTER_PMM_SCOPE":           `"pmm"`, "ROSTER_TERMS_URL": `""`,
	}
	for _, f := range written.of("AWS::Lambda::Function") {
		variables, _ := f.at("Environment.Variables").(map[string]any)
		for name, value := range variables {
			if got := plain(value); strings.HasPrefix(name, "ROSTER_") && got != want[name] {
				t.Errorf("%s: %s is %s, want %s", f.path(), name, got, want[name])
			}
		}
	}
}

// plain is the JSON of a value as people write it.
func plain(v any) string {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // of what was decoded, it does not fail
	return strings.TrimSpace(text.String())
}

func TestSAMMaySetMoreVariablesWhereASettingSaysSo(t *testing.T) {
	for _, sam := range []bool{false, true} {
		s := &stack{deployment: deployment{Settings: project.Settings{SAM: sam}}}
		env, err := s.environment(operation.Operation{})
		if err != nil || ((*env)["ROSTER_SAM_CLAIMS"] != nil) != sam || len(*env) != 3+map[bool]int{true: len(samVariables())}[sam] {
			t.Errorf("sam %v: %v, %v", sam, env, err)
		}
	}
}

func TestAVariableThatNobodyKnowsStopsSynth(t *testing.T) {
	d, err := deploymentOf("unknown", "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Operations = []operation.Operation{{Name: "new", Event: operation.PreTokenGeneration, Reads: []string{"ROSTER_NEW"}}}
	if err := d.synth(); err == nil || !strings.Contains(err.Error(), "ROSTER_NEW") || !strings.Contains(err.Error(), "new:") {
		t.Errorf("error %v", err)
	}
	d.Operations = []operation.Operation{{Name: "new", Event: "Eclipse"}}
	if err := d.synth(); err == nil || !strings.Contains(err.Error(), "Eclipse") {
		t.Errorf("error %v", err)
	}
	d.Code = folders(t.TempDir())
	if err := d.synth(); err == nil || !strings.Contains(err.Error(), "function new is not built") {
		t.Errorf("error %v", err)
	}
}

func TestATemplateThatCloudFormationWouldRefuseStopsSynth(t *testing.T) {
	d, err := deploymentOf("refused", "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Operations, d.Rate = []operation.Operation{{Name: "one", Routes: []string{"GET /v1/one"}}}, -1
	if err := d.synth(); err == nil || !strings.Contains(err.Error(), "Validation failed") {
		t.Errorf("error %v", err)
	}
}

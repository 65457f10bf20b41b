package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/operation"
)

func TestTheSameSettingsMakeTheSameTemplate(t *testing.T) {
	first := get(t, small)
	second, err := write("again", "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.raw, second.raw) {
		t.Error(cmp.Diff(strings.Split(string(first.raw), "\n"), strings.Split(string(second.raw), "\n")))
	}
}

func TestTheValidatorOfTemplatesFindsNothing(t *testing.T) {
	for _, made := range []func() (template, error){small, full} {
		var report struct{ PluginReports []any }
		raw, err := os.ReadFile(get(t, made).folder + "/validation-report.json")
		if err == nil {
			err = json.Unmarshal(raw, &report)
		}
		if err != nil || len(report.PluginReports) != 0 {
			t.Errorf("%s, %v", raw, err)
		}
	}
}

// most is how many resources CloudFormation takes in a stack.
const most = 500

func TestAStackHasRoomForMore(t *testing.T) {
	for name, made := range map[string]func() (template, error){"test": small, "prod with everything": full} {
		written := get(t, made)
		n := len(written.Resources)
		if t.Logf("%s: %d resources, %d KB", name, n, len(written.raw)>>10); n > most*4/5 {
			t.Errorf("%s: %d resources of %d", name, n, most)
		}
		if said := stated(t); n < said-20 || n > said+20 {
			t.Errorf("%s: %d resources; README.md says %d", name, n, said)
		}
		if len(written.raw) > 1_000_000*4/5 {
			t.Errorf("%s: %d bytes of 1 MB", name, len(written.raw))
		}
	}
}

// stated is how many resources a stage has by the README.
func stated(t *testing.T) (n int) {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "A stage is about ")
	fmt.Sscan(rest, &n)
	return n
}

func TestProductionOutlivesItsStack(t *testing.T) {
	test, production := get(t, small), get(t, full)
	for kind, protection := range map[string][2]any{
		"AWS::DynamoDB::Table":    {false, true},
		"AWS::Cognito::UserPool":  {"INACTIVE", "ACTIVE"},
		"AWS::SES::EmailIdentity": {nil, nil},
	} {
		name := map[string]string{"AWS::DynamoDB::Table": "DeletionProtectionEnabled", "AWS::Cognito::UserPool": "DeletionProtection"}[kind]
		for i, r := range []resource{test.only(t, kind), production.only(t, kind)} {
			want := []string{"Delete", "Retain"}[i]
			if r.DeletionPolicy != want || r.UpdateReplacePolicy != want || r.at(name) != protection[i] {
				t.Errorf("%s: %s, %s, %v; want %s and %v", kind, r.DeletionPolicy, r.UpdateReplacePolicy, r.at(name), want, protection[i])
			}
		}
	}
	for id, b := range production.of("AWS::S3::Bucket") {
		if b.DeletionPolicy != "Retain" {
			t.Errorf("%s is removed with what is in it", id)
		}
	}
}

func TestTheTableIsTheOneThatTheStoreExpects(t *testing.T) {
	table := get(t, small).only(t, "AWS::DynamoDB::Table")
	want := map[string]any{
		"BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": []any{
			map[string]any{"AttributeName": "PK", "AttributeType": "S"}, map[string]any{"AttributeName": "SK", "AttributeType": "S"},
		},
		"KeySchema": []any{
			map[string]any{"AttributeName": "PK", "KeyType": "HASH"}, map[string]any{"AttributeName": "SK", "KeyType": "RANGE"},
		},
		"StreamSpecification":              map[string]any{"StreamViewType": "NEW_AND_OLD_IMAGES"},
		"TimeToLiveSpecification":          map[string]any{"AttributeName": "ttl", "Enabled": true},
		"PointInTimeRecoverySpecification": map[string]any{"PointInTimeRecoveryEnabled": true},
		"DeletionProtectionEnabled":        false,
	}
	if diff := cmp.Diff(want, table.Properties); diff != "" {
		t.Error(diff)
	}
}

func TestSomebodyHearsOfWhatGoesWrong(t *testing.T) {
	written := get(t, full)
	names := map[string]bool{}
	for _, a := range written.of("AWS::CloudWatch::Alarm") {
		if a.at("AlarmActions") == nil || a.text("AlarmDescription") == "" || a.text("TreatMissingData") != "notBreaching" {
			t.Errorf("%s: %v", a.path(), a.Properties)
		}
		names[strings.TrimPrefix(a.text("AlarmName"), "roster-prod-")] = true
	}
	want := []string{"api-5xx", "api-slow", "functions-throttled", "table-throttled", "events-failed", "stranded", "mails-failed", "mail-bounces", "mail-complaints"}
	for _, o := range operation.All() {
		if o.Event != "" {
			want = append(want, o.Name+"-errors")
		}
		if o.Event.Streamed() {
			want = append(want, o.Name+"-late", o.Name+"-given-up")
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(names))); diff != "" {
		t.Error(diff)
	}
	for _, a := range get(t, small).of("AWS::CloudWatch::Alarm") {
		if a.at("AlarmActions") != nil {
			t.Errorf("%s tells nobody", a.path())
		}
	}
}

package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allowed are the rules of cdk-nag that the stack breaks, where, and why it may.
var allowed = []struct{ rule, at, reason string }{
	{"AwsSolutions-APIG2", `^API/`, "the functions validate bodies themselves, to answer in the API's own words"},
	{"AwsSolutions-APIG4", `^API/`, "the routes that their rows call public: signing in and up, links, the API's description"},
	{"AwsSolutions-COG4", `^API/`, "the same"},
	{"AwsSolutions-APIG6", `^API/`, "the access log tells of every request; execution logs would hold bodies and tokens"},
	{"AwsSolutions-COG1", `^Pool/`, "ten characters of three kinds; symbols make passwords harder to remember than to guess"},
	{"AwsSolutions-COG2", `^Pool/`, "the API has no second factor to offer"},
	{"AwsSolutions-COG3", `^Pool/`, "threat protection is a dearer plan; the routes are throttled, and Cognito locks out who guesses"},
	{"AwsSolutions-IAM4", `^API/CloudWatchRole/`, "the policy that AWS made for the one role by which API Gateway writes logs"},
	{"AwsSolutions-IAM5", `^[a-z-]+-role/`, "streams of the function's own log, objects of the bucket, and what IAM ties to no resource: traces, SES's suppression list"},
	{"AwsSolutions-S1", `^(FailedRecords|TrailRecords)/`, "nobody reads these buckets but operators, whom CloudTrail records"},
	{"AwsSolutions-SMG4", `^(CRM|Onboarding)Secret`, "the CRM knows nothing of AWS's rotation; an operator's script changes it on both sides"},
	{"AwsSolutions-SQS3", `^FailedEvents/`, "it is the queue for what failed"},
}

// A finding is an error of a construct, as an aspect left it.
type finding struct{ at, says string }

func findings(t *testing.T, written template) []finding {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(written.folder, "roster-prod.metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var metadata map[string][]struct {
		Type string
		Data any
	}
	if err := json.Unmarshal(raw, &metadata); err != nil {
		t.Fatal(err)
	}
	var all []finding
	for _, path := range slices.Sorted(maps.Keys(metadata)) {
		for _, m := range metadata[path] {
			if text, _ := m.Data.(string); m.Type == "aws:cdk:error" || m.Type == "aws:cdk:warning" {
				all = append(all, finding{strings.TrimPrefix(path, "/roster-prod/"), text})
			}
		}
	}
	return all
}

func TestNagFindsOnlyWhatIsAllowed(t *testing.T) {
	used := map[int]bool{}
	for _, f := range findings(t, get(t, full)) {
		ok := false
		for i, a := range allowed {
			if regexp.MustCompile(`^`+a.rule+`\b`).MatchString(f.says) && regexp.MustCompile(a.at).MatchString(f.at) {
				ok, used[i] = true, true
			}
		}
		if !ok {
			t.Errorf("%s: %s", f.at, f.says)
		}
	}
	for i, a := range allowed {
		if !used[i] {
			t.Errorf("%s at %s is allowed, and nothing breaks it", a.rule, a.at)
		}
	}
}

package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/operation"
)

// filters reads the filters of a function's event source back from the template.
func filters(t *testing.T, m resource) (all []operation.Filter) {
	t.Helper()
	var criteria struct{ Filters []struct{ Pattern string } }
	again(t, m.at("FilterCriteria"), &criteria)
	for _, f := range criteria.Filters {
		var pattern struct {
			Dynamodb struct {
				NewImage map[string]struct{ S []any }
			} `json:"dynamodb"`
		}
		if err := json.Unmarshal([]byte(f.Pattern), &pattern); err != nil {
			t.Fatal(err)
		}
		var filter operation.Filter
		for attribute, value := range pattern.Dynamodb.NewImage {
			match := operation.Match{Attribute: attribute}
			switch rule := value.S[0].(type) {
			case string:
				match.Equals = rule
			case map[string]any:
				match.Prefix, _ = rule["prefix"].(string)
				match.Absent = rule["exists"] == false
				if match.Prefix == "" && rule["exists"] == nil {
					t.Errorf("nobody knows the rule %v", rule)
				}
			}
			filter = append(filter, match)
		}
		all = append(all, filter)
	}
	return all
}

func TestStreamsAreFilteredAsInTheLocalCloud(t *testing.T) {
	written, followed := get(t, small), 0
	byName := cmp.Transformer("sorted", func(f operation.Filter) []operation.Match {
		return slices.SortedFunc(slices.Values(f), func(a, b operation.Match) int { return strings.Compare(a.Attribute, b.Attribute) })
	})
	for _, o := range operation.All() {
		if !o.Event.Streamed() {
			continue
		}
		followed++
		m := written.function(t, o.Name, "AWS::Lambda::EventSourceMapping")
		if diff := cmp.Diff(o.Event.Filters(), filters(t, m), byName); diff != "" {
			t.Errorf("%s (-row, +template):\n%s", o.Name, diff)
		}
		want := map[string]any{
			"BisectBatchOnFunctionError": true, "FunctionResponseTypes": []any{"ReportBatchItemFailures"}, "StartingPosition": "TRIM_HORIZON",
			"MaximumRecordAgeInSeconds": float64(recordAge),
		}
		for name, value := range want {
			if diff := cmp.Diff(value, m.at(name)); diff != "" {
				t.Errorf("%s: %s (-want):\n%s", o.Name, name, diff)
			}
		}
		if bucket := plain(m.at("DestinationConfig.OnFailure.Destination")); !strings.Contains(bucket, "FailedRecords") {
			t.Errorf("%s: failures go to %s", o.Name, bucket)
		}
	}
	if n := len(written.of("AWS::Lambda::EventSourceMapping")); n != followed || n > 2 {
		t.Errorf("%d event sources for %d rows; a stream has room for two", n, followed)
	}
}

// matches says whether an event passes a pattern of EventBridge, of the kinds that the stack uses.
func matches(pattern, event any) bool {
	switch p := pattern.(type) {
	case map[string]any:
		e, _ := event.(map[string]any)
		for name, rule := range p {
			if name == "$or" {
				if !slices.ContainsFunc(rule.([]any), func(one any) bool { return matches(one, event) }) {
					return false
				}
			} else if !matches(rule, e[name]) {
				return false
			}
		}
		return true
	case []any:
		if many, ok := event.([]any); ok {
			return slices.ContainsFunc(many, func(one any) bool { return matches(p, one) })
		}
		return slices.ContainsFunc(p, func(one any) bool { return plain(one) == plain(event) })
	}
	return false
}

// heard returns the sample event of a function and the pattern of its rule, in which the stage's own
// names are those of the sample.
func heard(t *testing.T, written template, name string) (event, pattern map[string]any) {
	t.Helper()
	raw, err := os.ReadFile("../events/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(raw, &event)
	}
	if err != nil {
		t.Fatal(err)
	}
	text := plain(written.function(t, name, "AWS::Events::Rule").at("EventPattern"))
	text = strings.ReplaceAll(text, `{"Ref":"`+written.idOf(t, "AWS::Cognito::UserPool", "Pool")+`"}`, `"eu-central-1_Example00"`)
	text = strings.ReplaceAll(text, `"roster-test-mails"`, `"roster"`)
	if err := json.Unmarshal([]byte(text), &pattern); err != nil {
		t.Fatal(err)
	}
	return event, pattern
}

func TestRulesPassTheSamplesAndNothingElse(t *testing.T) {
	written, rules := get(t, small), 0
	for _, o := range operation.All() {
		if o.Event == "" || o.Event.Trigger() || o.Event.Streamed() {
			continue
		}
		rules++
		event, pattern := heard(t, written, o.Name)
		if !matches(pattern, event) {
			t.Errorf("%s: the rule %s does not pass its sample", o.Name, plain(pattern))
		}
		for name := range pattern {
			other, _ := heard(t, written, o.Name)
			other[name] = "other"
			if matches(pattern, other) {
				t.Errorf("%s: the rule passes an event of another %s", o.Name, name)
			}
		}
	}
	if n := len(written.of("AWS::Events::Rule")); n != rules {
		t.Errorf("%d rules for %d rows", n, rules)
	}
}

func TestCallsAboutOtherPoolsAreNotHeard(t *testing.T) {
	event, pattern := heard(t, get(t, small), "account-closed")
	detail := event["detail"].(map[string]any)
	for call, asked := range map[string]map[string]any{
		"AdminDeleteUser": {"userPoolId": "eu-central-1_Other0000"}, "AdminGetUser": {"userPoolId": "eu-central-1_Example00"},
	} {
		if detail["eventName"], detail["requestParameters"] = call, asked; matches(pattern, event) {
			t.Errorf("%s of %v is heard", call, asked)
		}
	}
	detail["eventName"], detail["requestParameters"] = "DeleteUser", map[string]any{"accessToken": "HIDDEN"}
	if !matches(pattern, event) {
		t.Error("a person who deletes their own user is not heard")
	}
}

func TestWhatCannotBeProcessedIsKept(t *testing.T) {
	written := get(t, small)
	queue := written.attribute(t, "AWS::SQS::Queue", "Arn")
	for _, r := range written.of("AWS::Events::Rule") {
		if targets := plain(r.at("Targets")); !strings.Contains(targets, `"DeadLetterConfig":{"Arn":`+queue+`}`) {
			t.Errorf("%s: %s", r.path(), targets)
		}
	}
	for _, c := range written.of("AWS::Lambda::EventInvokeConfig") {
		if got := plain(c.at("DestinationConfig.OnFailure.Destination")); got != queue {
			t.Errorf("%s: %s", c.path(), got)
		}
	}
	if rules, kept := len(written.of("AWS::Events::Rule")), len(written.of("AWS::Lambda::EventInvokeConfig")); rules != kept {
		t.Errorf("%d rules, and %d functions whose failed events are kept", rules, kept)
	}
}

func TestTheTrailIsMadeOrNamed(t *testing.T) {
	trail := get(t, small).only(t, "AWS::CloudTrail::Trail")
	var selectors []map[string]any
	again(t, trail.at("EventSelectors"), &selectors)
	if trail.at("IsLogging") != true || len(selectors) != 1 || selectors[0]["ReadWriteType"] != "WriteOnly" {
		t.Errorf("%v", trail.Properties)
	}
	written, err := write("named-trail", "test", map[string]any{"trail": "of-the-account"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(written.of("AWS::CloudTrail::Trail")); n != 0 {
		t.Errorf("%d trails where the account has one", n)
	}
}

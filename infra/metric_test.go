package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/fault"
	"roster/shared/operation"
	"roster/shared/tally"
	"roster/shared/telemetry"
	"roster/shared/telemetry/telemetrytest"
)

// spelt is a metric and its dimensions as one text.
func spelt(namespace, name string, dimensions map[string]string) string {
	return fmt.Sprint(namespace, " ", name, " ", dimensions)
}

// emitted are the metrics that a function writes which counts all there is to count, and ends well, with
// a defect, and for want of a service.
func emitted(t *testing.T, function string) map[string]bool {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(telemetry.Scrubbed(slog.NewJSONHandler(&log, nil))))
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", function)
	for _, err := range []error{nil, errors.New("a defect"), fault.ErrUnavailable} {
		ctx, line := telemetry.Begin(t.Context())
		one := tally.Of(ctx)
		for _, counter := range []interface{ Add(int64) int64 }{
			&one.Moved, &one.Conflicts, &one.Throttles, &one.Retries, &one.MailsSent, &one.MailsFailed, &one.Stranded,
		} {
			counter.Add(1)
		}
		line.End(ctx, "event", err)
	}
	all := map[string]bool{}
	for _, l := range telemetrytest.Lines(log.Bytes()) {
		var read struct {
			AWS struct {
				CloudWatchMetrics []struct {
					Namespace  string
					Dimensions [][]string
					Metrics    []struct{ Name string }
				}
			} `json:"_aws"`
		}
		again(t, l, &read)
		for _, d := range read.AWS.CloudWatchMetrics {
			of := map[string]string{}
			for _, name := range d.Dimensions[0] {
				of[name] = l[name].(string)
			}
			for _, m := range d.Metrics {
				all[spelt(d.Namespace, m.Name, of)] = true
			}
		}
	}
	return all
}

// ownAlarms are the metrics of the project's own that alarms are about, by the alarms' names.
func ownAlarms(t *testing.T, written template, stage string) map[string]string {
	t.Helper()
	own := map[string]string{}
	for _, a := range written.of("AWS::CloudWatch::Alarm") {
		var metrics []struct {
			MetricStat struct {
				Stat   string
				Metric struct {
					Namespace, MetricName string
					Dimensions            []struct{ Name, Value any }
				}
			}
		}
		again(t, a.at("Metrics"), &metrics)
		for _, m := range metrics {
			of := map[string]string{}
			for _, d := range m.MetricStat.Metric.Dimensions {
				of[fmt.Sprint(d.Name)] = fmt.Sprint(d.Value)
			}
			if metric := m.MetricStat.Metric; metric.Namespace == telemetry.Namespace {
				own[strings.TrimPrefix(a.text("AlarmName"), "roster-"+stage+"-")] = m.MetricStat.Stat + " of " + spelt(metric.Namespace, metric.MetricName, of)
			}
		}
	}
	return own
}

// An alarm about a metric that nobody writes never rises. Functions write theirs under the name that the
// stage gives them, so one stage does not count another's.
func TestAlarmsAreAboutMetricsThatFunctionsWrite(t *testing.T) {
	for stage, made := range map[string]func() (template, error){"test": small, "prod": full} {
		written := get(t, made)
		got := ownAlarms(t, written, stage)
		for alarm, about := range map[string][2]string{
			"stranded": {"account-closed", telemetry.Stranded}, "mails-failed": {"mail-send", telemetry.MailsFailed},
		} {
			name := written.function(t, about[0], "AWS::Lambda::Function").text("FunctionName")
			want := spelt(telemetry.Namespace, about[1], map[string]string{telemetry.Function: name})
			if !emitted(t, name)[want] || got[alarm] != "Sum of "+want {
				t.Errorf("%s: %q is about %q, want %q, of %q", stage, alarm, got[alarm], want, slices.Sorted(maps.Keys(emitted(t, name))))
			}
			delete(got, alarm)
		}
		if len(got) != 0 {
			t.Errorf("%s: nobody expects %v", stage, got)
		}
	}
}

// shown are the rows of the dashboard, by the titles of its graphs.
func shown(t *testing.T, written template) map[string][][]any {
	t.Helper()
	var body struct {
		Join []any `json:"Fn::Join"`
	}
	again(t, written.only(t, "AWS::CloudWatch::Dashboard").at("DashboardBody"), &body)
	var text strings.Builder
	for _, part := range body.Join[1].([]any) {
		s, plain := part.(string)
		if !plain {
			s = "token"
		}
		text.WriteString(s)
	}
	var board struct {
		Widgets []struct {
			Properties struct {
				Title   string
				Metrics [][]any
			}
		}
	}
	if err := json.Unmarshal([]byte(text.String()), &board); err != nil {
		t.Fatal(err)
	}
	all := map[string][][]any{}
	for _, w := range board.Widgets {
		all[w.Properties.Title] = w.Properties.Metrics
	}
	return all
}

func TestTheDashboardShowsEveryFunction(t *testing.T) {
	got := map[string]int{}
	for _, rows := range shown(t, get(t, small)) {
		for _, row := range rows {
			for _, part := range row {
				if name, ok := part.(string); ok && strings.HasPrefix(name, "roster-test-") {
					got[strings.TrimPrefix(name, "roster-test-")]++
				}
			}
		}
	}
	want := map[string]int{"mails": 2} // the configuration set
	for _, o := range operation.All() {
		want[o.Name] = 6 + map[bool]int{true: 1}[o.Event.Streamed()] + map[string]int{"mail-send": 2, "account-closed": 1}[o.Name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheDashboardShowsTheProjectsOwnMetrics(t *testing.T) {
	seen := map[string]bool{}
	for title, rows := range shown(t, get(t, small)) {
		for _, row := range rows {
			if row[0] != telemetry.Namespace {
				continue
			}
			of := map[string]string{}
			for i := 2; i+1 < len(row)-1; i += 2 {
				of[row[i].(string)] = row[i+1].(string)
			}
			if metric := spelt(telemetry.Namespace, row[1].(string), of); !emitted(t, of[telemetry.Function])[metric] {
				t.Errorf("%s: nobody writes %s", title, metric)
			}
			seen[row[1].(string)] = true
		}
	}
	want := []string{telemetry.BrokenConditions, telemetry.MailsFailed, telemetry.MailsSent, telemetry.Requests, telemetry.Retries, telemetry.Stranded}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Error(diff)
	}
}

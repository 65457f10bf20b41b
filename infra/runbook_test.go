package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An alarm at night leads to a section that says what to do.
func TestTheRunbookHasASectionForEachAlarm(t *testing.T) {
	text, err := os.ReadFile("RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	alarms, sections := map[string]bool{}, map[string]bool{}
	for _, a := range get(t, full).of("AWS::CloudWatch::Alarm") {
		alarms[strings.TrimPrefix(a.text("AlarmName"), "roster-prod-")] = true
	}
	for _, s := range strings.Split(string(text), "\n## `")[1:] {
		name, body, _ := strings.Cut(s, "`\n")
		sections[name] = true
		for _, part := range []string{"\n**Means** ", "\n**Look** ", "\n**Do** "} {
			if strings.Count(body, part) != 1 {
				t.Errorf("%s: want one paragraph%s", name, part)
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(alarms)), slices.Sorted(maps.Keys(sections))); diff != "" {
		t.Errorf("RUNBOOK.md (-the alarms, +its sections):\n%s", diff)
	}
}

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"roster/scripts/cost"
)

// The README says what a stage costs that nobody calls: one as cdk.json has it by default, and a
// production stage with everything that a setting asks for.
func TestTheREADMESaysWhatAnIdleStageCosts(t *testing.T) {
	prices, err := cost.List()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for stage, made := range map[string]func() (template, error){"by default": small, "with a firewall, a CRM, a domain": full} {
		dollars, how, err := prices.Idle(get(t, made).raw)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("| %s | %.2f | %s |\n", stage, dollars, how); !strings.Contains(string(readme), want) {
			t.Errorf("the README has no line\n%s", want)
		}
	}
	if want := fmt.Sprintf("$%.2f a month for each function that is called", prices.Function()); !strings.Contains(string(readme), want) {
		t.Errorf("the README does not say %q", want)
	}
}

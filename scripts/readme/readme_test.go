// Package readme holds the README to the truth: its walk is pasted into a shell, block by block,
// and every block must answer as printed.
package readme

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// step is a block of commands and what the README prints under it.
type step struct{ commands, answer string }

var fences = regexp.MustCompile("(?s)```(sh)?\n(.*?)```")

// walk returns the steps of the section "A walk".
func walk(t *testing.T) []step {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## A walk\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var steps []step
	for _, block := range fences.FindAllStringSubmatch(section, -1) {
		if block[1] == "sh" {
			steps = append(steps, step{commands: block[2]})
		} else {
			steps[len(steps)-1].answer = block[2]
		}
	}
	return steps
}

func TestEveryBlockOfTheWalkAnswersAsPrinted(t *testing.T) {
	t.Parallel()
	steps := walk(t)
	if len(steps) < 10 {
		t.Fatalf("%d steps found in the README; want the whole walk", len(steps))
	}
	c := cloudtest.Start(t, cloud.Options{Settings: map[string]string{"ROSTER_RESEND_AFTER": "5"}})
	c.SignedUp(t, "carol@example.com", "Carol", "Carter")
	const end = "\x1e" // between the answers of two steps
	var script strings.Builder
	for _, s := range steps {
		commands := strings.ReplaceAll(s.commands, "http://127.0.0.1:8080", c.URL)
		fmt.Fprintf(&script, "%s\nprintf '%s'\n", strings.ReplaceAll(commands, "Roster-demo-1", cloudtest.Password), end)
	}
	shell := exec.CommandContext(t.Context(), "bash")
	shell.Stdin = strings.NewReader(script.String())
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(string(out), end)
	for i, s := range steps {
		if diff := cmp.Diff(s.answer, answers[i]); diff != "" {
			t.Errorf("the README prints something else (-) than came (+) for\n%s\n%s", s.commands, diff)
		}
	}
}

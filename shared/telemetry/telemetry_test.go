package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"roster/shared/fault"
	"roster/shared/tally"
	"roster/shared/telemetry"
	"roster/shared/telemetry/telemetrytest"
)

var update = flag.Bool("update", false, "write the golden files")

// logged returns what f logs, as Lambda's handler does. Tests that use it run one after the other.
func logged(t *testing.T, f func(ctx context.Context)) string {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	lambda := slog.NewJSONHandler(&log, &slog.HandlerOptions{ReplaceAttr: lambdacontext.ReplaceAttr})
	slog.SetDefault(slog.New(telemetry.Scrubbed(lambda)))
	f(t.Context())
	return log.String()
}

var (
	instant  = regexp.MustCompile(`"timestamp":"[^"]+"`)
	stamp    = regexp.MustCompile(`"Timestamp":\d{13}`)
	duration = regexp.MustCompile(`"(Duration|Waited)":\d+(\.\d{1,3})?([,}])`)
)

// golden holds a log to testdata/<name>.jsonl, times left aside.
func golden(t *testing.T, name, log string) {
	t.Helper()
	log = instant.ReplaceAllString(log, `"timestamp":"T"`)
	log = stamp.ReplaceAllString(log, `"Timestamp":1`)
	log = duration.ReplaceAllString(log, `"$1":1$3`)
	file := "testdata/" + name + ".jsonl"
	if *update {
		if err := os.WriteFile(file, []byte(log), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(log, "\n")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

const (
	someone = "11111111-1111-4111-8111-111111111111"
	acme    = "0f8fad5b-d9cb-469f-a165-70867728950e"
)

func TestTheLineOfAnEvent(t *testing.T) {
	for name, handler := range map[string]func(context.Context, string) (string, error){
		"event-quiet": func(context.Context, string) (string, error) { return "", nil },
		"event-busy": func(ctx context.Context, _ string) (string, error) {
			one := tally.Of(ctx)
			one.By(someone)
			one.Touch(acme)
			over := one.Call()
			time.Sleep(time.Microsecond)
			over()
			one.Moved.Add(1)
			one.Conflicts.Add(2)
			one.Throttles.Add(3)
			one.Retries.Add(4)
			one.MailsSent.Add(5)
			one.MailsFailed.Add(6)
			one.Stranded.Add(7)
			return "", nil
		},
		"event-goes-on": func(ctx context.Context, _ string) (string, error) {
			telemetry.Failed(ctx, "record failed", fmt.Errorf("%w: no route to host", fault.ErrUnavailable), "record", "7")
			telemetry.Failed(ctx, "record failed", errors.New("another"), "record", "8")
			return "", nil
		},
		"event-failed": func(context.Context, string) (string, error) {
			return "", errors.New("no such table as ann@example.com's")
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := logged(t, func(ctx context.Context) { _, _ = telemetry.Watch(handler)(ctx, "") })
			golden(t, name, log)
			for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
				if !strings.Contains(line, `"_aws"`) {
					continue
				}
				if err := telemetrytest.CheckEMF([]byte(line)); err != nil {
					t.Errorf("%v in %s", err, line)
				}
			}
		})
	}
}

// Stages of one account share the namespace: their metrics part by what Lambda calls the function.
func TestTheMetricsOfStagesAreApart(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "roster-prod-account-closed")
	log := logged(t, func(ctx context.Context) {
		closed := telemetry.Watch(func(ctx context.Context, _ string) (string, error) {
			tally.Of(ctx).Stranded.Add(1)
			return "", nil
		})
		_, _ = closed(ctx, "")
	})
	for _, want := range []string{
		`"Function":"roster-prod-account-closed"`, `"Dimensions":[["Function","Outcome"]]`, `"Dimensions":[["Function"]]`,
		`"StrandedOrganizations":1`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s in %s", want, log)
		}
	}
}

func TestAnEventIsAnsweredAsItsHandlerDoes(t *testing.T) {
	logged(t, func(ctx context.Context) {
		echo := telemetry.Watch(func(_ context.Context, in string) (string, error) { return in + "!", nil })
		if out, err := echo(ctx, "a"); out != "a!" || err != nil {
			t.Errorf("%q, %v", out, err)
		}
	})
}

func TestAnErrorThatLambdaKeepsHasNoAddress(t *testing.T) {
	log := logged(t, func(ctx context.Context) {
		fails := telemetry.Watch(func(context.Context, string) (string, error) {
			return "", errors.New("item EMAIL#ann@example.com: not a number")
		})
		_, err := fails(ctx, "")
		if err == nil || strings.Contains(err.Error(), "ann@") || !strings.Contains(err.Error(), "not a number") {
			t.Errorf("error %v", err)
		}
	})
	if strings.Contains(log, "ann@") || strings.Count(log, `"level":"ERROR"`) != 1 {
		t.Error(log)
	}
}

func TestAPanicIsAnError(t *testing.T) {
	log := logged(t, func(ctx context.Context) {
		fails := telemetry.Watch(func(context.Context, string) (string, error) { panic("nil map") })
		if _, err := fails(ctx, ""); err == nil {
			t.Error("no error")
		}
	})
	if !strings.Contains(log, "panic: nil map") || !strings.Contains(log, `"Outcome":"INTERNAL"`) || !strings.Contains(log, "telemetry_test.go") {
		t.Error(log)
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"OK":                nil,
		"INTERNAL":          errors.New("nobody declared it"),
		"UNAVAILABLE":       fmt.Errorf("%w: %w", fault.ErrUnavailable, errors.New("cause")),
		"ABORTED":           fault.ErrAborted,
		"NOT_FOUND":         fault.ErrNotFound.With("details"),
		"INVALID_ARGUMENT":  fault.Invalidf("no"),
		"PERMISSION_DENIED": fault.New(fault.Forbidden, "no"),
	} {
		if got := telemetry.Outcome(err); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
}

func TestAHashTellsPeopleApartAndNothingElse(t *testing.T) {
	t.Parallel()
	a, b := telemetry.Hash(someone), telemetry.Hash(acme)
	if a == b || len(a) != 16 || strings.Contains(someone, a) || a != telemetry.Hash(someone) || telemetry.Hash("") != "" {
		t.Errorf("%q, %q", a, b)
	}
}

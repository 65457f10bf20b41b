package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	arn   = "arn:aws:lambda:eu-central-1:000000000000:function:"
	batch = `{"Records":[{"eventID":"1"}]}`
)

// has holds what was printed to having these texts, in their order.
func has(t *testing.T, out *strings.Builder, want ...string) {
	t.Helper()
	rest := out.String()
	for _, w := range want {
		i := strings.Index(rest, w)
		if i < 0 {
			t.Errorf("no %q in\n%s", w, out)
			return
		}
		rest = rest[i+len(w):]
	}
}

// fill gives the account two batches of mail-send, one of org-purge, and two events.
func fill(a *amazon) {
	a.give("m-1", "shard-1", "2026-05-02T10.00.00", "roster-test-mail-send", batch)
	a.give("m-1", "shard-1", "2026-05-01T09.00.00", "roster-test-mail-send", `{"Records":[{"eventID":"0"}]}`)
	a.give("m-2", "shard-1", "2026-05-02T11.00.00", "roster-test-org-purge:$LATEST", batch)
	lambdas, _ := json.Marshal(map[string]any{
		"requestContext": map[string]any{"functionArn": arn + "roster-test-mail-feedback:$LATEST", "condition": "RetriesExhausted"},
		"requestPayload": map[string]any{"id": "e-1"},
	})
	a.messages = []*message{{id: "1", body: string(lambdas)}, {id: "2", body: `{"id":"e-2"}`, target: arn + "roster-test-account-closed"}}
}

func TestFailedListsWhatLiesThereByFunction(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	if err := e.do(t.Context(), "failed", false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("no records of the stream\nabout 0 events, and 0 that somebody looks at\n", out.String()); diff != "" {
		t.Error(diff)
	}
	out.Reset()
	fill(a)
	if err := e.do(t.Context(), "failed", false); err != nil {
		t.Fatal(err)
	}
	want := "mail-send: 2 batches of records, given up from 2026-05-01T09:00:00Z to 2026-05-02T10:00:00Z\n" +
		"org-purge: 1 batches of records, given up from 2026-05-02T11:00:00Z to 2026-05-02T11:00:00Z\n" +
		"about 2 events, and 0 that somebody looks at\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	if len(a.objects) != 3 || len(a.messages) != 2 || a.invoked != nil {
		t.Error("listing changed something")
	}
}

func TestResendSendsInOrderAndDeletesWhatWasTaken(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	fill(a)
	if err := e.do(t.Context(), "resend", false); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := []string{
		`roster-test-mail-send {"Records":[{"eventID":"0"}]}`, "roster-test-mail-send " + batch, "roster-test-org-purge " + batch,
		`roster-test-mail-feedback {"id":"e-1"}`, `roster-test-account-closed {"id":"e-2"}`,
	}
	if diff := cmp.Diff(want, a.invoked); diff != "" {
		t.Error(diff)
	}
	if len(a.objects) != 0 || len(a.messages) != 0 {
		t.Errorf("left: %v %v", a.objects, a.messages)
	}
	has(t, out, "5 sent again, 0 failed\n")
	if err := e.do(t.Context(), "resend", false); err != nil || len(a.invoked) != 5 {
		t.Errorf("once more: %v, %v", err, a.invoked)
	}
}

func TestADryRunSendsNothing(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	fill(a)
	if err := e.do(t.Context(), "resend", true); err != nil {
		t.Fatal(err)
	}
	if a.invoked != nil || len(a.objects) != 3 || len(a.messages) != 2 {
		t.Errorf("sent: %v", a.invoked)
	}
	has(t, out, "aws/lambda/m-1/", " to mail-send\n", " to org-purge\n", "message 1 to mail-feedback\n", "message 2 to account-closed\n", "5 would be sent again")
}

// What fails, wholly or in part, or is nobody's, stays and is named; the others go on.
func TestResendKeepsWhatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer string
		failed bool
		says   string
	}{
		"the function fails":           {`{"errorMessage":"no such table","errorType":"plain"}`, true, "roster-test-mail-send failed: no such table"},
		"one of the records fails":     {`{"batchItemFailures":[{"itemIdentifier":"1"}]}`, false, "failed on 1 of the records"},
		"the answer is something else": {`oops`, false, "answered what is no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, e, out := newEstate(t, "")
			fill(a)
			a.answers["roster-test-mail-send"] = func(string) (string, bool) { return c.answer, c.failed }
			if err := e.do(t.Context(), "resend", false); err == nil || !strings.Contains(err.Error(), "what failed is still there") {
				t.Error(err)
			}
			if len(a.objects) != 2 || len(a.messages) != 0 || len(a.invoked) != 5 {
				t.Errorf("left %d and %d, invoked %q", len(a.objects), len(a.messages), a.invoked)
			}
			has(t, out, c.says, c.says, "3 sent again, 2 failed\n")
			delete(a.answers, "roster-test-mail-send")
			if err := e.do(t.Context(), "resend", false); err != nil || len(a.objects) != 0 {
				t.Errorf("mended: %v, left %d", err, len(a.objects))
			}
		})
	}
}

func TestResendInvokesFunctionsOfItsStageOnly(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	a.give("m-1", "shard-1", "2026-05-02T10.00.00", "roster-prod-mail-send", batch)
	a.give("m-1", "shard-1", "2026-05-02T10.00.01", "roster-test-mail-send", "")
	a.objects["aws/lambda/m-1/shard-1/2026/05/02/2026-05-02T10.00.02-x"] = "<html>"
	a.messages = []*message{{id: "1", body: `{"id":"e-1"}`}, {id: "2", body: `{}`, target: "arn:aws:sqs:eu-central-1:0:queue"}}
	if err := e.do(t.Context(), "resend", false); err == nil || a.invoked != nil {
		t.Errorf("%v, invoked %q", err, a.invoked)
	}
	has(t, out, `roster-prod-mail-send" is no function of roster-test`, "it holds no records", "is no record of Lambda's",
		"neither EventBridge's nor Lambda's", `"arn:aws:sqs:eu-central-1:0:queue" is no function of roster-test`)
	if len(a.objects) != 3 || len(a.messages) != 2 {
		t.Error("something was deleted")
	}
}

func TestARunEndsAfterAFewFailures(t *testing.T) {
	t.Parallel()
	a, e, _ := newEstate(t, "")
	for range 3 * patience {
		a.give("m-1", "shard-1", "2026-05-02T10.00.00", "roster-test-mail-send", batch)
	}
	a.answers["roster-test-mail-send"] = func(string) (string, bool) { return `{}`, true }
	if err := e.do(t.Context(), "resend", false); err == nil || len(a.invoked) != patience {
		t.Errorf("%v after %d", err, len(a.invoked))
	}
}

// The function did its work, so that a repeat finds nothing to do; the record is still there.
func TestWhatCannotBeDeletedIsNamed(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	a.give("m-1", "shard-1", "2026-05-02T10.00.00", "roster-test-mail-send", batch)
	a.down = "DELETE /"
	if err := e.do(t.Context(), "resend", false); err == nil || len(a.objects) != 1 {
		t.Errorf("%v", err)
	}
	has(t, out, "it was processed, and not deleted: ", "0 sent again, 1 failed")
}

func TestNothingIsSentUnlessTheOperatorAgrees(t *testing.T) {
	t.Parallel()
	a, e, _ := newEstate(t, "")
	fill(a)
	o := &operator{in: strings.NewReader("\n"), out: &strings.Builder{}}
	e.ask = o.ask
	if err := e.do(t.Context(), "resend", false); !errors.Is(err, errNo) || a.invoked != nil {
		t.Errorf("%v, %q", err, a.invoked)
	}
}

func TestAStageThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	a, e, _ := newEstate(t, "")
	e.stage = "prod"
	if err := e.do(t.Context(), "failed", false); err == nil || err.Error() != "there is no stack roster-prod in eu-central-1" {
		t.Error(err)
	}
	a.stacks["roster-prod"] = fakeStack{status: "CREATE_COMPLETE"}
	if err := e.do(t.Context(), "failed", false); err == nil || !strings.Contains(err.Error(), "no output FailedRecordsBucket") {
		t.Error(err)
	}
	if err := e.do(t.Context(), "sell", false); !errors.Is(err, errUsage) {
		t.Error(err)
	}
}

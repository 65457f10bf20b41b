package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Whatever lies in the queue, nothing is invoked but a function of the stage, and with an event.
func FuzzMessage(f *testing.F) {
	const target = "arn:aws:lambda:eu-central-1:123456789012:function:roster-test-mail-feedback"
	given := `{"requestContext":{"functionArn":"` + target + `:$LATEST","condition":"RetriesExhausted"},"requestPayload":{"detail":{}}}`
	for _, s := range [][2]string{
		{given, ""},
		{`{"detail":{}}`, target},
		{`{"requestContext":{"functionArn":"` + target + `"}}`, ""},
		{`{"detail":{}}`, strings.Replace(target, "-test-", "-prod-", 1)},
		{`{"requestContext":{"functionArn":"roster-test-"},"requestPayload":null}`, ""},
		{`{"requestContext":null,"requestPayload":5}`, ""},
		{`[]`, ""},
		{``, target},
		{`{}`, "arn:aws:s3:::::roster-test-x"},
		{`{}`, "::lambda::::roster-test-"},
	} {
		f.Add(s[0], s[1])
	}
	e := &estate{stage: "test", out: io.Discard}
	f.Fuzz(func(t *testing.T, body, target string) {
		m := types.Message{Body: &body}
		if target != "" {
			m.MessageAttributes = map[string]types.MessageAttributeValue{"TARGET_ARN": {StringValue: &target}}
		}
		arn, event, err := opened(m)
		if err != nil {
			return
		}
		if len(event) == 0 && body != "" || target == "" && !json.Valid(event) {
			t.Fatalf("%q is the event %q", body, event)
		}
		r := &errand{estate: e}
		r.one("message", nil, arn, func(function string) error {
			if !strings.HasPrefix(function, "roster-test-") || strings.Contains(function, ":") || !strings.Contains(arn, function) {
				t.Fatalf("%q invokes %q", arn, function)
			}
			return nil
		})
		if r.sent+r.failures != 1 || e.short(arn) == "" && arn != "" && r.failures == 1 {
			t.Fatalf("%q: %d sent, %d failed, called %q", arn, r.sent, r.failures, e.short(arn))
		}
	})
}

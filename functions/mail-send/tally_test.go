package main

import (
	"testing"

	"roster/scripts/local/ses"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

func TestWhatBecameOfTheMailsIsCounted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault        error
		sent, failed int64
		outcome      string
	}{
		"sent":    {nil, 1, 0, "OK"},
		"refused": {ses.ErrRejected, 0, 1, "OK"},
		"later":   {ses.ErrTransient, 0, 0, "UNAVAILABLE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			r := o.invite(o.bob)
			o.ses.SetFault(func(string) error { return c.fault })
			ctx, one := tally.Begin(t.Context())
			o.deliver(ctx, batch(r))
			if one.MailsSent.Load() != c.sent || one.MailsFailed.Load() != c.failed || telemetry.Outcome(one.Err()) != c.outcome {
				t.Errorf("%d sent, %d failed, %v", one.MailsSent.Load(), one.MailsFailed.Load(), one.Err())
			}
			if one.Org() != string(o.acme) {
				t.Errorf("it is about %q", one.Org())
			}
		})
	}
}

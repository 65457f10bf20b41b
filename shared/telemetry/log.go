// Package telemetry is what operators see of the functions: structured log lines through Lambda's own
// handler, and at the end of each request or event one line that is a metric too, in CloudWatch's
// embedded metric format. No line holds a token, a body, an address or a name: what looks like an
// address or a secret is taken out of every line, whoever wrote it.
package telemetry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"roster/shared/fault"
	"roster/shared/tally"
)

// UseLog makes Lambda's log the process's own: JSON, each line with the request id.
func UseLog() { slog.SetDefault(slog.New(Scrubbed(lambdacontext.NewLogHandler()))) }

// RequestID is Lambda's id of this invocation, which every line of it carries.
func RequestID(ctx context.Context) string {
	if c, ok := lambdacontext.FromContext(ctx); ok {
		return c.AwsRequestID
	}
	return ""
}

// Failed logs what went wrong inside an event that goes on all the same, and makes it the event's
// outcome.
func Failed(ctx context.Context, message string, err error, more ...any) {
	tally.Of(ctx).Fail(err)
	slog.ErrorContext(ctx, message, append(more, "error", err)...)
}

// Outcome is how something ended, as a gRPC code's name.
func Outcome(err error) string {
	if err == nil {
		return "OK"
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		return fault.Internal.String()
	}
	return f.Kind.String()
}

// Hash is an account in the log: the same person, and nobody can tell who. Its id is random, so the
// hash needs no key.
func Hash(account string) string {
	if account == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(account))
	return hex.EncodeToString(sum[:8])
}

// A scrubber hands records on without addresses and secrets.
type scrubber struct{ slog.Handler }

// Scrubbed returns a handler that takes what looks like an address or a secret out of all that it is
// told.
func Scrubbed(h slog.Handler) slog.Handler { return scrubber{h} }

// Handle implements slog.Handler.
func (s scrubber) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(scrub(a))
		return true
	})
	return s.Handler.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (s scrubber) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = scrub(a)
	}
	return scrubber{s.Handler.WithAttrs(clean)}
}

// WithGroup implements slog.Handler.
func (s scrubber) WithGroup(name string) slog.Handler { return scrubber{s.Handler.WithGroup(name)} }

// scrub cleans one attribute. What is neither text nor a number is told as text.
func scrub(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(Scrub(a.Value.String()))
	case slog.KindGroup:
		var clean []slog.Attr
		for _, inner := range a.Value.Group() {
			clean = append(clean, scrub(inner))
		}
		a.Value = slog.GroupValue(clean...)
	case slog.KindAny:
		if _, is := a.Value.Any().(metadata); !is {
			a.Value = slog.StringValue(Scrub(fmt.Sprint(a.Value.Any())))
		}
	}
	return a
}

package telemetry

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"path"
	"runtime/debug"
	"sync"
	"time"

	"roster/shared/tally"
)

// A Line is the one that ends a request or an event.
type Line struct {
	begun time.Time
	tally *tally.Tally
}

// Begin starts the account of a request or an event, in the context that it is worked on with.
func Begin(ctx context.Context) (context.Context, *Line) {
	ctx, t := tally.Begin(ctx)
	return ctx, &Line{begun: time.Now(), tally: t}
}

// End writes the line: what happened, how it ended, and all that was counted on the way. more is what
// only the caller knows. An error that the tally noted counts where err is nil.
func (l *Line) End(ctx context.Context, message string, err error, more ...slog.Attr) {
	if err == nil {
		err = l.tally.Err()
	}
	now := time.Now()
	for _, known := range [][2]string{{"organization", l.tally.Org()}, {"caller", Hash(l.tally.Account())}} {
		if known[1] != "" {
			more = append(more, slog.String(known[0], known[1]))
		}
	}
	more = append(more,
		slog.String(Operation, operation()), slog.String(Function, function()), slog.String(OutcomeDimension, Outcome(err)),
		slog.Int(Requests, 1), slog.Float64(Duration, millis(now.Sub(l.begun))))
	if waited := l.tally.Waited(); waited > 0 {
		more = append(more, slog.Float64(Waited, millis(waited)))
	}
	counted := l.counted()
	for _, c := range counted {
		more = append(more, slog.Int64(c.name, c.n))
	}
	slog.LogAttrs(ctx, slog.LevelInfo, message, append(more, slog.Any("_aws", describe(now, counted)))...)
}

// millis is what lines tell of a duration, to the microsecond.
func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// function is the name that the deployment gave the function in Lambda; elsewhere, its own.
func function() string { return cmp.Or(os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), operation()) }

// operation is the function's own name: the folder of its main.
var operation = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
		return path.Base(info.Path)
	}
	return os.Getenv("AWS_LAMBDA_FUNCTION_NAME") // built where no module is
})

// Watch returns the handler of an event that ends with a line. An error is logged here, once, and
// given back without what does not belong into a log, because Lambda keeps it in places of its own.
func Watch[In, Out any](h func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (Out, error) {
		ctx, line := Begin(ctx)
		out, err := attempt(ctx, h, in)
		if err != nil {
			Failed(ctx, "event failed", err)
			line.End(ctx, "event", err)
			return out, plain(Scrub(err.Error()))
		}
		line.End(ctx, "event", nil)
		return out, nil
	}
}

// plain is an error that is nothing but its text.
type plain string

func (p plain) Error() string { return string(p) }

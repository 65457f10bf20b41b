package telemetry

import (
	"context"
	"fmt"
	"runtime/debug"
)

// attempt is h, whose panic is an error like others: what it holds is for the log alone.
func attempt[In, Out any](ctx context.Context, h func(context.Context, In) (Out, error), in In) (out Out, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return h(ctx, in)
}

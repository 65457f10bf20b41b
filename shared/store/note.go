package store

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/shared/tally"
)

// note tells the tally which organizations keys are about.
func note(ctx context.Context, keys ...key) {
	for _, k := range keys {
		if o, ok := strings.CutPrefix(k.PK, "ORG#"); ok {
			tally.Of(ctx).Touch(o)
		}
	}
}

// count tells the tally what a try met. Throttled calls are counted where they are made, throttled
// parts of a transaction here.
func count(ctx context.Context, err error) {
	t := tally.Of(ctx)
	switch {
	case err == nil:
	case errors.Is(err, ErrMoved):
		t.Moved.Add(1)
	case errors.Is(err, errBusy):
		t.Conflicts.Add(1)
	case errors.Is(err, errDown):
		if _, cancelled := errors.AsType[*types.TransactionCanceledException](err); cancelled || errors.Is(err, errRest) {
			t.Throttles.Add(1)
		}
	}
}

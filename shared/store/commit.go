package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"roster/shared/awsconfig"
	"roster/shared/fault"
	"roster/shared/id"
	"roster/shared/tally"
)

// patience is how long a transaction that met others, or a throttled table, is tried again.
const patience = 1500 * time.Millisecond

// errBusy and errDown are the two reasons to try the same transaction again. They never leave this
// package: when patience ends they become fault.ErrAborted and fault.ErrUnavailable.
var (
	errBusy = errors.New("store: met another transaction")
	errDown = errors.New("store: the table did not take it")
)

// commit makes all parts happen, or none. A broken condition is ErrMoved. One client request token
// covers every try, so a retry after a lost reply does not meet its own effect.
func (s *Store) commit(ctx context.Context, parts ...change) error {
	changes, err := flatten(parts)
	if err != nil {
		return err
	}
	in := &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String(id.New())}
	for _, c := range changes {
		w, err := c.write(s.name())
		if err != nil {
			return err
		}
		in.TransactItems = append(in.TransactItems, w)
		note(ctx, c.key)
	}
	return insist(ctx, func() error {
		_, err := s.db.TransactWriteItems(ctx, in)
		return judge(err)
	})
}

// insist tries again, with full jitter, while try says errBusy or errDown and patience lasts.
func insist(ctx context.Context, try func() error) error {
	begun := time.Now()
	for n := 0; ; n++ {
		err := try()
		count(ctx, err)
		if !errors.Is(err, errBusy) && !errors.Is(err, errDown) {
			return err
		}
		wait := awsconfig.Jitter(n)
		if time.Since(begun)+wait > patience || pause(ctx, wait) != nil {
			return giveUp(err)
		}
		tally.Of(ctx).Retries.Add(1)
	}
}

// giveUp is what the caller hears when patience ended; the cause is for the log.
func giveUp(cause error) error {
	if errors.Is(cause, errBusy) {
		return fmt.Errorf("%w: %w", fault.ErrAborted, cause)
	}
	return fmt.Errorf("%w: %w", fault.ErrUnavailable, cause)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// judge turns what DynamoDB said into what Roster does about it: nil, ErrMoved, errBusy, errDown,
// or an internal error.
func judge(err error) error {
	var cancelled *types.TransactionCanceledException
	var api smithy.APIError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &cancelled):
		return judgeReasons(cancelled)
	case !errors.As(err, &api):
		return fmt.Errorf("%w: %w", errDown, err) // no answer: nobody knows whether it happened
	}
	return judgeCode(api.ErrorCode(), err)
}

func judgeCode(code string, err error) error {
	switch code {
	case "ConditionalCheckFailedException", "ConditionalCheckFailed":
		return ErrMoved
	case "TransactionConflictException", "TransactionConflict", "TransactionInProgressException":
		return errBusy
	case "ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded", "ThrottlingException",
		"ThrottlingError", "RequestLimitExceeded", "InternalServerError", "InternalServerErrorException",
		"ServiceUnavailable", "ServiceUnavailableException", "ReplicatedWriteConflictException":
		return fmt.Errorf("%w: %w", errDown, err)
	}
	return fmt.Errorf("store: %w", err)
}

// judgeReasons looks at all reasons, because one broken condition outweighs any number of
// conflicts: the world moved, and the same transaction would break again.
func judgeReasons(c *types.TransactionCanceledException) error {
	verdict := fmt.Errorf("store: %w", c)
	for _, reason := range c.CancellationReasons {
		code := aws.ToString(reason.Code)
		if code == "None" || code == "" {
			continue
		}
		verdict = judgeCode(code, c)
		if errors.Is(verdict, ErrMoved) {
			return ErrMoved
		}
	}
	return verdict
}

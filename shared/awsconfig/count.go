package awsconfig

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"

	"roster/shared/tally"
)

// counting has each call's repeats and refusals counted in the tally of its context.
func counting(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("roster:Count", count), "Retry", middleware.Before)
}

func count(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, about middleware.Metadata, err error,
) {
	out, about, err = next.HandleFinalize(ctx, in)
	tries, _ := retry.GetAttemptResults(about)
	for _, try := range tries.Results {
		if try.Retried {
			tally.Of(ctx).Retries.Add(1)
		}
		if try.Err != nil && throttles(try.Err) {
			tally.Of(ctx).Throttles.Add(1)
		}
	}
	return out, about, err
}

// throttles tells a service that takes no more for now from one that fails.
func throttles(err error) bool {
	return retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary
}

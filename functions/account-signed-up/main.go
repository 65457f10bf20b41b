// Command account-signed-up is Cognito's post confirmation trigger: it makes the account's rows. What
// it cannot do is no reason to fail the person's sign-up; token-issue does it again.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/store"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

type trigger = events.CognitoEventUserPoolsPostConfirmation

func main() {
	telemetry.UseLog()
	db := store.Open()
	lambda.Start(telemetry.Watch(func(ctx context.Context, e trigger) (trigger, error) {
		tally.Of(ctx).By(e.Request.UserAttributes["sub"])
		if err := ensure(ctx, db, e.Request.UserAttributes); err != nil {
			telemetry.Failed(ctx, "account not written", err, "trigger", e.TriggerSource)
		}
		return e, nil
	}))
}

func ensure(ctx context.Context, db *store.Store, user map[string]string) error {
	address, err := account.ParseAddress(user["email"])
	if err != nil || user["email_verified"] != "true" {
		return err
	}
	_, err = db.Ensure(ctx, account.ID(user["sub"]), address, user["given_name"], user["family_name"])
	return err
}

// Command account-signed-up is Cognito's post confirmation trigger: it makes the account's rows, and
// logs a password that was reset. What it cannot do is no reason to fail what the person confirmed;
// token-issue makes the rows again.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/store"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

type trigger = events.CognitoEventUserPoolsPostConfirmation

func main() {
	telemetry.UseLog()
	db := store.Open()
	lambda.Start(telemetry.Watch(func(ctx context.Context, e trigger) (trigger, error) {
		confirmed(ctx, db, e)
		return e, nil
	}))
}

// patience is how long the table may keep a person waiting; Cognito itself gives up after five
// seconds.
const patience = 3500 * time.Millisecond

func confirmed(ctx context.Context, db *store.Store, e trigger) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	user := e.Request.UserAttributes
	tally.Of(ctx).By(user["sub"])
	a, err := ensure(ctx, db, user)
	if err != nil {
		telemetry.Failed(ctx, "account not written", err, "trigger", e.TriggerSource)
	}
	if e.TriggerSource != "PostConfirmation_ConfirmForgotPassword" {
		return
	}
	reset := activity.Event{Action: activity.ChangePassword, RequestID: telemetry.RequestID(ctx)}
	if err := db.Witness(ctx, a, reset); err != nil {
		telemetry.Failed(ctx, "password reset not logged", err, "trigger", e.TriggerSource)
	}
}

// ensure returns the account's row, made if it was missing; zero for an address that nobody proved.
func ensure(ctx context.Context, db *store.Store, user map[string]string) (account.Account, error) {
	address, err := account.ParseAddress(user["email"])
	if err != nil || user["email_verified"] != "true" {
		return account.Account{}, err
	}
	return db.Ensure(ctx, account.ID(user["sub"]), address, user["given_name"], user["family_name"])
}

// Command account-signed-up is Cognito's post confirmation trigger: it makes the account's rows, and
// logs a password that was reset. What it cannot do is no reason to fail what the person confirmed;
// token-issue makes the rows again.
package main

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
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
	tally.Of(ctx).By(e.Request.UserAttributes["sub"])
	if e.TriggerSource == "PostConfirmation_ConfirmForgotPassword" {
		reset(ctx, db, e)
		return
	}
	if _, err := ensure(ctx, db, e.Request.UserAttributes); err != nil {
		telemetry.Failed(ctx, "account not written", err, "trigger", e.TriggerSource)
	}
}

// pause is how long a table that fails is left alone before it is asked again.
const pause = 100 * time.Millisecond

// reset logs that the account's password was. Nobody tells of that again, so it is tried as long as the
// person may be kept waiting; the event has an id and a time, and so is written once.
func reset(ctx context.Context, db *store.Store, e trigger) {
	from := activity.SourceOf(e.Request.ClientMetadata)
	event := activity.Event{
		ID: id.New(), At: db.Now(), IP: from.IP, UserAgent: from.UserAgent, Action: activity.ChangePassword,
		RequestID: cmp.Or(from.RequestID, telemetry.RequestID(ctx)),
	}
	for {
		a, err := ensure(ctx, db, e.Request.UserAttributes)
		if err == nil {
			_, err = db.Witness(ctx, a, event)
		}
		if err == nil {
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			telemetry.Failed(ctx, "password reset not logged", err, "trigger", e.TriggerSource)
			return
		}
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

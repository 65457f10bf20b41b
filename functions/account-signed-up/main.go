// Command account-signed-up is Cognito's post confirmation trigger: it makes the account's rows. What
// it cannot do is no reason to fail the person's sign-up; token-issue does it again.
package main

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type trigger = events.CognitoEventUserPoolsPostConfirmation

func main() {
	httpapi.UseLog()
	db := store.Open()
	lambda.Start(func(ctx context.Context, e trigger) (trigger, error) {
		if err := ensure(ctx, db, e.Request.UserAttributes); err != nil {
			slog.ErrorContext(ctx, "account not written", "trigger", e.TriggerSource, "error", err)
		}
		return e, nil
	})
}

func ensure(ctx context.Context, db *store.Store, user map[string]string) error {
	address, err := account.ParseAddress(user["email"])
	if err != nil || user["email_verified"] != "true" {
		return err
	}
	_, err = db.Ensure(ctx, account.ID(user["sub"]), address, user["given_name"], user["family_name"])
	return err
}

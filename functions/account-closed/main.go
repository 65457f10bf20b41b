// Command account-closed hears, through CloudTrail and EventBridge, what operators do to users: a
// deleted user's account is closed, a disabled or signed-out one's tokens are dead.
package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/store"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

// call is what CloudTrail tells of an API call. The user's name is hidden there; the sub is not.
type call struct {
	Time  time.Time `json:"eventTime"`
	Name  string    `json:"eventName"`
	Error string    `json:"errorCode"`
	About struct {
		Sub account.ID `json:"sub"`
	} `json:"additionalEventData"`
}

func main() {
	telemetry.UseLog()
	db := store.Open()
	lambda.Start(telemetry.Watch(func(ctx context.Context, e events.EventBridgeEvent) (struct{}, error) {
		var c call
		if err := json.Unmarshal(e.Detail, &c); err != nil {
			return struct{}{}, err
		}
		tally.Of(ctx).By(string(c.About.Sub))
		return struct{}{}, hear(ctx, db, c)
	}))
}

// hear does what the call means. Failing leaves the event to be delivered again; all of it may
// happen twice.
func hear(ctx context.Context, db *store.Store, c call) error {
	if c.Error != "" || c.About.Sub == "" {
		return nil // a call that was refused, or about nobody
	}
	switch c.Name {
	case "AdminDeleteUser", "DeleteUser":
		stays, err := db.Close(ctx, c.About.Sub)
		if stays {
			tally.Of(ctx).Stranded.Add(1)
		}
		return err
	case "AdminDisableUser", "AdminUserGlobalSignOut", "GlobalSignOut":
		return db.SignOutUntil(ctx, c.About.Sub, until(c.Time, db.Now()))
	}
	return nil
}

// until is the last instant at which the call can have happened: CloudTrail tells its second only.
func until(told, now time.Time) time.Time {
	if end := told.Add(time.Second - time.Millisecond); end.Before(now) {
		return end
	}
	return now
}

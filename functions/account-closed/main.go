// Command account-closed hears, through CloudTrail and EventBridge, what operators do to users: a
// deleted user's account is closed, a disabled or signed-out one's tokens are dead, a new password is
// in the log.
package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"roster/shared/account"
	"roster/shared/activity"
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
	By struct {
		ARN string `json:"arn"`
	} `json:"userIdentity"`
	IP        string `json:"sourceIPAddress"`
	UserAgent string `json:"userAgent"`
	RequestID string `json:"requestID"`
	ID        string `json:"eventID"` // the same in every delivery
}

// own reports whether a function of this stage made the call, as part of what it logs itself. A
// function's session has the function's name, which begins like this one's.
func (c call) own() bool {
	stage := strings.TrimSuffix(lambdacontext.FunctionName, "account-closed")
	_, session, _ := strings.Cut(c.By.ARN, ":assumed-role/")
	_, function, _ := strings.Cut(session, "/")
	return function == stage+"sign-out" || function == stage+"profile-activate"
}

// byOperator reports whether somebody else than the user made the call.
func (c call) byOperator() bool { return strings.HasPrefix(c.Name, "Admin") }

// source is where the call came from.
func (c call) source() activity.Source {
	return activity.SourceOf(activity.Source{IP: c.IP, UserAgent: c.UserAgent, RequestID: c.RequestID}.Metadata())
}

// event is the call in the member's log, at the time that CloudTrail tells. The member is who it names,
// and so it does not tell from where an operator did it.
func (c call) event(act activity.Action) activity.Event {
	from := c.source()
	if c.byOperator() {
		from.IP, from.UserAgent = "", ""
	}
	return activity.Event{ID: c.ID, At: c.Time, IP: from.IP, UserAgent: from.UserAgent, RequestID: from.RequestID, Action: act}
}

// caller is who closed the account: the user, or an operator, who has none.
func (c call) caller() account.Caller {
	from := c.source()
	by := account.Caller{IP: from.IP, UserAgent: from.UserAgent, RequestID: from.RequestID}
	if !c.byOperator() {
		by.Account = c.About.Sub
	}
	return by
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
		stays, err := db.Close(ctx, c.About.Sub, c.caller())
		if stays {
			tally.Of(ctx).Stranded.Add(1)
		}
		return err
	case "AdminDisableUser", "AdminUserGlobalSignOut", "GlobalSignOut":
		out := c.event(activity.LogOut)
		if c.own() {
			out = activity.Event{} // it is logged, but the mark may be missing
		}
		return db.SignOutUntil(ctx, c.About.Sub, until(c.Time, db.Now()), out)
	case "AdminSetUserPassword", "ChangePassword":
		if c.own() {
			return nil // somebody joined, which set their first password
		}
		a, err := db.Find(ctx, c.About.Sub)
		if err != nil {
			return err
		}
		_, err = db.Witness(ctx, a, c.event(activity.ChangePassword))
		return err
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

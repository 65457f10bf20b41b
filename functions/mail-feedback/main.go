// Command mail-feedback hears from SES, through EventBridge, what became of the invitations' mails,
// and notes it on their rows.
package main

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/telemetry"
)

// report is what is read of SES's event. It holds addresses and subjects too, which nobody here needs.
type report struct {
	Type string `json:"eventType"`
	Mail struct {
		Tags map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		Type string `json:"bounceType"`
	} `json:"bounce"`
}

func main() {
	telemetry.UseLog()
	db := store.Open()
	lambda.Start(telemetry.Watch(func(ctx context.Context, e events.EventBridgeEvent) (struct{}, error) {
		return struct{}{}, hear(ctx, db, e)
	}))
}

// hear notes what an event tells. Events come late, twice and out of order, and of everybody's mails
// in the AWS account: what says nothing new of an invitation's latest mail is nothing. Failing
// leaves the event to be delivered again.
func hear(ctx context.Context, db *store.Store, e events.EventBridgeEvent) error {
	if e.Source != "aws.ses" {
		return nil
	}
	var r report
	if err := json.Unmarshal(e.Detail, &r); err != nil {
		return err
	}
	to, tells := r.delivery()
	mailing, ours := org.ParseMailing(r.Mail.Tags)
	if !tells || !ours {
		return nil
	}
	return db.SetDelivery(ctx, mailing, to)
}

// delivery is the state that a report moves a mail to. Sends, delays, and bounces that may pass or
// that SES cannot explain say nothing of whether it arrives.
func (r report) delivery() (to org.Delivery, tells bool) {
	switch r.Type {
	case "Delivery":
		return org.Delivered, true
	case "Bounce":
		return org.Bounced, r.Bounce.Type == "Permanent"
	case "Complaint":
		return org.Complained, true
	case "Reject":
		return org.Failed, true
	}
	return "", false
}

// Command mail-send sends the mails that the table queues: the stream wakes it with each INVITATION
// or NOTICE item whose delivery is queued. At least once; the latest mail's link is the live one.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"roster/shared/awsconfig"
	"roster/shared/mail"
	"roster/shared/setting"
	"roster/shared/store"
	"roster/shared/telemetry"
)

func main() {
	telemetry.UseLog()
	db := store.Open()
	sender, err := mail.NewSender(sesv2.NewFromConfig(awsconfig.New("SESV2")),
		setting.Text("ROSTER_MAIL_FROM"), setting.Text("ROSTER_MAIL_CONFIGURATION_SET"))
	if err != nil {
		setting.Refuse("ROSTER_MAIL_FROM", err.Error())
	}
	p := post{db: db, sender: sender, portal: setting.URL("ROSTER_PORTAL_URL")}
	lambda.Start(telemetry.Watch(func(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		return p.deliver(ctx, e.Records), nil
	}))
}

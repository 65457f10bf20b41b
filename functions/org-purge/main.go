// Command org-purge erases what deleted organizations held. The stream wakes it with their ORG rows,
// and again when it noted progress.
package main

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/telemetry"
)

// reserve is what is left of the function's time when a pass notes its progress and ends.
const reserve = 10 * time.Second

func main() {
	telemetry.UseLog()
	db := store.Open()
	lambda.Start(telemetry.Watch(func(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		return purge(ctx, db, e.Records), nil
	}))
}

// purge works through the records in order. The stream begins again at the first that failed, so
// what comes behind it is left for then.
func purge(ctx context.Context, db *store.Store, records []events.DynamoDBEventRecord) events.DynamoDBEventResponse {
	for _, r := range records {
		o, ok := deleted(r)
		if !ok {
			continue
		}
		if _, err := db.Purge(ctx, o, end(ctx)); err != nil {
			telemetry.Failed(ctx, "purge failed", err, "organization", o)
			return events.DynamoDBEventResponse{
				BatchItemFailures: []events.DynamoDBBatchItemFailure{{ItemIdentifier: r.Change.SequenceNumber}},
			}
		}
	}
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
}

// deleted returns the organization whose deletion, or purge under way, the record tells.
func deleted(r events.DynamoDBEventRecord) (org.ID, bool) {
	_, ok := r.Change.NewImage["deleted_at"]
	pk, found := r.Change.Keys["PK"]
	if !ok || !found || pk.DataType() != events.DataTypeString {
		return "", false
	}
	o, err := org.ParseID(strings.TrimPrefix(pk.String(), "ORG#"))
	return o, err == nil
}

func end(ctx context.Context) time.Time {
	deadline, ok := ctx.Deadline()
	if !ok {
		return time.Now().Add(reserve)
	}
	return deadline.Add(-reserve)
}

package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/org"
)

// mails prints how many invitations wait to be sent and how many were refused, and since when the
// oldest waits. One that a deployment, or a crash, kept waiting for two hours reads as failed in the
// API, and is queued here: it is still sent when its turn comes.
func (o *operator) mails(ctx context.Context) error {
	queued, failed, oldest := 0, 0, ""
	waiting := expression.Name("delivery").In(expression.Value(string(org.Queued)), expression.Value(string(org.Failed)))
	err := o.scan(ctx, begins("SK", "INVITATION#").And(waiting), []string{"delivery", "queued_at"}, func(r row) {
		if r.Delivery == string(org.Failed) {
			failed++
			return
		}
		if queued++; oldest == "" || r.QueuedAt < oldest {
			oldest = r.QueuedAt
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(o.out, "%d queued", queued)
	if queued > 0 {
		fmt.Fprintf(o.out, ", the oldest %s ago", since(oldest, o.now()))
	}
	fmt.Fprintf(o.out, "; %d failed\n", failed)
	return nil
}

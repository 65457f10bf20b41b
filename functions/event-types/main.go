// Command event-types lists what the activity log knows: kinds of actions and of objects.
package main

import (
	"cmp"
	"context"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/httpapi"
	"roster/shared/store"
)

type answer struct {
	Actions []activity.Action `json:"action_types"`
	Objects []string          `json:"object_types"`
}

func main() {
	db := store.Open()
	httpapi.Serve(func(ctx context.Context, r httpapi.Request[httpapi.Empty]) (answer, error) {
		a, err := db.Find(ctx, r.Caller.Account)
		return answer{activity.Actions(), activity.Types()}, cmp.Or(err, account.MayCall(r.Caller, a))
	})
}

package customer

import (
	"context"
	"sync"
	"time"
)

// patience is how long the CRM may keep one request waiting, however often it is asked.
const patience = 2 * time.Second

// A budget is the time of one request for the CRM. It starts with the first call.
type budget struct {
	start sync.Once
	ends  time.Time
}

type budgetKey struct{}

// WithBudget returns a context in which all calls share one deadline, two seconds after the first
// began. Without it each call has two seconds of its own.
func WithBudget(ctx context.Context) context.Context {
	return context.WithValue(ctx, budgetKey{}, &budget{})
}

// within bounds ctx by what is left of its budget.
func (c *Client) within(ctx context.Context) (context.Context, context.CancelFunc) {
	b, ok := ctx.Value(budgetKey{}).(*budget)
	if !ok {
		b = &budget{}
	}
	b.start.Do(func() { b.ends = time.Now().Add(c.patience) })
	return context.WithDeadline(ctx, b.ends)
}

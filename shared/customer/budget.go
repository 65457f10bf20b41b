package customer

import (
	"context"
	"errors"
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

// errNoBudget says that whoever asks forgot what keeps a request from waiting for each call anew.
var errNoBudget = errors.New("the request has no budget for the CRM")

// WithBudget returns a context in which all calls share one deadline, two seconds after the first
// began. Without it nothing is asked: an operation that forgot it fails from its first test on.
func WithBudget(ctx context.Context) context.Context {
	return context.WithValue(ctx, budgetKey{}, &budget{})
}

// within works on what is left of the budget of ctx. Whatever keeps work from its answer is
// ErrUnavailable.
func within[T any](ctx context.Context, c *Client, work func(context.Context) (T, error)) (T, error) {
	var none T
	b, ok := ctx.Value(budgetKey{}).(*budget)
	if !ok {
		return none, unavailable(errNoBudget)
	}
	b.start.Do(func() { b.ends = time.Now().Add(c.patience) })
	ctx, done := context.WithDeadline(ctx, b.ends)
	defer done()
	got, err := work(ctx)
	if err != nil {
		return none, unavailable(err)
	}
	return got, nil
}

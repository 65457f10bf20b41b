package runtime

import (
	"context"
	"errors"
	"fmt"
)

var (
	// ErrTimeout says that the function did not answer in time; its process is killed. It is also
	// a context.DeadlineExceeded, for callers that do not care who gave up.
	ErrTimeout = fmt.Errorf("the function timed out: %w", context.DeadlineExceeded)
	// ErrCrashed says that the process ended before it answered.
	ErrCrashed = errors.New("the process ended before it answered")
	// ErrClosed says that the function is closed for good.
	ErrClosed = errors.New("the function is closed")
)

// A FunctionError is what the handler returned as its error, or the runtime made of a panic. The
// process lives on unless it chooses to exit.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error gives type and message as Lambda's console shows them.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

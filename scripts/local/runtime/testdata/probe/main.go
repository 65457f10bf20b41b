// Command probe is a function that does what its payload says, to test how functions are run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type request struct {
	Do   string `json:"do"`
	Text string `json:"text"`
}

type answer struct {
	PID         int      `json:"pid"`
	Text        string   `json:"text"`
	Environment []string `json:"environment"`
	RequestID   string   `json:"request_id"`
	ARN         string   `json:"arn"`
	MS          int64    `json:"ms"` // until the deadline
}

func main() {
	if os.Getenv("PROBE") == "exits" {
		fmt.Fprint(os.Stderr, "cannot start")
		os.Exit(3)
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, r request) (answer, error) {
	switch r.Do {
	case "fail":
		return answer{}, errors.New(r.Text)
	case "panic":
		panic(r.Text)
	case "exit":
		os.Exit(1)
	case "hang":
		time.Sleep(time.Hour)
	case "print":
		fmt.Println(r.Text)
	case "bloat":
		return answer{Text: strings.Repeat("x", 6<<20)}, nil
	case "meet": // answers once as many files exist as there are to be processes
		meet(r.Text)
	}
	return describe(ctx, r.Text), nil
}

func describe(ctx context.Context, text string) answer {
	context, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return answer{
		PID: os.Getpid(), Text: text, Environment: os.Environ(),
		RequestID: context.AwsRequestID, ARN: context.InvokedFunctionArn,
		MS: time.Until(deadline).Milliseconds(),
	}
}

// meet leaves a mark in the folder and returns when somebody else's is there too.
func meet(folder string) {
	os.WriteFile(fmt.Sprintf("%s/%d", folder, os.Getpid()), nil, 0o600)
	for {
		if marks, _ := os.ReadDir(folder); len(marks) >= 2 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Package engine is the DynamoDB of the local cloud: a real engine on loopback, so that conditions,
// transactions and streams are decided by one and not by a stand-in's idea of them. It is dynoxide,
// a native binary from npm kept in memory, or whatever already answers at DYNAMODB_ENDPOINT.
package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// EndpointVariable names the environment variable that, when set, says which engine to use instead
// of starting one.
const EndpointVariable = "DYNAMODB_ENDPOINT"

// patience bounds how long an engine may take to answer for the first time. It needs milliseconds;
// the rest is for a machine that is busy compiling.
const patience = 20 * time.Second

// An Engine is a DynamoDB that answers at Endpoint, streams included.
type Engine struct {
	Endpoint string // "http://127.0.0.1:<port>", without a trailing slash

	client  *dynamodb.Client
	streams *dynamodbstreams.Client
	close   func()
}

// Start returns an engine that has answered once. It is the one at DYNAMODB_ENDPOINT where that is
// set, and otherwise a process of its own with an empty memory, which ends with Close or with this
// process, however that ends. ctx bounds the start, not the engine's life.
func Start(ctx context.Context) (*Engine, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if endpoint := os.Getenv(EndpointVariable); endpoint != "" {
		return join(ctx, endpoint)
	}
	binary, err := locate()
	if err != nil {
		return nil, err
	}
	return launch(ctx, binary)
}

// Client returns the engine's one DynamoDB client. It is safe for concurrent use.
func (e *Engine) Client() *dynamodb.Client { return e.client }

// Streams returns the engine's one client of DynamoDB Streams. It is safe for concurrent use.
func (e *Engine) Streams() *dynamodbstreams.Client { return e.streams }

// Close ends the process that Start started and waits for its end; an engine that was running
// before stays. Calling it again does nothing.
func (e *Engine) Close() { e.close() }

func join(ctx context.Context, endpoint string) (*Engine, error) {
	if err := answers(ctx, endpoint, nil); err != nil {
		return nil, fmt.Errorf("engine: %s=%s: %w", EndpointVariable, endpoint, err)
	}
	return newEngine(endpoint, func() {}), nil
}

// launch tries a few ports: between finding one free and the engine taking it, somebody else can.
func launch(ctx context.Context, binary string) (*Engine, error) {
	var failed error
	for range 5 {
		e, err := launchOnce(ctx, binary)
		if err == nil || ctx.Err() != nil {
			return e, err
		}
		failed = err
	}
	return nil, failed
}

func launchOnce(ctx context.Context, binary string) (*Engine, error) {
	port, err := freePort()
	if err != nil {
		return nil, fmt.Errorf("engine: no free port: %w", err)
	}
	child, err := spawn(exec.Command(binary, "serve", "--host", "127.0.0.1", "--port", port))
	if err != nil {
		return nil, fmt.Errorf("engine: start %s: %w", binary, err)
	}
	endpoint := "http://127.0.0.1:" + port
	if err := answers(ctx, endpoint, child.ended); err != nil {
		child.kill()
		return nil, errors.Join(fmt.Errorf("engine: %w", err), child.said())
	}
	return newEngine(endpoint, sync.OnceFunc(child.kill)), nil
}

// Package enginetest gives tests tables on a real DynamoDB engine: one engine for each test
// process, started by the first test that asks, and a table of its own for each that asks.
package enginetest

import (
	"context"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"

	"roster/scripts/local/engine"
)

// process is the engine that tests share. It is never closed: it ends with the test process.
var process = sync.OnceValues(func() (*engine.Engine, error) {
	return engine.Start(context.Background())
})

// common is the table behind Shared.
var common = sync.OnceValues(func() (string, error) { return create(context.Background()) })

// New returns the process's engine and the name of a fresh, empty table on it, which is deleted
// when t ends. Without an engine the test fails; it is never skipped.
func New(t testing.TB) (*engine.Engine, string) {
	t.Helper()
	table, err := create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := process() // or create had failed
	t.Cleanup(func() {
		if _, err := e.Client().DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &table}); err != nil {
			t.Errorf("delete table: %v", err)
		}
	})
	return e, table
}

// Shared returns the process's engine and the name of the one table that all callers of Shared in
// this process write to, for tests that run in parallel and keep apart by their keys.
func Shared(t testing.TB) (*engine.Engine, string) {
	t.Helper()
	table, err := common()
	if err != nil {
		t.Fatal(err)
	}
	e, _ := process() // or common had failed
	return e, table
}

func create(ctx context.Context) (string, error) {
	e, err := process()
	if err != nil {
		return "", err
	}
	table := "test-" + uuid.NewString()
	return table, e.CreateTable(ctx, table)
}

package main

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

// dimensions are sorted, so that equal settings make equal templates.
func dimensions(of map[string]*string) *[]any {
	var all []any
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, &awscloudwatch.CfnAlarm_DimensionProperty{Name: &name, Value: of[name]})
	}
	return &all
}

// makeDashboard shows on one page how the stage fares.
func (s *stack) makeDashboard() {
	api := []any{"ApiName", "roster-" + s.Stage, "Stage", s.Stage}
	table := []any{"TableName", s.table.Ref()}
	graphs := []any{
		graph("Requests", row("AWS/ApiGateway", "Count", "Sum", api), row("AWS/ApiGateway", "4XXError", "Sum", api), row("AWS/ApiGateway", "5XXError", "Sum", api)),
		graph("Latency, ms", row("AWS/ApiGateway", "Latency", "p50", api), row("AWS/ApiGateway", "Latency", "p99", api)),
		graph("Functions: errors", s.each("Errors", "Sum", every)...),
		graph("Functions: duration p99, ms", s.each("Duration", "p99", every)...),
		graph("Functions behind the stream, ms", s.each("IteratorAge", "Maximum", streamed)...),
		graph("Functions: throttles", row("AWS/Lambda", "Throttles", "Sum", nil)),
		graph("Table: capacity", row("AWS/DynamoDB", "ConsumedReadCapacityUnits", "Sum", table), row("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Sum", table)),
		graph("Table: throttles, conflicts", row("AWS/DynamoDB", "ReadThrottleEvents", "Sum", table), row("AWS/DynamoDB", "WriteThrottleEvents", "Sum", table), row("AWS/DynamoDB", "TransactionConflict", "Sum", table)),
		graph("Mails: bounce and complaint rate", row("AWS/SES", "Reputation.BounceRate", "Average", []any{"ses:configuration-set", s.name("mails")}), row("AWS/SES", "Reputation.ComplaintRate", "Average", []any{"ses:configuration-set", s.name("mails")})),
		graph("Events given up", row("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", []any{"QueueName", s.failed.events.QueueName()})),
	}
	for i, g := range graphs {
		g := g.(map[string]any)
		g["x"], g["y"], g["width"], g["height"] = i%2*12, i/2*6, 12, 6
		g["properties"].(map[string]any)["region"] = s.cdk.Region()
	}
	awscloudwatch.NewCfnDashboard(s.cdk, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: jsii.String("roster-" + s.Stage),
		DashboardBody: s.cdk.ToJsonString(map[string]any{"widgets": graphs}, nil),
	})
}

func graph(title string, rows ...any) any {
	return map[string]any{"type": "metric", "properties": map[string]any{
		"title": title, "view": "timeSeries", "stat": "Sum", "period": fiveMinutes, "metrics": rows,
	}}
}

func row(namespace, name, stat string, dimensions []any) any {
	return append(append([]any{namespace, name}, dimensions...), map[string]any{"stat": stat})
}

// each shows a metric of every function of the stage, by the names of their rows.
func (s *stack) each(name, stat string, which func(operation.Operation) bool) []any {
	var rows []any
	for _, o := range s.Operations {
		if which(o) {
			rows = append(rows, []any{
				"AWS/Lambda", name, "FunctionName", s.name(o.Name), map[string]any{"stat": stat, "label": o.Name},
			})
		}
	}
	return rows
}

func every(operation.Operation) bool      { return true }
func streamed(o operation.Operation) bool { return o.Event.Streamed() }

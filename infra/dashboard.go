package main

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/fault"
	"roster/shared/operation"
	"roster/shared/telemetry"
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
		graph("Mails: sent, given up", s.own(telemetry.MailsSent, "mail-send"), s.own(telemetry.MailsFailed, "mail-send")),
		graph("Organizations that lost their only Admin", s.own(telemetry.Stranded, "account-closed")),
		graph("Functions: answers 500, events that failed", s.outcomes(fault.Internal)...),
		graph("Functions: answers 503, events to be tried again", s.outcomes(fault.Unavailable)...),
		graph("Functions: broken conditions", s.counters(telemetry.BrokenConditions)...),
		graph("Functions: calls to AWS made again", s.counters(telemetry.Retries)...),
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

// own is a metric that a function counts itself, which is absent while there is nothing to count.
func (s *stack) own(name, function string) any {
	return []any{telemetry.Namespace, name, telemetry.Function, s.name(function), map[string]any{"stat": "Sum", "label": name}}
}

// counters shows one of those of every function.
func (s *stack) counters(name string) []any {
	var rows []any
	for _, o := range s.Operations {
		rows = append(rows, []any{telemetry.Namespace, name, telemetry.Function, s.name(o.Name), map[string]any{"stat": "Sum", "label": o.Name}})
	}
	return rows
}

// outcomes shows how often every function ended so.
func (s *stack) outcomes(k fault.Kind) []any {
	var rows []any
	for _, o := range s.Operations {
		rows = append(rows, []any{
			telemetry.Namespace, telemetry.Requests, telemetry.Function, s.name(o.Name), telemetry.OutcomeDimension, k.String(),
			map[string]any{"stat": "Sum", "label": o.Name},
		})
	}
	return rows
}

func every(operation.Operation) bool      { return true }
func streamed(o operation.Operation) bool { return o.Event.Streamed() }

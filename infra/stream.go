package main

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

const (
	batchSize = 10
	// side is how many batches of a shard are worked on side by side, each key in its order: one mail
	// or purge that must wait holds up few others.
	side = 10
	// recordAge is how long a record is tried, in seconds: nearly as long as the stream has it.
	recordAge = 23 * 60 * 60
)

// follow feeds the function of a row with the records of the table's stream that pass its filters.
// What fails is tried again in halves, from the record that the function names, and when its time is
// over goes whole to the bucket.
func (s *stack) follow(o operation.Operation) {
	var filters []any
	for _, f := range o.Event.Filters() {
		filters = append(filters, &awslambda.CfnEventSourceMapping_FilterProperty{Pattern: jsii.String(pattern(f))})
	}
	f := s.functions[o.Name]
	m := awslambda.NewCfnEventSourceMapping(f, jsii.String("Stream"), &awslambda.CfnEventSourceMappingProps{
		FunctionName:               f.FunctionName(),
		EventSourceArn:             s.table.AttrStreamArn(),
		FilterCriteria:             &awslambda.CfnEventSourceMapping_FilterCriteriaProperty{Filters: filters},
		StartingPosition:           jsii.String("TRIM_HORIZON"),
		BatchSize:                  jsii.Number(batchSize),
		ParallelizationFactor:      jsii.Number(side),
		BisectBatchOnFunctionError: jsii.Bool(true),
		FunctionResponseTypes:      jsii.Strings("ReportBatchItemFailures"),
		MaximumRecordAgeInSeconds:  jsii.Number(recordAge),
		DestinationConfig: &awslambda.CfnEventSourceMapping_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventSourceMapping_OnFailureProperty{Destination: s.failed.records.BucketArn()},
		},
		MetricsConfig: &awslambda.CfnEventSourceMapping_MetricsConfigProperty{Metrics: jsii.Strings("EventCount")},
	})
	s.alarmStream(o.Name, m.Ref())
}

// pattern writes a filter as Lambda takes it: what the new image must be like.
func pattern(f operation.Filter) string {
	image := map[string]any{}
	for _, m := range f {
		var rule any = map[string]any{"exists": !m.Absent}
		switch {
		case m.Equals != "":
			rule = m.Equals
		case m.Prefix != "":
			rule = map[string]any{"prefix": m.Prefix}
		}
		image[m.Attribute] = map[string]any{"S": []any{rule}}
	}
	text, _ := json.Marshal(map[string]any{"dynamodb": map[string]any{"NewImage": image}}) // of strings, it does not fail
	return string(text)
}

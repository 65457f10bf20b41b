package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/telemetry"
)

// A metric is a number that CloudWatch keeps. Stat is Sum, Average, Maximum or a percentile.
type metric struct {
	namespace, name, stat string
	of                    map[string]*string // dimensions
}

// An alarm rises when the number is at least so much in each of so many periods of five minutes.
type alarm struct {
	name, says string
	metrics    []metric // added up
	least      float64
	periods    int
}

const fiveMinutes = 300

// makeTopic makes what alarms are sent to, where anybody hears them.
func (s *stack) makeTopic() {
	if s.AlarmMail == "" {
		return
	}
	s.alarms = awssns.NewTopic(s.cdk, jsii.String("Alarms"), &awssns.TopicProps{EnforceSSL: jsii.Bool(true)})
	s.alarms.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:    jsii.Strings("sns:Publish"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Resources:  &[]*string{s.alarms.TopicArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": s.arn("cloudwatch", "alarm:"+*s.name("*"))}},
	}))
	awssns.NewCfnSubscription(s.cdk, jsii.String("AlarmMail"), &awssns.CfnSubscriptionProps{
		TopicArn: s.alarms.TopicArn(), Protocol: jsii.String("email"), Endpoint: &s.AlarmMail,
	})
}

// makeAlarms makes the alarms of the stage as a whole; those of single functions are made with them.
func (s *stack) makeAlarms() {
	api := map[string]*string{"ApiName": jsii.String("roster-" + s.Stage), "Stage": &s.Stage}
	table := map[string]*string{"TableName": s.table.Ref()}
	mails := map[string]*string{"ses:configuration-set": s.name("mails")}
	for _, a := range []alarm{
		{"api-5xx", "Requests fail: five or more in five minutes.", []metric{{"AWS/ApiGateway", "5XXError", "Sum", api}}, 5, 1},
		{"api-slow", "One request in a hundred takes three seconds or more.", []metric{{"AWS/ApiGateway", "Latency", "p99", api}}, 3000, 3},
		{"functions-throttled", "Lambda throttles functions of this account and region: its concurrency is used up.", []metric{{"AWS/Lambda", "Throttles", "Sum", nil}}, 1, 1},
		{"table-throttled", "DynamoDB throttles the table.", []metric{
			{"AWS/DynamoDB", "ReadThrottleEvents", "Sum", table}, {"AWS/DynamoDB", "WriteThrottleEvents", "Sum", table},
		}, 1, 2},
		{"events-failed", "Events that no function could process lie in the queue.", []metric{
			{"AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", map[string]*string{"QueueName": s.failed.events.QueueName()}},
		}, 1, 1},
		{"stranded", "The account of an organization's only Admin was deleted: nobody can administer it.", []metric{
			{telemetry.Namespace, telemetry.Stranded, "Sum", map[string]*string{telemetry.Function: s.name("account-closed")}},
		}, 1, 1},
		{"mails-failed", "Mails were given up: SES refused them for good, or for an hour.", []metric{
			{telemetry.Namespace, telemetry.MailsFailed, "Sum", map[string]*string{telemetry.Function: s.name("mail-send")}},
		}, 1, 1},
		{"mail-bounces", "One mail in twenty bounces; SES stops sending at one in ten.", []metric{{"AWS/SES", "Reputation.BounceRate", "Average", mails}}, 0.05, 1},
		{"mail-complaints", "One mail in a thousand is called spam; SES stops sending at five.", []metric{{"AWS/SES", "Reputation.ComplaintRate", "Average", mails}}, 0.001, 1},
	} {
		s.raise(a)
	}
	for _, o := range s.Operations {
		if o.Event != "" {
			s.raise(alarm{
				o.Name + "-errors", "The function failed, and nobody who called it tells.",
				[]metric{{"AWS/Lambda", "Errors", "Sum", map[string]*string{"FunctionName": s.name(o.Name)}}},
				1, 1,
			})
		}
	}
}

// alarmStream makes the alarms of a function that the table's stream wakes through the mapping.
func (s *stack) alarmStream(function string, mapping *string) {
	of := map[string]*string{"EventSourceMappingUUID": mapping}
	s.raise(alarm{
		function + "-late", "The function is ten minutes behind the table's stream, or stuck at one record.",
		[]metric{{"AWS/Lambda", "IteratorAge", "Maximum", map[string]*string{"FunctionName": s.name(function)}}},
		600_000, 1,
	})
	s.raise(alarm{
		function + "-given-up", "Records of the table's stream were given up: they lie in the bucket, or are lost.",
		[]metric{
			{"AWS/Lambda", "OnFailureDestinationDeliveredEventCount", "Sum", of}, {"AWS/Lambda", "DroppedEventCount", "Sum", of},
		},
		1, 1,
	})
}

func (s *stack) raise(a alarm) {
	props := &awscloudwatch.CfnAlarmProps{
		AlarmName: s.name(a.name), AlarmDescription: &a.says,
		ComparisonOperator: jsii.String("GreaterThanOrEqualToThreshold"), Threshold: &a.least,
		EvaluationPeriods: jsii.Number(a.periods), TreatMissingData: jsii.String("notBreaching"),
	}
	if s.alarms != nil {
		props.AlarmActions = &[]any{s.alarms.TopicArn()}
		props.OkActions = &[]any{s.alarms.TopicArn()}
	}
	props.Metrics = sum(a.metrics)
	awscloudwatch.NewCfnAlarm(s.cdk, jsii.String("Alarm-"+a.name), props)
}

// sum asks for the sum of metrics, each of which counts as 0 while it has no data.
func sum(metrics []metric) *[]any {
	var all []any
	expression := ""
	for i, m := range metrics {
		id := "m" + string(rune('1'+i))
		if expression += "+FILL(" + id + ",0)"; len(metrics) == 1 {
			expression = ""
		}
		all = append(all, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: &id, ReturnData: jsii.Bool(len(metrics) == 1),
			MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
				Metric: &awscloudwatch.CfnAlarm_MetricProperty{Namespace: &m.namespace, MetricName: &m.name, Dimensions: dimensions(m.of)},
				Period: jsii.Number(fiveMinutes), Stat: &m.stat,
			},
		})
	}
	if expression != "" {
		all = append(all, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: jsii.String("sum"), Expression: jsii.String(expression[1:]), ReturnData: jsii.Bool(true),
		})
	}
	return &all
}

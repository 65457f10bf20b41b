package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudtrail"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

// eventAge is how long an event is tried, in seconds, by EventBridge and again by Lambda.
const eventAge = 6 * 60 * 60

// wake connects the function of a row with what wakes it, routes apart.
func (s *stack) wake(o operation.Operation) error {
	switch {
	case o.Event == "" || o.Event.Trigger():
		return nil // a route, or the pool knows already
	case o.Event.Streamed():
		s.follow(o)
		return nil
	}
	pattern := s.eventPattern(o.Event)
	if pattern == nil {
		return fmt.Errorf("the stack does not know the event %q", o.Event)
	}
	s.listen(o, pattern)
	return nil
}

// eventPattern returns which events of EventBridge an event is; nil for one that nobody knows.
func (s *stack) eventPattern(e operation.Event) map[string]any {
	switch e {
	case operation.MailReported:
		return map[string]any{
			"source": []string{"aws.ses"},
			"detail": map[string]any{"mail": map[string]any{"tags": map[string]any{"ses:configuration-set": []*string{s.name("mails")}}}},
		}
	case operation.UserPoolCall:
		s.makeTrail()
		return map[string]any{
			"source":      []string{"aws.cognito-idp"},
			"detail-type": []string{"AWS API Call via CloudTrail"},
			"detail": map[string]any{
				"eventSource": []string{"cognito-idp.amazonaws.com"},
				// Calls of users' own name no pool: those of other pools of the account wake the function
				// too, which finds no account by their subs and does nothing.
				"$or": []any{
					map[string]any{
						"eventName":         []string{"AdminDeleteUser", "AdminDisableUser", "AdminSetUserPassword", "AdminUserGlobalSignOut"},
						"requestParameters": map[string]any{"userPoolId": []*string{s.pool.UserPoolId()}},
					},
					map[string]any{"eventName": []string{"ChangePassword", "DeleteUser", "GlobalSignOut"}},
				},
			},
		}
	}
	return nil
}

// listen has EventBridge invoke the function. What cannot be handed over, and what the function fails
// on again and again, goes to the queue.
func (s *stack) listen(o operation.Operation, pattern map[string]any) {
	f, queue := s.functions[o.Name], s.failed.events.QueueArn()
	rule := awsevents.NewCfnRule(f, jsii.String("Rule"), &awsevents.CfnRuleProps{
		EventPattern: pattern,
		Targets: &[]any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("function"), Arn: f.FunctionArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: queue},
			RetryPolicy:      &awsevents.CfnRule_RetryPolicyProperty{MaximumEventAgeInSeconds: jsii.Number(eventAge)},
		}},
	})
	awslambda.NewCfnPermission(f, jsii.String("MayWake"), &awslambda.CfnPermissionProps{
		Action: jsii.String("lambda:InvokeFunction"), FunctionName: f.FunctionName(),
		Principal: jsii.String("events.amazonaws.com"), SourceArn: rule.AttrArn(),
	})
	awslambda.NewCfnEventInvokeConfig(f, jsii.String("Failures"), &awslambda.CfnEventInvokeConfigProps{
		FunctionName: f.FunctionName(), Qualifier: jsii.String("$LATEST"),
		MaximumEventAgeInSeconds: jsii.Number(eventAge), MaximumRetryAttempts: jsii.Number(2),
		DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: queue},
		},
	})
	s.failed.events.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:    jsii.Strings("sqs:SendMessage"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)},
		Resources:  &[]*string{queue},
		Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rule.AttrArn()}},
	}))
}

// makeTrail makes the CloudTrail trail without which no call to Cognito becomes an event, unless the
// account has one already.
func (s *stack) makeTrail() {
	if s.Trail != "make" {
		return
	}
	awscloudtrail.NewTrail(s.cdk, jsii.String("Trail"), &awscloudtrail.TrailProps{
		Bucket:                     s.bucket("TrailRecords"),
		ManagementEvents:           awscloudtrail.ReadWriteType_WRITE_ONLY,
		IsMultiRegionTrail:         jsii.Bool(false),
		IncludeGlobalServiceEvents: jsii.Bool(false),
		EnableFileValidation:       jsii.Bool(true),
	})
}

package main

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

// A statement of a policy that allows something, as IAM reads it.
type statement = map[string]any

func allow(actions []string, resources ...*string) statement {
	return statement{"Effect": "Allow", "Action": actions, "Resource": resources}
}

// policy returns what a function may do: what its row says, what the way in which it is woken takes,
// its own log, and traces, the one right that IAM ties to no resource.
func (s *stack) policy(o operation.Operation, log awslogs.ILogGroup) map[string]any {
	all := s.tableRights(o.Table)
	if len(o.Users) > 0 {
		all = append(all, allow(prefixed("cognito-idp:", o.Users), s.pool.UserPoolArn()))
	}
	all = append(all, s.mailRights(o.Mail)...)
	if o.CRM && s.CRMURL != "" {
		all = append(all, allow([]string{"secretsmanager:GetSecretValue"}, s.crmSecret))
	}
	if o.Client && s.CRMURL != "" {
		all = append(all, allow([]string{"secretsmanager:GetSecretValue"}, s.onboardingSecret))
	}
	all = append(all, s.wakingRights(o.Event)...)
	all = append(all,
		allow([]string{"logs:CreateLogStream", "logs:PutLogEvents"}, log.LogGroupArn()),
		allow([]string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}, jsii.String("*")))
	return map[string]any{"Version": "2012-10-17", "Statement": all}
}

// tableRights allows each action on the families of keys that the row names, and on no request that
// names no key at all: ForAllValues is true for those. What belongs into a transaction is allowed
// there only.
func (s *stack) tableRights(t operation.Table) []statement {
	var all []statement
	at := map[operation.Right]int{}
	for _, r := range t.Rights() {
		like := operation.Right{Within: r.Within, Keys: r.Keys}
		action := "dynamodb:" + r.Action
		if i, seen := at[like]; seen {
			all[i]["Action"] = append(all[i]["Action"].([]string), action)
			continue
		}
		condition := map[string]any{
			"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": patterns(r.Keys)},
			"Null":                    map[string]any{"dynamodb:LeadingKeys": "false"},
		}
		if r.Within != "" {
			condition["ForAnyValue:StringEquals"] = map[string]any{"dynamodb:EnclosingOperation": r.Within}
		}
		at[like] = len(all)
		granted := allow([]string{action}, s.table.AttrArn())
		granted["Condition"] = condition
		all = append(all, granted)
	}
	return all
}

// patterns are the families as LeadingKeys compares them.
func patterns(k operation.Keys) []string {
	all := k.Prefixes()
	for i := range all {
		all[i] += "*"
	}
	return all
}

func prefixed(prefix string, names []string) []string {
	var all []string
	for _, n := range names {
		all = append(all, prefix+n)
	}
	return all
}

// ofTheAccount lists the actions of SES that no resource narrows: they are about the account's list
// of addresses to which it sends nothing any more. IAM has a resource for the lists of SES's tenants
// only, of which there are none here.
func ofTheAccount() []string {
	return []string{"DeleteSuppressedDestination", "GetSuppressedDestination"}
}

// mailRights allows mail from the one identity, through the one configuration set.
func (s *stack) mailRights(actions []string) []statement {
	var all []statement
	var account, identity []string
	for _, a := range actions {
		if slices.Contains(ofTheAccount(), a) {
			account = append(account, a)
		} else {
			identity = append(identity, a)
		}
	}
	if identity != nil {
		all = append(all, allow(prefixed("ses:", identity), &s.identity, s.configurationSet()))
	}
	if account != nil {
		all = append(all, allow(prefixed("ses:", account), jsii.String("*")))
	}
	return all
}

// wakingRights is what Lambda does in a function's name to wake it, and with what it cannot process.
func (s *stack) wakingRights(e operation.Event) []statement {
	switch {
	case e.Streamed():
		return []statement{
			allow([]string{
				"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
			}, s.table.AttrStreamArn()),
			allow([]string{"s3:ListBucket"}, s.failed.records.BucketArn()),
			allow([]string{"s3:PutObject"}, s.failed.records.ArnForObjects(jsii.String("*"))),
		}
	case e != "" && !e.Trigger():
		return []statement{allow([]string{"sqs:SendMessage"}, s.failed.events.QueueArn())}
	}
	return nil
}

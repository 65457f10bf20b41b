package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// makeLog makes a log group that forgets after the time that the settings say.
func (s *stack) makeLog(within constructs.Construct, of string) awslogs.ILogGroup {
	log := awslogs.NewCfnLogGroup(within, jsii.String("Log"), &awslogs.CfnLogGroupProps{
		LogGroupName:    jsii.String("/roster/" + s.Stage + "/" + strings.ToLower(of)),
		RetentionInDays: jsii.Number(s.LogDays),
	})
	return awslogs.LogGroup_FromLogGroupName(within, jsii.String("LogGroup"), log.Ref())
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// makeLog makes a log group that forgets after the time that the settings say.
func (s *stack) makeLog(of string) awslogs.ILogGroup {
	log := awslogs.NewCfnLogGroup(s.cdk, jsii.String(of+"-log"), &awslogs.CfnLogGroupProps{
		LogGroupName: jsii.String("/roster/" + s.Stage + "/" + of), RetentionInDays: jsii.Number(s.LogDays),
	})
	return awslogs.LogGroup_FromLogGroupName(s.cdk, jsii.String(of+"-log-group"), log.Ref())
}

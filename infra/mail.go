package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"
)

// makeMails makes what mails go out through: the identity, unless it exists, and a configuration set
// that tells EventBridge what becomes of them.
func (s *stack) makeMails() {
	s.mails = awsses.NewCfnConfigurationSet(s.cdk, jsii.String("Mails"), &awsses.CfnConfigurationSetProps{
		Name:               s.name("mails"),
		ReputationOptions:  &awsses.CfnConfigurationSet_ReputationOptionsProperty{ReputationMetricsEnabled: jsii.Bool(true)},
		SuppressionOptions: &awsses.CfnConfigurationSet_SuppressionOptionsProperty{SuppressedReasons: jsii.Strings("BOUNCE", "COMPLAINT")},
		DeliveryOptions:    &awsses.CfnConfigurationSet_DeliveryOptionsProperty{TlsPolicy: jsii.String("OPTIONAL")},
	})
	awsses.NewCfnConfigurationSetEventDestination(s.cdk, jsii.String("MailEvents"), &awsses.CfnConfigurationSetEventDestinationProps{
		ConfigurationSetName: s.mails.Ref(),
		EventDestination: &awsses.CfnConfigurationSetEventDestination_EventDestinationProperty{
			Name: jsii.String("events"), Enabled: jsii.Bool(true),
			MatchingEventTypes: jsii.Strings("DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"),
			EventBridgeDestination: &awsses.CfnConfigurationSetEventDestination_EventBridgeDestinationProperty{
				EventBusArn: s.arn("events", "event-bus/default"),
			},
		},
	})
	s.identity = *s.arn("ses", "identity/"+s.MailIdentity)
	if s.MakeMailIdentity {
		awsses.NewCfnEmailIdentity(s.cdk, jsii.String("MailIdentity"), &awsses.CfnEmailIdentityProps{EmailIdentity: &s.MailIdentity}).
			ApplyRemovalPolicy(s.keep(), nil)
	}
}

// configurationSet is the ARN of the configuration set.
func (s *stack) configurationSet() *string {
	return s.arn("ses", "configuration-set/"+*s.name("mails"))
}

// arn names something of this account in this region.
func (s *stack) arn(service, resource string) *string {
	return s.cdk.FormatArn(&awscdk.ArnComponents{
		Service: &service, Resource: &resource, ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME,
	})
}

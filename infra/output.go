package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"
)

// makeSecret makes what holds the CRM's credentials, where there is a CRM. An operator fills it.
func (s *stack) makeSecret() {
	s.crmSecret = jsii.String("")
	if s.CRMURL == "" {
		return
	}
	secret := awssecretsmanager.NewCfnSecret(s.cdk, jsii.String("CRMSecret"), &awssecretsmanager.CfnSecretProps{
		Name: jsii.String("roster/" + s.Stage + "/crm"), Description: jsii.String("What Roster signs in to the CRM with."),
	})
	s.crmSecret = secret.Ref()
	s.output("CRMSecretArn", secret.Ref(), "Holds the CRM's credentials")
}

// makeOutputs tells operators and their scripts where everything is.
func (s *stack) makeOutputs() {
	url := s.api.Url()
	if s.Domain != "" {
		url = jsii.String("https://" + s.Domain + "/")
	}
	s.output("APIURL", url, "Where the API is; /v1 follows")
	s.output("TableName", s.table.Ref(), "The table")
	s.output("UserPoolId", s.pool.UserPoolId(), "The user pool")
	s.output("UserPoolClientId", s.client.UserPoolClientId(), "Its client")
	s.output("FailedRecordsBucket", s.failed.records.BucketName(), "Stream records that were given up")
	s.output("FailedEventsURL", s.failed.events.QueueUrl(), "Events that were given up")
}

func (s *stack) output(name string, value *string, says string) {
	awscdk.NewCfnOutput(s.cdk, &name, &awscdk.CfnOutputProps{Value: value, Description: &says})
}

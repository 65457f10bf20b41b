package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"
)

// makeSecrets makes what holds the credentials between Roster and the CRM, where there is one: an operator
// fills the CRM's own, and hands it the one that is made here for its calls to Roster.
func (s *stack) makeSecrets() {
	s.crmSecret, s.onboardingSecret = jsii.String(""), jsii.String("")
	if s.CRMURL == "" {
		return
	}
	secret := awssecretsmanager.NewCfnSecret(s.cdk, jsii.String("CRMSecret"), &awssecretsmanager.CfnSecretProps{
		Name: jsii.String("roster/" + s.Stage + "/crm"), Description: jsii.String("What Roster signs in to the CRM with."),
	})
	s.crmSecret = secret.Ref()
	s.output("CRMSecretArn", secret.Ref(), "Holds the CRM's credentials")
	taken := awssecretsmanager.NewCfnSecret(s.cdk, jsii.String("OnboardingSecret"), &awssecretsmanager.CfnSecretProps{
		Name: jsii.String("roster/" + s.Stage + "/onboarding"), Description: jsii.String("What the CRM calls Roster with: two credentials at once."),
		GenerateSecretString: &awssecretsmanager.CfnSecret_GenerateSecretStringProperty{
			SecretStringTemplate: jsii.String(`{"secondary":""}`), GenerateStringKey: jsii.String("primary"),
			PasswordLength: jsii.Number(48), ExcludePunctuation: jsii.Bool(true),
		},
	})
	s.onboardingSecret = taken.Ref()
	s.output("OnboardingSecretArn", taken.Ref(), "Holds what the CRM calls members:onboard with")
}

// makeOutputs tells operators and their scripts where everything is.
func (s *stack) makeOutputs() {
	url := s.api.Url()
	if s.Domain != "" {
		url = jsii.String("https://" + s.Domain + "/")
	}
	s.output("APIURL", url, "Where the portal is, and the API: /v1 follows")
	s.output("TableName", s.table.Ref(), "The table")
	s.output("UserPoolId", s.pool.UserPoolId(), "The user pool")
	s.output("UserPoolClientId", s.client.UserPoolClientId(), "Its client")
	s.output("FailedRecordsBucket", s.failed.records.BucketName(), "Stream records that were given up")
	s.output("FailedEventsURL", s.failed.events.QueueUrl(), "Events that were given up")
}

func (s *stack) output(name string, value *string, says string) {
	awscdk.NewCfnOutput(s.cdk, &name, &awscdk.CfnOutputProps{Value: value, Description: &says})
}

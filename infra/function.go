package main

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

const (
	memoryMB = 256
	// goMemory is where Go collects garbage harder, before Lambda ends the process.
	goMemory = "220MiB"
)

// makeFunction makes a row's function, with a role and a log group of its own. SAM calls it by the name
// of the row, which it finds at this place among the constructs only.
func (s *stack) makeFunction(o operation.Operation) error {
	folder, err := s.Code(o.Name)
	if err != nil {
		return err
	}
	env, err := s.environment(o)
	if err != nil {
		return err
	}
	log := s.makeLog(o.Name)
	role := awsiam.NewRole(s.cdk, jsii.String(o.Name+"-role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"row": awsiam.PolicyDocument_FromJson(s.policy(o, log)),
		},
	})
	s.functions[o.Name] = awslambda.NewFunction(s.cdk, &o.Name, &awslambda.FunctionProps{
		FunctionName:  s.name(o.Name),
		Architecture:  awslambda.Architecture_ARM_64(),
		Runtime:       awslambda.Runtime_PROVIDED_AL2023(),
		Handler:       jsii.String("bootstrap"),
		Code:          awslambda.Code_FromAsset(&folder, nil),
		MemorySize:    jsii.Number(memoryMB),
		Timeout:       awscdk.Duration_Seconds(jsii.Number(o.Seconds())),
		Environment:   env,
		Role:          role.WithoutPolicyUpdates(nil),
		LogGroup:      log,
		LoggingFormat: awslambda.LoggingFormat_JSON,
		Tracing:       awslambda.Tracing_ACTIVE,
	})
	return nil
}

// environment returns the variables that the row names, and those that every function has: where the
// certificates of AWS are, because looking through all places for them is half of a first call.
func (s *stack) environment(o operation.Operation) (*map[string]*string, error) {
	env := map[string]*string{
		"SSL_CERT_FILE": jsii.String("/etc/pki/tls/certs/ca-bundle.crt"),
		"SSL_CERT_DIR":  jsii.String("/var/empty"),
		"GOMEMLIMIT":    jsii.String(goMemory),
	}
	if s.SAM {
		for _, name := range samVariables() {
			env[name] = jsii.String("")
		}
	}
	for _, name := range o.Variables() {
		value := s.variable(name)
		if value == nil {
			return nil, fmt.Errorf("it reads %s, which the stack does not have", name)
		}
		env[name] = value
	}
	return &env, nil
}

// samVariables are what SAM CLI may set: it sets only variables that the template has. Empty, they
// say nothing, and nowhere but under SAM the claims are read at all.
func samVariables() []string {
	return []string{
		"ROSTER_SAM_CLAIMS", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
	}
}

// variable returns the value of a variable that rows name; nil for one that nobody knows.
func (s *stack) variable(name string) *string {
	switch name {
	case "ROSTER_TABLE":
		return s.table.Ref()
	case "ROSTER_INVITE_EXISTING":
		return &s.InviteExisting
	case "ROSTER_INVITES_PER_DAY":
		return jsii.String(strconv.Itoa(s.InvitesPerDay))
	case "ROSTER_RESEND_AFTER":
		return jsii.String(strconv.Itoa(s.ResendAfter))
	case "ROSTER_LINK_AT_SIGN_IN":
		return &s.LinkAtSignIn
	case "ROSTER_PORTAL_URL":
		return &s.PortalURL
	case "ROSTER_MAIL_FROM":
		return &s.MailFrom
	case "ROSTER_MAIL_CONFIGURATION_SET":
		return s.mails.Ref()
	case "ROSTER_CRM_URL":
		return &s.CRMURL
	case "ROSTER_CRM_MAPPING":
		return &s.CRMMapping
	case "ROSTER_CRM_SECRET":
		return s.crmSecret
	case "ROSTER_ONBOARDING_SECRET":
		return s.onboardingSecret
	case "ROSTER_PMM_CLIENT_ID":
		return s.pmmClient.UserPoolClientId()
	case "ROSTER_PMM_SCOPE":
		return &s.PMMScope
	case "ROSTER_TERMS_URL":
		return &s.TermsURL
	case "ROSTER_USER_POOL_ID":
		return s.pool.UserPoolId()
	case "ROSTER_USER_POOL_CLIENT_ID":
		return s.client.UserPoolClientId()
	}
	return nil
}

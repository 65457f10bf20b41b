package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

// makePool makes the user pool and its clients: the portal's, and the one that PMM servers are told of,
// which can do nothing yet. No resource server has the scope that the gateway
// asks for: token-issue alone puts it into tokens.
func (s *stack) makePool() {
	s.pool = awscognito.NewUserPool(s.cdk, jsii.String("Pool"), &awscognito.UserPoolProps{
		SelfSignUpEnabled:   jsii.Bool(true),
		SignInAliases:       &awscognito.SignInAliases{Email: jsii.Bool(true)},
		SignInCaseSensitive: jsii.Bool(false),
		AutoVerify:          &awscognito.AutoVerifiedAttrs{Email: jsii.Bool(true)},
		KeepOriginal:        &awscognito.KeepOriginalAttrs{Email: jsii.Bool(true)},
		AccountRecovery:     awscognito.AccountRecovery_EMAIL_ONLY,
		FeaturePlan:         awscognito.FeaturePlan_ESSENTIALS, // the V2_0 trigger asks for it
		PasswordPolicy: &awscognito.PasswordPolicy{
			MinLength: jsii.Number(10), RequireLowercase: jsii.Bool(true), RequireUppercase: jsii.Bool(true),
			RequireDigits: jsii.Bool(true), RequireSymbols: jsii.Bool(false),
		},
		DeletionProtection: &s.Production,
		RemovalPolicy:      s.keep(),
	})
	s.mailThroughSES()
	for _, o := range s.Operations {
		s.addTrigger(o.Event, s.functions[o.Name])
	}
	s.client = s.pool.AddClient(jsii.String("Portal"), &awscognito.UserPoolClientOptions{
		AuthFlows:                  &awscognito.AuthFlow{UserPassword: jsii.Bool(true)},
		GenerateSecret:             jsii.Bool(false),
		DisableOAuth:               jsii.Bool(true),
		PreventUserExistenceErrors: jsii.Bool(true),
		EnableTokenRevocation:      jsii.Bool(true),
		AccessTokenValidity:        awscdk.Duration_Minutes(jsii.Number(15)),
		IdTokenValidity:            awscdk.Duration_Minutes(jsii.Number(15)),
		RefreshTokenValidity:       awscdk.Duration_Days(jsii.Number(30)),
		// What people sign up with. No token lets them write any of it later: token-issue sees to that.
		WriteAttributes: awscognito.NewClientAttributes().WithStandardAttributes(&awscognito.StandardAttributesMask{
			Email: jsii.Bool(true), GivenName: jsii.Bool(true), FamilyName: jsii.Bool(true),
		}),
	})
	s.pmmClient = s.pool.AddClient(jsii.String("PMM"), &awscognito.UserPoolClientOptions{
		GenerateSecret:             jsii.Bool(false),
		DisableOAuth:               jsii.Bool(true),
		PreventUserExistenceErrors: jsii.Bool(true),
	})
}

func (s *stack) addTrigger(e operation.Event, f awslambda.Function) {
	switch e {
	case operation.PostConfirmation:
		s.pool.AddTrigger(awscognito.UserPoolOperation_POST_CONFIRMATION(), f, awscognito.LambdaVersion_V1_0)
	case operation.PreTokenGeneration:
		s.pool.AddTrigger(awscognito.UserPoolOperation_PRE_TOKEN_GENERATION_CONFIG(), f, awscognito.LambdaVersion_V2_0)
	}
}

// mailThroughSES has the pool's own mails, the ones with codes, come from the identity of all mails.
// Cognito takes none that is not verified yet.
func (s *stack) mailThroughSES() {
	if s.PoolMail != "ses" {
		return
	}
	s.pool.Node().DefaultChild().(awscognito.CfnUserPool).SetEmailConfiguration(&awscognito.CfnUserPool_EmailConfigurationProperty{
		EmailSendingAccount: jsii.String("DEVELOPER"), From: &s.MailFrom, SourceArn: &s.identity, ConfigurationSet: s.mails.Ref(),
	})
}

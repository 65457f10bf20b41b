package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/operation"
)

// makePool makes the user pool, its triggers and its clients.
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
		UserVerification: &awscognito.UserVerificationConfig{
			EmailStyle: awscognito.VerificationEmailStyle_CODE, EmailSubject: jsii.String(codeSubject), EmailBody: jsii.String(codeBody),
		},
		DeletionProtection: &s.Production,
		RemovalPolicy:      s.keep(),
	})
	s.mailThroughSES()
	for _, o := range s.Operations {
		s.addTrigger(o.Event, s.functions[o.Name])
	}
	s.makeClients()
}

// What the pool mails a code with. It has one text for whoever signs up and whoever forgot a password.
const (
	codeSubject = "Your code for Roster"
	codeBody    = `<p>Your code is:</p>
<p style="font-size:2rem">
{####}
</p>
<p>Roster asks for it to confirm this address, or to let you choose a new password. If you asked for neither, ignore this mail.</p>
`
)

// makeClients makes the portal's client, and the one that PMM servers are told of because they ask for
// one. Nobody signs in by the latter: it may only refresh tokens, and is given none. Cognito takes an
// empty list of ways to sign in, or of attributes, for its default, which is nearly all of them, so both
// are said.
//
// No resource server has the scope that the gateway asks for: token-issue alone puts it into tokens, of
// whichever client. It cannot tell them apart, because the pool names that function and comes after it.
func (s *stack) makeClients() {
	names := &awscognito.StandardAttributesMask{Email: jsii.Bool(true), GivenName: jsii.Bool(true), FamilyName: jsii.Bool(true)}
	s.client = s.makeClient("Portal", true, names)
	s.pmmClient = s.makeClient("PMM", false, &awscognito.StandardAttributesMask{Email: jsii.Bool(true)})
}

// makeClient makes a client by which people sign in with passwords, or not at all. It may write what
// people sign up with. The address is among it although nobody may change theirs: Cognito fills it in
// from the user name, but does not promise to ask for no right to, and a sign-up that is refused is worse
// than a right that no token can use, for want of the scope that token-issue suppresses.
func (s *stack) makeClient(id string, passwords bool, writes *awscognito.StandardAttributesMask) awscognito.UserPoolClient {
	return s.pool.AddClient(&id, &awscognito.UserPoolClientOptions{
		AuthFlows:                  &awscognito.AuthFlow{UserPassword: &passwords},
		GenerateSecret:             jsii.Bool(false),
		DisableOAuth:               jsii.Bool(true),
		PreventUserExistenceErrors: jsii.Bool(true),
		EnableTokenRevocation:      jsii.Bool(true),
		AccessTokenValidity:        awscdk.Duration_Minutes(jsii.Number(15)),
		IdTokenValidity:            awscdk.Duration_Minutes(jsii.Number(15)),
		RefreshTokenValidity:       awscdk.Duration_Days(jsii.Number(30)),
		WriteAttributes:            awscognito.NewClientAttributes().WithStandardAttributes(writes),
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
// Cognito takes none that is not verified yet, and wants a sender's name as mails have it, in ASCII.
func (s *stack) mailThroughSES() {
	if s.PoolMail != "ses" {
		return
	}
	s.pool.Node().DefaultChild().(awscognito.CfnUserPool).SetEmailConfiguration(&awscognito.CfnUserPool_EmailConfigurationProperty{
		EmailSendingAccount: jsii.String("DEVELOPER"), From: jsii.String(s.Sender()), SourceArn: &s.identity, ConfigurationSet: s.mails.Ref(),
	})
}

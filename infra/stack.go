package main

import (
	"fmt"
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"roster/infra/project"
	"roster/shared/operation"
)

// A deployment is one stage to be written: its settings, and the functions that it is made of.
type deployment struct {
	project.Settings
	Operations []operation.Operation
	Code       func(function string) (folder string, err error) // with a bootstrap for arm64 in it
	Context    map[string]any                                   // of the CDK
	Out        string                                           // folder of the cloud assembly
	Aspects    []awscdk.IAspect                                 // that look at the whole stack
}

// synth writes the cloud assembly, or says why there is none. The CDK reports some mistakes by
// panicking, those of the template's validation among them.
func (d deployment) synth() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("synth: %v", p)
		}
	}()
	// SAM finds the code of a function by these; the CDK CLI sets them too.
	context := maps.Clone(d.Context)
	context["aws:cdk:enable-path-metadata"], context["aws:cdk:enable-asset-metadata"] = true, true
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: &d.Out, Context: &context, AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false), StackTraces: jsii.Bool(false),
	})
	if err := newStack(app, d); err != nil {
		return err
	}
	for _, a := range d.Aspects {
		awscdk.Aspects_Of(app).Add(a, nil)
	}
	app.Synth(nil)
	return nil
}

// A stack is a stage under construction. Parts are set in the order in which build makes them.
type stack struct {
	deployment
	cdk awscdk.Stack

	table    awsdynamodb.CfnTable
	identity string // ARN of SES's
	mails    awsses.CfnConfigurationSet
	failed   failed
	alarms   awssns.Topic // nil where nobody hears them

	crmSecret, onboardingSecret *string // "" where there is no CRM

	functions map[string]awslambda.Function
	pool      awscognito.UserPool
	client    awscognito.UserPoolClient
	pmmClient awscognito.UserPoolClient
	api       awsapigateway.RestApi
}

// failed is where goes what could not be processed.
type failed struct {
	records awss3.Bucket // of the table's stream
	events  awssqs.Queue
}

// newStack makes the stack of a stage.
func newStack(app awscdk.App, d deployment) error {
	s := &stack{deployment: d, functions: map[string]awslambda.Function{}}
	s.cdk = awscdk.NewStack(app, jsii.String("roster-"+d.Stage), &awscdk.StackProps{
		Description:           jsii.String("Roster, stage " + d.Stage),
		TerminationProtection: &d.Production,
	})
	return s.build()
}

func (s *stack) build() error {
	s.makeTable()
	s.makeMails()
	s.makeFailed()
	s.makeTopic()
	s.makeSecrets()
	// The pool names its triggers, and the other functions name the pool.
	if err := s.makeFunctions(operation.Event.Trigger); err != nil {
		return err
	}
	s.makePool()
	if err := s.makeFunctions(func(e operation.Event) bool { return !e.Trigger() }); err != nil {
		return err
	}
	for _, o := range s.Operations {
		if err := s.wake(o); err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	s.makeAPI()
	s.makeDomain()
	s.makeWAF()
	s.makeAlarms()
	s.makeDashboard()
	s.makeOutputs()
	return nil
}

// makeFunctions makes the functions of those rows that such an event wakes, or none.
func (s *stack) makeFunctions(woken func(operation.Event) bool) error {
	for _, o := range s.Operations {
		if !woken(o.Event) {
			continue
		}
		if err := s.makeFunction(o); err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return nil
}

// name is what a thing of this stage is called where the whole account sees it.
func (s *stack) name(of string) *string { return jsii.String("roster-" + s.Stage + "-" + of) }

// keep is what becomes of data when the stack is destroyed.
func (s *stack) keep() awscdk.RemovalPolicy {
	if s.Production {
		return awscdk.RemovalPolicy_RETAIN
	}
	return awscdk.RemovalPolicy_DESTROY
}

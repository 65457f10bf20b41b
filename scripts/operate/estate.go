package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"roster/shared/awsconfig"
)

// An estate is a stage as an AWS account has it, its table apart.
type estate struct {
	stage string

	stacks       *cloudformation.Client
	records      *s3.Client
	events       *sqs.Client
	functions    *lambda.Client
	mails        *sesv2.Client
	secrets      *secretsmanager.Client
	certificates *acm.Client
	trails       *cloudtrail.Client
	gateways     *apigateway.Client

	in  io.Reader
	out io.Writer
	ask func(question string, args ...any) error
}

// longest is how long a function may take to answer: a minute for the workers of the stream.
const longest = 70 * time.Second

// openEstate makes the clients. A function is called once: a second call by the SDK would be one more
// attempt that nobody sees.
func openEstate(stage string, in io.Reader, out io.Writer, ask func(string, ...any) error) *estate {
	records := awsconfig.New("S3")
	return &estate{
		stage: stage, in: in, out: out, ask: ask,
		stacks:  cloudformation.NewFromConfig(awsconfig.New("CLOUDFORMATION")),
		records: s3.NewFromConfig(records, func(o *s3.Options) { o.UsePathStyle = records.BaseEndpoint != nil }),
		events: sqs.NewFromConfig(awsconfig.New("SQS"), func(o *sqs.Options) {
			o.HTTPClient = &http.Client{Timeout: longest}
		}),
		functions: lambda.NewFromConfig(awsconfig.New("LAMBDA"), func(o *lambda.Options) {
			o.HTTPClient, o.Retryer = &http.Client{Timeout: longest}, aws.NopRetryer{}
		}),
		mails:        sesv2.NewFromConfig(awsconfig.New("SESV2")),
		secrets:      secretsmanager.NewFromConfig(awsconfig.New("SECRETS_MANAGER")),
		certificates: acm.NewFromConfig(awsconfig.New("ACM")),
		trails:       cloudtrail.NewFromConfig(awsconfig.New("CLOUDTRAIL")),
		gateways:     apigateway.NewFromConfig(awsconfig.New("API_GATEWAY")),
	}
}

func (e *estate) do(ctx context.Context, command string, dry bool) error {
	switch command {
	case "check":
		return e.check(ctx, "cdk.json")
	case "failed":
		return e.failed(ctx)
	case "resend":
		return e.resend(ctx, dry)
	case "crm-secret":
		return e.rotate(ctx)
	case "onboarding-secret":
		return e.onboarding(ctx)
	}
	return errUsage
}

// A stack is what CloudFormation knows of one.
type stack struct {
	status  string // "" for none
	outputs map[string]string
}

func (e *estate) describe(ctx context.Context, name string) (stack, error) {
	got, err := e.stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if code(err) == "ValidationError" && strings.Contains(err.Error(), "does not exist") {
		return stack{}, nil
	}
	if err != nil {
		return stack{}, err
	}
	if len(got.Stacks) != 1 {
		return stack{}, fmt.Errorf("CloudFormation knows %d stacks called %s", len(got.Stacks), name)
	}
	s := stack{string(got.Stacks[0].StackStatus), map[string]string{}}
	for _, o := range got.Stacks[0].Outputs {
		s.outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return s, nil
}

// deployed returns the outputs of the stage's stack, by their names.
func (e *estate) deployed(ctx context.Context) (map[string]string, error) {
	s, err := e.describe(ctx, e.stack())
	if err == nil && s.status == "" {
		err = fmt.Errorf("there is no stack %s in %s", e.stack(), e.region())
	}
	return s.outputs, err
}

// output returns one that the stack must have.
func output(all map[string]string, name string) (string, error) {
	if all[name] == "" {
		return "", fmt.Errorf("the stack has no output %s: deploy it again", name)
	}
	return all[name], nil
}

func (e *estate) stack() string  { return "roster-" + e.stage }
func (e *estate) region() string { return e.stacks.Options().Region }

// code is the name of the error that AWS answered with, "" for none.
func code(err error) string {
	if answer, ok := errors.AsType[smithy.APIError](err); ok {
		return answer.ErrorCode()
	}
	return ""
}

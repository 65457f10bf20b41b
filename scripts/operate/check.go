package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	ses "github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"roster/infra/project"
)

// bootstrapped is the version of the CDK's own stack that Roster's template asks for.
const bootstrapped = 6

// A verdict is what a check found: "" for nothing wrong. deployable is for what a deployment does not
// fail on.
type verdict struct {
	says, todo string
	deployable bool
}

func good(format string, args ...any) verdict { return verdict{says: fmt.Sprintf(format, args...)} }

func (v verdict) wrong(format string, args ...any) verdict {
	v.todo = fmt.Sprintf(format, args...)
	return v
}

func (v verdict) warn(format string, args ...any) verdict {
	v.deployable = true
	return v.wrong(format, args...)
}

// A checker asks AWS about what a deployment of a stage depends on. It changes nothing.
type checker struct {
	*estate
	project.Settings
	deployed stack
}

// errNotReady says that a deployment would fail, or make a stage that cannot work.
var errNotReady = errors.New("the stage is not ready to be deployed")

// check prints a line for each thing that a deployment of the stage depends on: ok, a warning, or what
// to do first. errNotReady when there is anything of the last.
func (e *estate) check(ctx context.Context, file string) error {
	p, err := project.Read(file)
	if err != nil {
		return err
	}
	s, err := p.Settings(e.stage)
	if err != nil {
		fmt.Fprintf(e.out, "wrong  settings: %v\n", err)
		return errNotReady
	}
	fmt.Fprintf(e.out, "ok     settings of stage %s, in %s\n", e.stage, e.region())
	c := &checker{estate: e, Settings: s}
	ready := true
	for _, check := range []func(context.Context) (verdict, error){
		c.placeholders, c.bootstrap, c.stackOf, c.concurrency, c.sending, c.identity, c.codes,
		c.crmSecret, c.onboardingSecret, c.certificate, c.logRole, c.trail,
	} {
		v, err := check(ctx)
		if err != nil {
			return err // of credentials, or of the network: what follows would fail too
		}
		switch {
		case v.says == "":
		case v.todo == "":
			fmt.Fprintf(e.out, "ok     %s\n", v.says)
		case v.deployable:
			fmt.Fprintf(e.out, "warn   %s: %s\n", v.says, v.todo)
		default:
			fmt.Fprintf(e.out, "wrong  %s: %s\n", v.says, v.todo)
			ready = false
		}
	}
	if !ready {
		return errNotReady
	}
	return nil
}

func (c *checker) bootstrap(ctx context.Context) (verdict, error) {
	s, err := c.describe(ctx, "CDKToolkit")
	v := good("the CDK's bootstrap in %s", c.region())
	if err != nil || s.status == "" {
		return v.wrong("run infra/node_modules/.bin/cdk bootstrap aws://<account>/%s", c.region()), err
	}
	if n, _ := strconv.Atoi(s.outputs["BootstrapVersion"]); n < bootstrapped {
		return v.wrong("it is version %q, and %d is needed: run cdk bootstrap again", s.outputs["BootstrapVersion"], bootstrapped), nil
	}
	return v, nil
}

// stackOf finds out whether the stage's stack is one that CloudFormation takes a change of.
func (c *checker) stackOf(ctx context.Context) (verdict, error) {
	var err error
	if c.deployed, err = c.describe(ctx, c.stack()); err != nil {
		return verdict{}, err
	}
	switch status := c.deployed.status; {
	case status == "":
		return good("stack %s is not deployed yet", c.stack()), nil
	case status == "REVIEW_IN_PROGRESS": // which a change set leaves behind that nobody executed
		return good("stack %s", c.stack()).warn("it is %s, which never ends by itself: deploy, or delete it in CloudFormation", status), nil
	case strings.HasSuffix(status, "_IN_PROGRESS"):
		return good("stack %s", c.stack()).wrong("it is %s: wait until it is not", status), nil
	case strings.HasSuffix(status, "_FAILED"):
		return good("stack %s", c.stack()).wrong("it is %s: continue its rollback, or delete it, in CloudFormation", status), nil
	default:
		return good("stack %s is %s", c.stack(), status), nil
	}
}

// owns reports whether the stage's stack made the resource of that logical id.
func (c *checker) owns(ctx context.Context, id string) (bool, error) {
	if c.deployed.status == "" {
		return false, nil
	}
	_, err := c.stacks.DescribeStackResource(ctx, &cloudformation.DescribeStackResourceInput{
		StackName: aws.String(c.stack()), LogicalResourceId: &id,
	})
	if code(err) == "ValidationError" {
		return false, nil
	}
	return err == nil, err
}

// sending asks what SES lets the account send.
func (c *checker) sending(ctx context.Context) (verdict, error) {
	a, err := c.mails.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		return verdict{}, err
	}
	quota := -1.0 // without end
	v := good("SES sends mails")
	if a.SendQuota != nil {
		quota = a.SendQuota.Max24HourSend
		v = good("SES sends %g mails a day, %g a second", quota, a.SendQuota.MaxSendRate)
	}
	switch {
	case !a.SendingEnabled || aws.ToString(a.EnforcementStatus) == "SHUTDOWN":
		return v.warn("its sending is paused (%s): look at SES's account dashboard", aws.ToString(a.EnforcementStatus)), nil
	case !a.ProductionAccessEnabled:
		return v.warn("it is in the sandbox and sends to verified addresses only: ask AWS for production access"), nil
	case aws.ToString(a.EnforcementStatus) == "PROBATION":
		return v.warn("the account is under review: look at SES's account dashboard"), nil
	case quota >= 0 && quota < float64(c.InvitesPerDay):
		return v.warn("one organization alone may send %d (setting invitesPerDay)", c.InvitesPerDay), nil
	}
	return v, nil
}

// identity asks whether the mails' sender exists, and is verified, as the settings have it.
func (c *checker) identity(ctx context.Context) (verdict, error) {
	v := good("mail identity %s", c.MailIdentity)
	i, err := c.mails.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &c.MailIdentity})
	_, missing := errors.AsType[*ses.NotFoundException](err)
	if err != nil && !missing {
		return v, err
	}
	ours, err := c.owns(ctx, "MailIdentity")
	if err != nil {
		return v, err
	}
	switch {
	case missing && c.PoolMail == "ses":
		return v.wrong("it does not exist yet, and Cognito takes none that is not verified: set poolMail to cognito until it is"), nil
	case missing && !c.MakeMailIdentity:
		return v.wrong("it does not exist: make it in SES, or set makeMailIdentity to true"), nil
	case missing:
		return v.warn("the stack makes it: verify it then, until when no mail is sent"), nil
	case c.MakeMailIdentity && !ours:
		return v.wrong("it exists, and not by this stack, which cannot make it again: set makeMailIdentity to false"), nil
	case !i.VerifiedForSendingStatus && c.PoolMail == "ses":
		return v.wrong("it is not verified (%s), and Cognito takes none that is not: set poolMail to cognito until it is", i.VerificationStatus), nil
	case !i.VerifiedForSendingStatus:
		return v.warn("it is not verified (%s): publish its DNS records, or follow the link that SES mailed", i.VerificationStatus), nil
	}
	return v, nil
}

// placeholders names the settings that still are what cdk.json came with. Production has none.
func (c *checker) placeholders(context.Context) (verdict, error) {
	all := c.Placeholders()
	if all == nil {
		return verdict{}, nil
	}
	return good("settings").warn("%s have addresses of .example, which nobody has", strings.Join(all, ", ")), nil
}

// codes asks who sends the user pool's codes, without which nobody signs up.
func (c *checker) codes(context.Context) (verdict, error) {
	if !c.Production || c.PoolMail != "cognito" {
		return verdict{}, nil
	}
	return good("the user pool's codes").warn("Cognito's own sender takes 50 mails a day: set poolMail to ses once the identity is verified"), nil
}

// certificate asks whether the custom domain's is one that API Gateway takes.
func (c *checker) certificate(ctx context.Context) (verdict, error) {
	if c.Domain == "" {
		return verdict{}, nil
	}
	v := good("certificate of %s", c.Domain)
	if region := strings.Split(c.Certificate, ":")[3]; region != c.region() {
		return v.wrong("it is of %s, and the API will be in %s", region, c.region()), nil
	}
	got, err := c.certificates.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &c.Certificate})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return v.wrong("there is none with the ARN of setting certificate"), nil
	}
	if err != nil {
		return v, err
	}
	names := append([]string{aws.ToString(got.Certificate.DomainName)}, got.Certificate.SubjectAlternativeNames...)
	switch {
	case got.Certificate.Status != types.CertificateStatusIssued:
		return v.wrong("it is %s: publish the DNS record that ACM asks for", got.Certificate.Status), nil
	case !slices.ContainsFunc(names, func(name string) bool { return covers(name, c.Domain) }):
		return v.wrong("it is of %s only", strings.Join(names, ", ")), nil
	}
	return v, nil
}

// covers reports whether a certificate's name, which may begin with *, is of the domain too.
func covers(name, domain string) bool {
	if rest, ok := strings.CutPrefix(name, "*."); ok {
		_, parent, _ := strings.Cut(domain, ".")
		return parent == rest
	}
	return name == domain
}

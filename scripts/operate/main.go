// Command operate is what an operator of a stage does by hand: it says what a deployment still needs,
// walks through the API once, shows what waits or failed, wakes a purge, names an Admin, sends again
// what failed, and puts new credentials of the CRM, and for it, in their place.
//
//	operate check <stage>
//	operate failed <stage>
//	operate [-yes] [-dry-run] resend <stage>
//	operate crm-secret <stage> < credentials.json
//	operate [-yes] onboarding-secret <stage>
//	operate [-yes] purge [<org id>]
//	operate [-yes] admins [<org id> <member id>]
//	operate mails
//	operate smoke <url>
//
// All but the last take AWS from the SDKs' variables: AWS_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. purge, admins and mails take the table from ROSTER_TABLE;
// the first five find what they need by the stage. Before something changes they ask, unless -yes is
// given; crm-secret asks nothing, its input being the answer. Nothing that they print tells of a
// person, or of a secret.
//
// smoke takes two accounts of that stage, which are in no organization, from ROSTER_SMOKE_EMAIL and
// ROSTER_SMOKE_PASSWORD, ROSTER_SMOKE_OTHER_EMAIL and ROSTER_SMOKE_OTHER_PASSWORD. It walks as the
// README does: founds an organization, invites an address of SES's simulator, connects a PMM server, and
// deletes all of it again.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"roster/shared/awsconfig"
	"roster/shared/setting"
	"roster/shared/store"
)

func main() {
	yes := flag.Bool("yes", false, "change things without asking")
	dry := flag.Bool("dry-run", false, "say what resend would send")
	flag.Usage = func() { fmt.Fprintln(os.Stderr, usage) }
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *yes, *dry, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "operate:", err)
		os.Exit(1)
	}
}

const usage = `operate check <stage>                         what a deployment of the stage still needs
operate failed <stage>                        what could not be processed
operate [-yes] [-dry-run] resend <stage>      sends that to its functions again
operate crm-secret <stage>                    puts the CRM's credentials, from standard input, in place
operate [-yes] onboarding-secret <stage>      makes what the CRM calls with anew: a secondary, then the primary
operate [-yes] purge [<org id>]               what is deleted and not erased yet; wakes one purge
operate [-yes] admins [<org id> <member id>]  who has lost their only Admin; makes a member their Admin
operate mails                                 how many invitations wait to be sent, how many failed
operate smoke <url>                           walks through the API at that address as two people`

var errUsage = errors.New("usage:\n" + usage)

func run(ctx context.Context, yes, dry bool, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	if args[0] == "smoke" {
		if len(args) != 2 {
			return errUsage
		}
		return smoke(ctx, args[1], os.Stdout)
	}
	if slices.Contains([]string{"check", "failed", "resend", "crm-secret", "onboarding-secret"}, args[0]) {
		if len(args) != 2 {
			return errUsage
		}
		o := &operator{in: os.Stdin, out: os.Stdout, yes: yes}
		return openEstate(args[1], os.Stdin, os.Stdout, o.ask).do(ctx, args[0], dry)
	}
	client := dynamodb.NewFromConfig(awsconfig.New("DYNAMODB"))
	table := setting.Text("ROSTER_TABLE")
	o := &operator{
		db: store.New(client, table, time.Now), client: client, table: table, now: time.Now,
		in: os.Stdin, out: os.Stdout, yes: yes,
	}
	return o.do(ctx, args[0], args[1:])
}

// An operator works on the table of a stage.
type operator struct {
	db     *store.Store
	client *dynamodb.Client
	table  string
	now    func() time.Time
	in     io.Reader // answers what ask asks
	out    io.Writer
	yes    bool
}

func (o *operator) do(ctx context.Context, command string, args []string) error {
	switch {
	case command == "purge" && len(args) == 0:
		return o.backlog(ctx)
	case command == "purge" && len(args) == 1:
		return o.wake(ctx, args[0])
	case command == "admins" && len(args) == 0:
		return o.stranded(ctx)
	case command == "admins" && len(args) == 2:
		return o.name(ctx, args[0], args[1])
	case command == "mails" && len(args) == 0:
		return o.mails(ctx)
	}
	return errUsage
}

// errNo says that the operator did not want it.
var errNo = errors.New("nothing was changed")

// ask returns nil when the operator agrees to a change, else errNo.
func (o *operator) ask(question string, args ...any) error {
	if o.yes {
		return nil
	}
	fmt.Fprintf(o.out, question+" [y/N] ", args...)
	answer, _ := bufio.NewReader(o.in).ReadString('\n') // what ends early is no
	if strings.TrimSpace(answer) != "y" {
		return errNo
	}
	return nil
}

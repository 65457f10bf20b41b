// Command local runs all of Roster on loopback: the functions' binaries behind a gateway, with
// stand-ins for Cognito, SES and the customers' CRM and a real DynamoDB engine. It is `make run`; Ctrl-C stops it.
//
// PORT is the gateway's (8080). DYNAMODB_ENDPOINT names a running engine to use instead of an empty
// one of its own. LOG_LEVEL=INFO shows the line of each request, which WARN leaves out. Variables that
// begin with ROSTER_ are settings of the functions.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"roster/scripts/local/cloud"
	"roster/scripts/local/crm"
)

// built is where `make build` puts the functions, from the module's root.
const built = ".build/functions"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := config{port: os.Getenv("PORT"), functions: built, settings: settings(os.Environ()), level: os.Getenv("LOG_LEVEL")}
	err := run(ctx, c, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "roster:", err)
		os.Exit(1)
	}
}

// A config is what the environment says.
type config struct {
	port      string // 8080 when empty
	functions string
	settings  map[string]string
	level     string // WARN when empty
}

// run starts everything, seeds it, says where it is, and stops it when ctx ends.
func run(ctx context.Context, c config, out, log io.Writer) error {
	port := cmp.Or(c.port, "8080")
	here, err := cloud.Start(ctx, cloud.Options{
		Addr: net.JoinHostPort("127.0.0.1", port), Functions: c.functions, Settings: c.settings, Log: log,
		LogLevel: cmp.Or(c.level, "WARN"),
	})
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %s is in use; choose another, such as PORT=8081 (%w)", port, err)
	}
	if err != nil {
		return err
	}
	defer here.Close()
	if err := seed(ctx, here.URL); err != nil {
		return fmt.Errorf("seed the demo accounts: %w", err)
	}
	announce(out, here)
	<-ctx.Done()
	return nil
}

// settings returns the variables that are for the functions.
func settings(environ []string) map[string]string {
	all := map[string]string{}
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); strings.HasPrefix(name, "ROSTER_") {
			all[name] = value
		}
	}
	return all
}

func announce(out io.Writer, c *cloud.Cloud) {
	fmt.Fprintf(out, `Roster is ready at %s

  Portal     %[1]s/
  Mails      %[1]s/_local/inbox
  DynamoDB   %s, table %s
  Accounts   %s, password %s: admin of %s
             %s, password %[5]s: in no organization
%[8]s
Ctrl-C stops it.
`, c.URL, c.DynamoDB, c.Table, ann.Email, ann.Password, organization, carol.Email, customers(c))
}

// customers says whom the CRM knows, and what it calls Roster with.
func customers(c *cloud.Cloud) string {
	label, said := "  Customers", ""
	for _, company := range c.Customers {
		said += fmt.Sprintf("%-13s%s:", label, company.Account.Name)
		for i, contact := range company.Contacts {
			said += fmt.Sprintf("%s %s", map[bool]string{true: ","}[i > 0], contact.Email)
		}
		said, label = said+"\n", ""
	}
	return said + fmt.Sprintf("%-13scredential of members:onboard: %s\n", "", crm.Onboarding)
}

// Package cloud puts the local cloud together: gateway, functions, stream, DynamoDB, Cognito,
// SES and a CRM, each at an address of its own on loopback, wired by nothing but the environment variables
// that a deployment sets too. The functions are the binaries that Lambda runs and cannot tell.
package cloud

import (
	"cmp"
	"context"
	"crypto/rsa"
	"fmt"
	"io"
	"net/http"
	"sync"

	"roster/scripts/local/cognito"
	"roster/scripts/local/crm"
	"roster/scripts/local/runtime"
	"roster/scripts/local/ses"
	"roster/scripts/local/stream"
	"roster/shared/operation"
)

const (
	loopback     = "127.0.0.1:0"
	defaultTable = "roster"
)

// Options says what a cloud is made of. Functions alone must be given.
type Options struct {
	Addr      string            // of the gateway; a free port of 127.0.0.1 when empty
	Functions string            // folder with <name>/bootstrap of every operation
	Settings  map[string]string // of the deployment, such as ROSTER_RESEND_AFTER; others keep their defaults

	// DynamoDB is the endpoint of an engine that has the table. When it is empty, an engine is
	// started, or the one at DYNAMODB_ENDPOINT used, and the table made there.
	DynamoDB string
	Table    string // roster when empty
	// FunctionsDynamoDB is the endpoint that the functions get instead, such as a proxy that injects
	// faults on the way to DynamoDB. "{function}" in it becomes the function's name, so that the proxy
	// can tell them apart.
	FunctionsDynamoDB string
	// FunctionsCognito and FunctionsSES stand before the pool and SES in the same way.
	FunctionsCognito, FunctionsSES string

	Key *rsa.PrivateKey // signs the pool's tokens; a new one when nil

	LogLevel string    // of the functions: DEBUG, INFO, WARN, ERROR; INFO when empty
	Log      io.Writer // takes what the functions print, and what goes wrong; nothing when nil
}

// A Cloud is a running one.
type Cloud struct {
	URL      string // of the gateway, and of the portal in mails; no trailing slash
	DynamoDB string // endpoint
	Table    string

	Mail   *ses.Inbox      // what arrived, from functions and from the pool
	SES    *ses.Server     // takes faults
	Pool   *cognito.Pool   // takes an operator's calls too
	CRM    *crm.Server     // the customers' platform; takes faults
	Stream *stream.Mapping // what the table tells its consumers

	Customers []crm.Company // those that the CRM began with

	log       io.Writer
	functions map[string]*runtime.Function
	closers   []func() // run last to first
	once      sync.Once
}

// Start returns a cloud that answers. It must be closed; ctx bounds the start only.
func Start(ctx context.Context, o Options) (*Cloud, error) {
	c := &Cloud{Mail: &ses.Inbox{}, log: newLog(o.Log), functions: map[string]*runtime.Function{}}
	if err := c.start(ctx, o); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cloud) start(ctx context.Context, o Options) error {
	db, err := c.openDatabase(ctx, o)
	if err != nil {
		return err
	}
	doors, err := c.open(o.Addr)
	if err != nil {
		return err
	}
	c.URL = doors.gateway.url
	if err := c.deploy(o, doors); err != nil {
		return err
	}
	if c.Pool, err = cognito.New(c.pool(doors.cognito.url, o.Key)); err != nil {
		return err
	}
	c.SES = ses.New(c.Mail)
	c.SES.Publish = c.waking(operation.MailReported)
	c.onClose(c.SES.Close)
	if err := c.openCRM(); err != nil {
		return err
	}
	front, err := c.front()
	if err != nil {
		return err
	}
	c.serve(doors.cognito, c.Pool)
	c.serve(doors.ses, c.SES)
	c.serve(doors.crm, c.CRM)
	c.serve(doors.secrets, c.CRM.Secrets())
	c.follow(db)
	c.serve(doors.gateway, front)
	c.onClose(func() { _ = c.CRM.SetFault(crm.None) }) // whoever waits for a slow answer gets it
	return nil
}

// Function returns the function of an operation, to kill its processes or to invoke it by hand; nil
// when there is none of that name.
func (c *Cloud) Function(name string) *runtime.Function { return c.functions[name] }

// Settled waits until the background work is done: what was in the table's stream, and what SES had
// to report of the mails. What that leads to may be done or not. The error is ctx's.
func (c *Cloud) Settled(ctx context.Context) error {
	if err := c.Stream.Settled(ctx); err != nil {
		return err
	}
	return c.SES.Settled(ctx)
}

// Close stops everything, and returns when no process is left. Requests under way get a moment to
// end. Calling it again does nothing.
func (c *Cloud) Close() {
	c.once.Do(func() {
		for i := len(c.closers) - 1; i >= 0; i-- {
			c.closers[i]()
		}
	})
}

func (c *Cloud) onClose(f func()) { c.closers = append(c.closers, f) }

// invoke runs a function and logs why it failed, which its caller does not learn.
func (c *Cloud) invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	f := c.functions[name]
	if f == nil {
		return nil, fmt.Errorf("there is no function %s", name)
	}
	answer, err := f.Invoke(ctx, payload)
	if err != nil {
		fmt.Fprintf(c.log, "%s: invocation failed: %v\n", name, err)
	}
	return answer, err
}

// openCRM makes the CRM and gives it the companies of its seed.
func (c *Cloud) openCRM() (err error) {
	c.CRM = crm.New()
	c.Customers, err = crm.Seed()
	for _, one := range c.Customers {
		err = cmp.Or(err, c.CRM.Add(one))
	}
	return err
}

// local is what only this cloud has: the inbox, accounts without a mail, and the CRM's companies.
func (c *Cloud) local() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/_local/accounts", c.Pool.Local())
	mux.Handle("/_local/accounts/", c.Pool.Local())
	mux.Handle("/_local/crm", c.CRM.Local())
	mux.Handle("/_local/crm/", c.CRM.Local())
	mux.Handle("/_local/", c.Mail.Local())
	return mux
}

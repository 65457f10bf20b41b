package cloud

import (
	"context"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"roster/scripts/local/cognito"
	"roster/scripts/local/engine"
	"roster/scripts/local/gateway"
	"roster/scripts/local/stream"
	"roster/shared/operation"
)

// front is the gateway: every route to its function, the pool's tokens, and /_local/.
func (c *Cloud) front() (http.Handler, error) {
	return gateway.New(gateway.Config{
		Operations: operation.All(),
		Invoke:     c.invoke,
		Keys:       c.Pool.Keyfunc,
		Issuer:     c.Pool.Issuer(),
		Scope:      "roster/api",
		Local:      c.local(),
	})
}

// pool is the user pool as the stack makes it: its triggers are functions, what operators do to
// users wakes one too, and its own mails go where all mails go.
func (c *Cloud) pool(endpoint string, key *rsa.PrivateKey) cognito.Config {
	return cognito.Config{
		Endpoint:         endpoint,
		Region:           engine.Region,
		PoolID:           poolID,
		ClientID:         clientID,
		Key:              key,
		Mail:             func(to, subject, text, html string) { c.Mail.Deliver(sender, to, subject, text, html) },
		PostConfirmation: c.waking(operation.PostConfirmation),
		PreToken:         c.waking(operation.PreTokenGeneration),
		Closed:           c.waking(operation.UserPoolCall),
		Log:              slog.New(slog.NewTextHandler(c.log, nil)),
	}
}

// waking returns what invokes the function that an event wakes.
func (c *Cloud) waking(by operation.Event) func(context.Context, []byte) ([]byte, error) {
	name := woken(by)
	return func(ctx context.Context, payload []byte) ([]byte, error) { return c.invoke(ctx, name, payload) }
}

// follow starts feeding the functions on the stream.
func (c *Cloud) follow(db database) {
	c.Stream = stream.New(stream.Config{
		Client: db.streams,
		Stream: stream.Of(db.client, c.Table),
		Consumers: []stream.Consumer{
			c.consumer(operation.InvitationQueued),
			c.consumer(operation.OrganizationDeleted),
		},
		Log: c.log,
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Stream.Run(ctx)
	}()
	c.onClose(func() {
		cancel()
		<-done
	})
}

func (c *Cloud) consumer(event operation.Event) stream.Consumer {
	name := woken(event)
	return stream.Consumer{
		Name: name, Filter: passes(event.Filters()), Invoke: c.waking(event),
		Failed: func(batch []byte) { fmt.Fprintf(c.log, "%s: failure destination: %s\n", name, batch) },
	}
}

// passes returns whether a record passes one of the filters, as the event source mapping has them.
func passes(filters []operation.Filter) func(events.DynamoDBEventRecord) bool {
	return func(r events.DynamoDBEventRecord) bool {
		return slices.ContainsFunc(filters, func(f operation.Filter) bool {
			return !slices.ContainsFunc(f, func(m operation.Match) bool { return !matches(r.Change.NewImage, m) })
		})
	}
}

// matches asks that the attribute is a string, or is not there where the match wants that.
func matches(image map[string]events.DynamoDBAttributeValue, m operation.Match) bool {
	v, ok := image[m.Attribute]
	if m.Absent {
		return !ok
	}
	if !ok || v.DataType() != events.DataTypeString {
		return false
	}
	return strings.HasPrefix(v.String(), m.Prefix) && (m.Equals == "" || v.String() == m.Equals)
}

package cloud

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
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
func (c *Cloud) pool(endpoint string) cognito.Config {
	return cognito.Config{
		Endpoint:         endpoint,
		Region:           engine.Region,
		PoolID:           poolID,
		ClientID:         clientID,
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
			c.consumer(operation.InvitationQueued, queued),
			c.consumer(operation.OrganizationDeleted, deleted),
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

func (c *Cloud) consumer(event operation.Event, filter func(events.DynamoDBEventRecord) bool) stream.Consumer {
	name := woken(event)
	return stream.Consumer{
		Name: name, Filter: filter, Invoke: c.waking(event),
		Failed: func(batch []byte) { fmt.Fprintf(c.log, "%s: failure destination: %s\n", name, batch) },
	}
}

// queued is the filter of mail-send: a mail of an invitation, or a notice to an address, that waits.
func queued(r events.DynamoDBEventRecord) bool {
	image := r.Change.NewImage
	invitation := strings.HasPrefix(text(image, "SK"), "INVITATION#")
	notice := strings.HasPrefix(text(image, "PK"), "EMAIL#") && text(image, "SK") == "NOTICE"
	return (invitation || notice) && text(image, "delivery") == "queued"
}

// deleted is the filter of org-purge: an organization that is deleted and still has its row.
func deleted(r events.DynamoDBEventRecord) bool {
	_, gone := r.Change.NewImage["deleted_at"]
	return gone && text(r.Change.NewImage, "SK") == "ORG"
}

// text returns an attribute that is a string; any other is "".
func text(image map[string]events.DynamoDBAttributeValue, name string) string {
	if v, ok := image[name]; ok && v.DataType() == events.DataTypeString {
		return v.String()
	}
	return ""
}

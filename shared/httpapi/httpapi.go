// Package httpapi is between API Gateway's events and typed handlers: it knows who calls, decodes
// and checks the body, and turns results and errors into the wire of API.md §1. Everything that is
// the same for every route is here, so that no handler can forget it.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

// Empty is the body of requests and responses that say nothing: {}.
type Empty struct{}

// Request is what a handler gets.
type Request[In any] struct {
	Body   In
	Caller account.Caller // of Public routes: without account and address

	path   map[string]string
	base   string
	origin string
	bad    error // what is wrong with the body, on a route whose verb decides first
}

// Handler does what a route is for. A *fault.Error is what the caller is told; every other error is
// internal: logged here, and never shown.
type Handler[In, Out any] func(context.Context, Request[In]) (Out, error)

type proxy = func(context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error)

// Serve runs a function whose callers must prove who they are. Without the authorizer's claims of
// an access token every request is 401, whatever stands in front of the function.
func Serve[In, Out any](h Handler[In, Out]) { start(adapt(h, onSAM(identify, os.Getenv))) }

// ServePublic runs a function that anybody may call.
func ServePublic[In, Out any](h Handler[In, Out]) { start(adapt(h, anybody)) }

// slack is how much the heap may grow between two collections, in percent of what is live. That is 2 MB
// of 256, and at Go's 100 a process collects every forty requests: a fifth of the work, and stacks as
// deep as the SDK's calls have to grow again each time.
const slack = 400

func start(p proxy) {
	debug.SetGCPercent(slack)
	telemetry.UseLog()
	lambda.Start(p)
}

// grace is how long before Lambda's own deadline the work is cut off, so that the caller still gets
// an answer in the API's shape.
const grace = 200 * time.Millisecond

func adapt[In, Out any](h Handler[In, Out], who func(events.APIGatewayProxyRequest) (account.Caller, error)) proxy {
	return func(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		ctx, line := telemetry.Begin(ctx)
		about(ctx, e)
		answer, err := respond(ctx, e, h, who)
		line.End(ctx, "request", err, slog.String("route", route(e)), slog.String("gatewayRequestId", e.RequestContext.RequestID))
		return answer, nil
	}
}

// about tells the tally what the request says of its caller and organization, before anybody looked.
func about(ctx context.Context, e events.APIGatewayProxyRequest) {
	if claims, ok := e.RequestContext.Authorizer["claims"].(map[string]any); ok {
		sub, _ := claims["sub"].(string)
		tally.Of(ctx).By(sub)
	}
	path := unescaped(e.PathParameters)
	for _, parameter := range []string{"org", "invitation"} { // an invitation is called by its organization
		id, _, _ := strings.Cut(path[parameter], ":")
		if o, err := org.ParseID(id); err == nil {
			tally.Of(ctx).About(string(o))
		}
	}
}

// route is the request's, as the list of operations has it.
func route(e events.APIGatewayProxyRequest) string { return e.HTTPMethod + " " + e.Resource }

// respond answers a request within its time, whatever the handler does. The error is the answer's, for
// the log.
func respond[In, Out any](ctx context.Context, e events.APIGatewayProxyRequest, h Handler[In, Out],
	who func(events.APIGatewayProxyRequest) (account.Caller, error),
) (answer events.APIGatewayProxyResponse, err error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-grace))
		defer cancel()
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			answer = refuse(ctx, e, err)
		}
	}()
	out, err := serve(ctx, e, h, who)
	if err != nil {
		return refuse(ctx, e, err), err
	}
	return succeed(out), nil
}

func serve[In, Out any](ctx context.Context, e events.APIGatewayProxyRequest, h Handler[In, Out],
	who func(events.APIGatewayProxyRequest) (account.Caller, error),
) (out Out, err error) {
	r := Request[In]{path: unescaped(e.PathParameters), base: base(e), origin: origin(e)}
	if r.Caller, err = who(e); err != nil {
		return out, err
	}
	if r.bad = take(e, &r.Body); r.bad != nil && !verbal(e) {
		return out, r.bad
	}
	return h(ctx, r)
}

// verbal reports whether a verb ends the route: those with a parameter last are posted to for nothing
// else. Verb tells whether there is that route, and only then what is wrong with the body.
func verbal(e events.APIGatewayProxyRequest) bool {
	return e.HTTPMethod == http.MethodPost && strings.HasSuffix(e.Resource, "}")
}

// take reads the body of a request: JSON, but for what reads itself.
func take(e events.APIGatewayProxyRequest, body any) error {
	if own, ok := body.(interface {
		read(events.APIGatewayProxyRequest) error
	}); ok {
		return own.read(e)
	}
	return decode(e, body)
}

// unescaped decodes the parameters, which the REST API hands on as they stand in the path: some
// clients escape the colon of a verb.
func unescaped(parameters map[string]string) map[string]string {
	path := make(map[string]string, len(parameters))
	for name, value := range parameters {
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		path[name] = value
	}
	return path
}

// Org returns the organization of the path.
func (r Request[In]) Org() (org.ID, error) { return org.ParseID(r.path["org"]) }

// OrgMember returns the organization and the member of the path.
func (r Request[In]) OrgMember() (org.ID, org.MemberID, error) {
	o, err := r.Org()
	if err != nil {
		return "", "", err
	}
	m, err := org.ParseMemberID(r.path["member"])
	return o, m, err
}

// Verb returns the verb behind the parameter, which must be one that the route has, and keeps what
// stands before it as the parameter. fault.ErrNotFound for any other and for none, and then what is
// wrong with the body.
func (r *Request[In]) Verb(parameter string, known ...string) (string, error) {
	verb := r.cut(parameter)
	if !slices.Contains(known, verb) {
		return "", fault.ErrNotFound
	}
	return verb, r.bad
}

// Only is Verb for a route with one.
func (r *Request[In]) Only(parameter, verb string) error {
	_, err := r.Verb(parameter, verb)
	return err
}

// cut cuts the last segment of the path at its last colon: API Gateway takes the whole segment as one.
// A segment without a verb has the verb "".
func (r *Request[In]) cut(parameter string) string {
	segment := r.path[parameter]
	cut := strings.LastIndexByte(segment, ':')
	if cut < 0 {
		return ""
	}
	r.path[parameter] = segment[:cut]
	return segment[cut+1:]
}

// Param returns a parameter of the path as it is.
func (r Request[In]) Param(name string) string { return r.path[name] }

// Base returns what stands before the route's path in the address that was called: the stage, or what
// a custom domain maps to it; "" for nothing. It is known of routes without parameters only.
func (r Request[In]) Base() string { return r.base }

func base(e events.APIGatewayProxyRequest) string {
	before, ok := strings.CutSuffix(strings.TrimSuffix(e.RequestContext.Path, "/"), strings.TrimSuffix(e.Resource, "/"))
	if !ok {
		return ""
	}
	return before
}

// Address returns Base as an absolute URL: the domain that was called, of this API or one mapped to it,
// which is as the gateway found it and nothing that a caller can make up.
func (r Request[In]) Address() string { return r.origin + r.base }

func origin(e events.APIGatewayProxyRequest) string {
	scheme := "https"
	if header(e, "X-Forwarded-Proto") == "http" {
		scheme = "http"
	}
	return scheme + "://" + e.RequestContext.DomainName
}

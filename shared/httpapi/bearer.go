package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/account"
)

// ServeClient runs a function whose callers are no people: the gateway asks them for no token, and check
// says whether the credential in their Authorization: Bearer is good, before anything else of the request
// is looked at. It gets "" where there is none.
func ServeClient[In, Out any](check func(ctx context.Context, credential string) error, h Handler[In, Out]) {
	start(func(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		return adapt(h, func(e events.APIGatewayProxyRequest) (account.Caller, error) {
			c, _ := anybody(e)
			return c, check(ctx, bearer(e.Headers))
		})(ctx, e)
	})
}

// bearer returns the credential that the headers carry, whose names are in the client's letter case.
func bearer(headers map[string]string) string {
	for name, value := range headers {
		if http.CanonicalHeaderKey(name) != "Authorization" {
			continue
		}
		if scheme, credential, _ := strings.Cut(value, " "); strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(credential)
		}
	}
	return ""
}

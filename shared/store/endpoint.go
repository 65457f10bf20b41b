package store

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	smithy "github.com/aws/smithy-go/endpoints"
)

// endpoint is where the table is, for all calls: the SDK's rules would find the same one again for each
// call, which is a tenth of what a call costs.
type endpoint smithy.Endpoint

// ResolveEndpoint implements dynamodb.EndpointResolverV2.
func (e endpoint) ResolveEndpoint(context.Context, dynamodb.EndpointParameters) (smithy.Endpoint, error) {
	return smithy.Endpoint(e), nil
}

// settle asks the SDK's rules for the endpoint, once. Where they find none they are asked again by each
// call, which fails with what they say.
func settle(o *dynamodb.Options) {
	in := dynamodb.EndpointParameters{Region: &o.Region, Endpoint: o.BaseEndpoint}.WithDefaults()
	if found, err := o.EndpointResolverV2.ResolveEndpoint(context.Background(), in); err == nil {
		o.EndpointResolverV2 = endpoint(found)
	}
}

// warm opens a connection to that endpoint. Its failure says nothing yet: the first real call will.
func warm(o dynamodb.Options) {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	found, err := o.EndpointResolverV2.ResolveEndpoint(ctx, dynamodb.EndpointParameters{})
	if err != nil {
		return
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, found.URI.JoinPath("ping").String(), nil)
	if err != nil {
		return
	}
	if answer, err := o.HTTPClient.Do(req); err == nil {
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
}

package gateway

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
)

const (
	stage = "local"
	apiID = "local"
)

// newEvent returns payload 1.0 of a request. Path and path parameters stay percent-encoded as they
// were sent, the query is decoded: so does the REST API.
func newEvent(r *http.Request, found match, claims map[string]string, body body) events.APIGatewayProxyRequest {
	headers := headers(r)
	query := r.URL.Query()
	return events.APIGatewayProxyRequest{
		Resource:                        found.resource,
		Path:                            r.URL.EscapedPath(),
		HTTPMethod:                      r.Method,
		Headers:                         last(headers),
		MultiValueHeaders:               headers,
		QueryStringParameters:           last(query),
		MultiValueQueryStringParameters: some(query),
		PathParameters:                  found.parameters,
		RequestContext:                  requestContext(r, found, claims),
		Body:                            body.text,
		IsBase64Encoded:                 body.encoded,
	}
}

func requestContext(r *http.Request, found match, claims map[string]string) events.APIGatewayProxyRequestContext {
	now := time.Now()
	c := events.APIGatewayProxyRequestContext{
		AccountID:         "000000000000",
		ResourceID:        resourceID(found.resource),
		Stage:             stage,
		DomainName:        r.Host,
		DomainPrefix:      apiID,
		RequestID:         uuid.NewString(),
		ExtendedRequestID: uuid.NewString(),
		Protocol:          r.Proto,
		Identity:          events.APIGatewayRequestIdentity{SourceIP: sourceIP(r), UserAgent: r.UserAgent()},
		ResourcePath:      found.resource,
		Path:              r.URL.EscapedPath(),
		HTTPMethod:        r.Method,
		RequestTime:       now.UTC().Format("02/Jan/2006:15:04:05 +0000"),
		RequestTimeEpoch:  now.UnixMilli(),
		APIID:             apiID,
	}
	if claims != nil {
		c.Authorizer = map[string]any{"claims": claims}
	}
	return c
}

// headers returns what the client sent and what the edge adds.
func headers(r *http.Request) http.Header {
	h := maps.Clone(r.Header)
	h["Host"] = []string{r.Host}
	h["X-Forwarded-For"] = []string{strings.Join(append(r.Header["X-Forwarded-For"], sourceIP(r)), ", ")}
	h["X-Forwarded-Proto"] = []string{"http"}
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		h["X-Forwarded-Port"] = []string{port}
	}
	return h
}

// last returns the last value of each name, which is the one that payload 1.0 gives alone; nil for
// an empty map.
func last[M ~map[string][]string](all M) map[string]string {
	if len(all) == 0 {
		return nil
	}
	one := make(map[string]string, len(all))
	for name, values := range all {
		one[name] = values[len(values)-1]
	}
	return one
}

func some(query url.Values) url.Values {
	if len(query) == 0 {
		return nil
	}
	return query
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// resourceID returns something short that is the same for a resource every time.
func resourceID(resource string) string {
	h := fnv.New32a()
	h.Write([]byte(resource))
	return fmt.Sprintf("%08x", h.Sum32())
}

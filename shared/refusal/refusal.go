// Package refusal is the one list of what API Gateway itself answers when no function gets to: in
// the shape of Roster's own errors, because clients take an error without a code for a success. The
// CDK app makes gateway responses of it, the local gateway answers with it. It imports nothing of
// Roster.
package refusal

import "strconv"

// A Type is API Gateway's name for why it refused.
type Type string

// The types that Roster's API can meet.
const (
	// Unauthorized is a request whose token the authorizer did not find.
	Unauthorized Type = "UNAUTHORIZED"
	// AccessDenied is a token that the authorizer found and did not accept.
	AccessDenied Type = "ACCESS_DENIED"
	// ExpiredToken is a token that was good once.
	ExpiredToken Type = "EXPIRED_TOKEN"
	// MissingAuthenticationToken is, in spite of its name, a path or method that does not exist.
	MissingAuthenticationToken Type = "MISSING_AUTHENTICATION_TOKEN"
	// InvalidSignature is the same for a request that carries a bearer token: no method of this API
	// asks for a signature, but where there is no method, the gateway reads the token as one.
	InvalidSignature Type = "INVALID_SIGNATURE"
	// ResourceNotFound is a path that does not exist, found out after the request was accepted.
	ResourceNotFound Type = "RESOURCE_NOT_FOUND"
	// Throttled is a request over the rate of its method or of the stage.
	Throttled Type = "THROTTLED"
	// QuotaExceeded is a request over a usage plan's quota.
	QuotaExceeded Type = "QUOTA_EXCEEDED"
	// RequestTooLarge is a body over 10 MB, or an event over the 6 MB that a function takes.
	RequestTooLarge Type = "REQUEST_TOO_LARGE"
	// IntegrationTimeout is a function that did not answer in time.
	IntegrationTimeout Type = "INTEGRATION_TIMEOUT"
	// IntegrationFailure is a function that failed, or whose answer is not one.
	IntegrationFailure Type = "INTEGRATION_FAILURE"
	// AuthorizerFailure is an authorizer that could not decide.
	AuthorizerFailure Type = "AUTHORIZER_FAILURE"
	// AuthorizerConfigurationError is an authorizer that could not be reached.
	AuthorizerConfigurationError Type = "AUTHORIZER_CONFIGURATION_ERROR"
	// APIConfigurationError is a mistake in the deployed API.
	APIConfigurationError Type = "API_CONFIGURATION_ERROR"
	// BadRequestBody is a body that a request validator refused.
	BadRequestBody Type = "BAD_REQUEST_BODY"
	// BadRequestParameters are parameters that a request validator refused.
	BadRequestParameters Type = "BAD_REQUEST_PARAMETERS"
	// UnsupportedMediaType is a body of a content type that the gateway does not pass on.
	UnsupportedMediaType Type = "UNSUPPORTED_MEDIA_TYPE"
	// InvalidAPIKey is a wrong key on a method that asks for one.
	InvalidAPIKey Type = "INVALID_API_KEY"
	// WAFFiltered is a request that the firewall stopped.
	WAFFiltered Type = "WAF_FILTERED"
	// Default4XX is any other refusal that blames the caller; the ones known are of unknown routes.
	Default4XX Type = "DEFAULT_4XX"
	// Default5XX is any other failure of the gateway.
	Default5XX Type = "DEFAULT_5XX"
)

// A Refusal is the answer to one type of request that no function answers.
type Refusal struct {
	Type    Type
	Status  int // of HTTP
	Code    int // of gRPC
	Message string
}

// again is when a request that came too fast may come again, in seconds: the gateway lets some through
// each second.
const again = "1"

// Headers are those that the answer has besides the content type of JSON.
func (r Refusal) Headers() map[string]string {
	if r.Status == 429 {
		return map[string]string{"Retry-After": again}
	}
	return nil
}

// Body is the whole JSON body, fit to be a gateway response's template: it has nothing to fill in.
func (r Refusal) Body() string {
	return `{"code":` + strconv.Itoa(r.Code) + `,"message":` + strconv.Quote(r.Message) + `,"details":[]}`
}

// All returns every refusal. The slice is the caller's own. Each type has a status of its own here
// because the status of DEFAULT_4XX would otherwise become the status of all the others.
func All() []Refusal {
	const internal = "Internal server error."
	return []Refusal{
		{Unauthorized, 401, 16, "Authentication fail."},
		{AccessDenied, 401, 16, "Invalid credentials."},
		{ExpiredToken, 401, 16, "Invalid credentials."},
		{InvalidAPIKey, 403, 7, "The API key is not valid."},
		{MissingAuthenticationToken, 404, 5, "Not Found"},
		{InvalidSignature, 404, 5, "Not Found"},
		{ResourceNotFound, 404, 5, "Not Found"},
		{Throttled, 429, 8, "Too many requests."},
		{QuotaExceeded, 429, 8, "Too many requests."},
		{RequestTooLarge, 413, 3, "The request is too large."},
		{BadRequestBody, 400, 3, "The request body is not valid."},
		{BadRequestParameters, 400, 3, "The request parameters are not valid."},
		{UnsupportedMediaType, 415, 3, "The content type is not supported."},
		{WAFFiltered, 403, 7, "The request was blocked."},
		{IntegrationTimeout, 504, 4, "The request took too long."},
		{IntegrationFailure, 500, 13, internal},
		{AuthorizerFailure, 500, 13, internal},
		{AuthorizerConfigurationError, 500, 13, internal},
		{APIConfigurationError, 500, 13, internal},
		{Default4XX, 404, 5, "Not Found"},
		{Default5XX, 500, 13, internal},
	}
}

// Of returns the refusal of type t; of one that the list lacks, it is DEFAULT_5XX.
func Of(t Type) Refusal {
	all := All()
	for _, r := range all {
		if r.Type == t {
			return r
		}
	}
	return all[len(all)-1]
}

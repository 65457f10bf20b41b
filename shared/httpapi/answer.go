package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/fault"
)

// Codes gives each kind of failure its HTTP status and its gRPC code (API.md §1).
func Codes(k fault.Kind) (status, code int) {
	switch k {
	case fault.Invalid:
		return http.StatusBadRequest, 3
	case fault.Missing:
		return http.StatusNotFound, 5
	case fault.Exists:
		return http.StatusConflict, 6
	case fault.Forbidden:
		return http.StatusForbidden, 7
	case fault.Exhausted:
		return http.StatusTooManyRequests, 8
	case fault.Precondition:
		return http.StatusBadRequest, 9
	case fault.Aborted:
		return http.StatusConflict, 10
	case fault.Unavailable:
		return http.StatusServiceUnavailable, 14
	case fault.Unauthenticated:
		return http.StatusUnauthorized, 16
	}
	return http.StatusInternalServerError, 13
}

type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Details []any  `json:"details"`
}

// errInternal is all that a caller learns of an internal error.
var errInternal = fault.New(fault.Internal, "Internal server error.")

// refuse answers an error. What is not the caller's doing is logged, once, here.
func refuse(ctx context.Context, e events.APIGatewayProxyRequest, err error) events.APIGatewayProxyResponse {
	f := errInternal
	errors.As(err, &f)
	if f.Kind == fault.Internal || f.Kind == fault.Unavailable || f.Kind == fault.Aborted {
		slog.ErrorContext(ctx, "request failed", "route", route(e),
			"gatewayRequestId", e.RequestContext.RequestID, "error", err.Error())
	}
	status, code := Codes(f.Kind)
	if IsGrantError(f) {
		return refuseGrant(status, f)
	}
	details := f.Details
	if details == nil {
		details = []any{}
	}
	headers := map[string]string{}
	if f.RetryAfter > 0 {
		headers["Retry-After"] = strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds())))
	}
	return reply(status, failure{code, f.Message, details}, headers)
}

// refuseGrant answers a refusal of RFC 6749. That one asks for a WWW-Authenticate header too, which API
// Gateway would rename.
func refuseGrant(status int, f *fault.Error) events.APIGatewayProxyResponse {
	return reply(status, map[string]string{"error": f.Message}, nil)
}

// A Document is JSON that every caller gets alike, sent as it is. It may be kept for an hour.
type Document struct{ json.RawMessage }

// A File is what a browser gets as it is. Its headers say what it is and how long it may be kept.
type File struct {
	Headers map[string]string
	Text    string
}

// succeed answers with what a handler returned.
func succeed(out any) events.APIGatewayProxyResponse {
	if f, ok := out.(File); ok {
		return events.APIGatewayProxyResponse{StatusCode: http.StatusOK, Headers: f.Headers, Body: f.Text}
	}
	return reply(http.StatusOK, out, keeping(out))
}

// keeping returns the headers that say how long an answer may be kept, where it may.
func keeping(out any) map[string]string {
	if _, ok := out.(Document); ok {
		return map[string]string{"Cache-Control": "public, max-age=3600"}
	}
	return nil
}

func reply(status int, body any, headers map[string]string) events.APIGatewayProxyResponse {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		panic(err) // bodies are structs of this module: what they hold can be encoded
	}
	all := map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store"}
	for k, v := range headers {
		all[k] = v
	}
	return events.APIGatewayProxyResponse{
		StatusCode: status, Headers: all, Body: string(bytes.TrimRight(text.Bytes(), "\n")),
	}
}

package httpapi

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/fault"
)

// Grant is the body of a route that gives tokens to programs (RFC 6749 §4.4): who they say that they are,
// by Basic authentication, and what they ask for, in the query or a form. The body need not be there.
type Grant struct {
	Client string
	Secret string
	Type   string
	Scope  string
}

// The refusals of RFC 6749 §5.2, whose messages are its error codes. On the wire they are {"error": …},
// which is what OAuth clients read.
var (
	ErrClient       = fault.New(fault.Unauthenticated, "invalid_client")
	ErrGrantMissing = fault.New(fault.Invalid, "invalid_request")
	ErrGrantType    = fault.New(fault.Invalid, "unsupported_grant_type")
	ErrScope        = fault.New(fault.Invalid, "invalid_scope")
)

// IsGrantError tells the refusals of RFC 6749 from all others.
func IsGrantError(f *fault.Error) bool {
	return f == ErrClient || f == ErrGrantMissing || f == ErrGrantType || f == ErrScope
}

// read takes the grant out of a request. A program that says nothing of itself, or not so that it can be
// read, has no Client; a form that is none asks for nothing, which is refused to who proves to be somebody.
func (g *Grant) read(e events.APIGatewayProxyRequest) error {
	g.Client, g.Secret = basic(header(e, "Authorization"))
	form, err := formOf(e)
	if err != nil && !errors.Is(err, errForm) {
		return err
	}
	g.Type, g.Scope = form.Get("grant_type"), form.Get("scope")
	return nil
}

// errForm says that a body is no form.
var errForm = errors.New("httpapi: the body is no form")

// formOf returns the parameters of the query, and behind them those of the body; none for errForm.
func formOf(e events.APIGatewayProxyRequest) (url.Values, error) {
	form := url.Values{}
	for name, values := range e.MultiValueQueryStringParameters {
		form[name] = append(form[name], values...)
	}
	for name, value := range e.QueryStringParameters {
		if !form.Has(name) {
			form.Set(name, value)
		}
	}
	raw, err := bodyOf(e)
	if errors.Is(err, errJSON) {
		return nil, errForm
	}
	if err != nil {
		return nil, err
	}
	body, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, errForm
	}
	for name, values := range body {
		form[name] = append(form[name], values...)
	}
	return form, nil
}

// header returns a header's value, in whatever letter case its name came.
func header(e events.APIGatewayProxyRequest, name string) string {
	for n, value := range e.Headers {
		if strings.EqualFold(n, name) {
			return value
		}
	}
	return ""
}

// basic takes credentials apart; both are "" where there are none.
func basic(authorization string) (client, secret string) {
	scheme, text, _ := strings.Cut(authorization, " ")
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if !strings.EqualFold(scheme, "Basic") || err != nil {
		return "", ""
	}
	client, secret, _ = strings.Cut(string(b), ":")
	return client, secret
}

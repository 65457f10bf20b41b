package httpapi

import (
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/account"
)

// maxAgent is how much of a user agent is kept, in bytes.
const maxAgent = 512

// anybody is the caller of a public route: from somewhere, and nobody.
func anybody(e events.APIGatewayProxyRequest) (account.Caller, error) {
	agent := e.RequestContext.Identity.UserAgent
	return account.Caller{
		IP: e.RequestContext.Identity.SourceIP, RequestID: e.RequestContext.RequestID,
		UserAgent: strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], ""), // the cut may go through a letter
	}, nil
}

// identify reads the caller from the claims that the gateway's authorizer vouches for. It fails
// closed: account.ErrNoToken without claims, account.ErrRevoked for claims that are not an access
// token's, account.ErrUnverified for an address that nobody proved.
func identify(e events.APIGatewayProxyRequest) (account.Caller, error) {
	c, _ := anybody(e)
	claims, ok := e.RequestContext.Authorizer["claims"].(map[string]any)
	if !ok {
		return c, account.ErrNoToken
	}
	text := func(name string) string {
		s, _ := claims[name].(string) // the authorizer hands every claim on as text
		return s
	}
	if text("token_use") != "access" || text("sub") == "" {
		return c, account.ErrRevoked
	}
	if text("email_verified") != "true" {
		return c, account.ErrUnverified
	}
	address, err := account.ParseAddress(text("email"))
	if err != nil {
		return c, account.ErrRevoked
	}
	c.Account, c.Address, c.First, c.Last = account.ID(text("sub")), address, text("given_name"), text("family_name")
	c.Issued = issued(text("issued_ms"))
	return c, nil
}

// issued is when a token was made. One that does not say so is older than every sign-out.
func issued(ms string) time.Time {
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

package httpapi

import (
	"encoding/json"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/account"
	"roster/shared/setting"
)

// identity says who calls.
type identity = func(events.APIGatewayProxyRequest) (account.Caller, error)

// onSAM lets a developer be somebody where SAM CLI runs the function: its API enforces no authorizer,
// so no request has claims, and each would be refused. Then, and only where SAM says AWS_SAM_LOCAL,
// the claims are those of ROSTER_SAM_CLAIMS, a JSON object. Everywhere else who is what it was.
func onSAM(who identity, getenv func(string) string) identity {
	text := getenv("ROSTER_SAM_CLAIMS")
	if getenv("AWS_SAM_LOCAL") != "true" || text == "" {
		return who
	}
	var claims map[string]any
	if json.Unmarshal([]byte(text), &claims) != nil {
		setting.Refuse("ROSTER_SAM_CLAIMS", "must be a JSON object")
	}
	return func(e events.APIGatewayProxyRequest) (account.Caller, error) {
		if e.RequestContext.Authorizer["claims"] == nil {
			e.RequestContext.Authorizer = map[string]any{"claims": claims}
		}
		return who(e)
	}
}

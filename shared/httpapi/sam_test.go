package httpapi

import (
	"errors"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/account"
)

func TestADeveloperIsSomebodyWhereSAMRunsTheFunctionAndNowhereElse(t *testing.T) {
	const claims = `{"sub":"7","token_use":"access","email":"dev@example.com","email_verified":"true"}`
	tests := []struct {
		name, sam, claims string
		want              error
	}{
		{"SAM and claims", "true", claims, nil},
		{"claims alone", "", claims, account.ErrNoToken},
		{"claims, and SAM says no", "false", claims, account.ErrNoToken},
		{"SAM alone", "true", "", account.ErrNoToken},
		{"SAM and claims of no access token", "true", `{"sub":"7","token_use":"id"}`, account.ErrRevoked},
		{"neither", "", "", account.ErrNoToken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"AWS_SAM_LOCAL": test.sam, "ROSTER_SAM_CLAIMS": test.claims}
			c, err := onSAM(identify, func(name string) string { return env[name] })(events.APIGatewayProxyRequest{})
			if !errors.Is(err, test.want) || (err == nil) != (c.Account == "7") {
				t.Errorf("%+v, %v; want %v", c, err, test.want)
			}
		})
	}
}

func TestClaimsOfTheEventGoBeforeTheDevelopers(t *testing.T) {
	env := map[string]string{"AWS_SAM_LOCAL": "true", "ROSTER_SAM_CLAIMS": `{"sub":"7"}`}
	who := onSAM(identify, func(name string) string { return env[name] })
	var e events.APIGatewayProxyRequest
	e.RequestContext.Authorizer = map[string]any{"claims": map[string]any{
		"sub": "8", "token_use": "access", "email": "ann@example.com", "email_verified": "true",
	}}
	if c, err := who(e); err != nil || c.Account != "8" {
		t.Errorf("%+v, %v", c, err)
	}
}

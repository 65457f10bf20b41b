package cognito_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestWhatARequestIsRefusedWithOnTheWire(t *testing.T) {
	f := newFixture(t)
	const prefix = "AWSCognitoIdentityProviderService."
	tests := map[string]struct{ target, body, code, message string }{
		"an exception":     {prefix + "AdminGetUser", `{"UserPoolId":"` + poolID + `","Username":"x"}`, "UserNotFoundException", "User does not exist."},
		"an unknown call":  {prefix + "ListUsers", `{}`, "UnknownOperationException", "The local user pool knows no action ListUsers."},
		"another service":  {"DynamoDB_20120810.SignUp", `{}`, "UnknownOperationException", "The local user pool knows no action DynamoDB_20120810.SignUp."},
		"a body of no use": {prefix + "SignUp", `[]`, "SerializationException", "json: cannot unmarshal array"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequest(http.MethodPost, f.pool.Endpoint, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-Amz-Target", c.target)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != http.StatusBadRequest || response.Header.Get("X-Amzn-Errortype") != c.code ||
				response.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
				t.Errorf("%d %v", response.StatusCode, response.Header)
			}
			if want := `{"__type":"` + c.code + `","message":"` + c.message; !strings.HasPrefix(string(body), want) {
				t.Errorf("body %s, want %s", body, want)
			}
		})
	}
}

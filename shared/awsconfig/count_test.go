package awsconfig

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"roster/shared/tally"
)

func TestRepeatsAndRefusalsAreCounted(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	for name, c := range map[string]struct {
		answers            []string // error codes before the good answer
		retries, throttles int64
		fails              bool
	}{
		"at once":                     {nil, 0, 0, false},
		"throttled twice":             {[]string{"ThrottlingException", "ThrottlingException"}, 2, 2, false},
		"an error that may pass":      {[]string{"InternalServerError"}, 1, 0, false},
		"an error that does not pass": {[]string{"AccessDeniedException"}, 0, 0, true},
		"throttled for good":          {[]string{"ThrottlingException", "ThrottlingException", "ThrottlingException", "ThrottlingException"}, 3, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			left := c.answers
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if len(left) == 0 {
					w.Write([]byte(`{}`))
					return
				}
				code := left[0]
				left = left[1:]
				status := http.StatusBadRequest
				if code == "InternalServerError" {
					status = http.StatusInternalServerError
				}
				w.WriteHeader(status)
				w.Write([]byte(`{"__type":"com.amazonaws.dynamodb.v20120810#` + code + `"}`))
			}))
			defer server.Close()
			t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", server.URL)
			ctx, one := tally.Begin(t.Context())
			_, err := dynamodb.NewFromConfig(New("DYNAMODB")).ListTables(ctx, &dynamodb.ListTablesInput{})
			if (err != nil) != c.fails || one.Retries.Load() != c.retries || one.Throttles.Load() != c.throttles {
				t.Errorf("%d retries, %d throttles, %v; want %d and %d", one.Retries.Load(), one.Throttles.Load(), err, c.retries, c.throttles)
			}
			if a, b := one.Waited(), one.Waited(); a == 0 || a != b {
				t.Errorf("waited %v, and then %v", a, b)
			}
		})
	}
}

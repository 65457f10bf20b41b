package store

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func TestTheEndpointIsFoundOnceByTheSDKsRules(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]dynamodb.Options{
		"https://dynamodb.eu-central-1.amazonaws.com":  {Region: "eu-central-1"},
		"https://dynamodb.cn-north-1.amazonaws.com.cn": {Region: "cn-north-1"},
		"http://127.0.0.1:8000/org-get":                {Region: "eu-central-1", BaseEndpoint: aws.String("http://127.0.0.1:8000/org-get")},
	} {
		found := dynamodb.New(o, settle).Options().EndpointResolverV2
		if fixed, ok := found.(endpoint); !ok || fixed.URI.String() != want {
			t.Errorf("%#v, want %s", found, want)
		}
	}
}

func TestAnEndpointThatNoRuleFindsIsLookedForByEachCall(t *testing.T) {
	t.Parallel()
	found := dynamodb.New(dynamodb.Options{Region: "eu-central-1", BaseEndpoint: aws.String("::")}, settle).Options()
	if _, ok := found.EndpointResolverV2.(endpoint); ok {
		t.Errorf("%#v", found.EndpointResolverV2)
	}
	warm(found) // and comes back
}

func TestTheConnectionIsOpenedToTheEndpoint(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Method + " " + r.URL.Path }))
	defer server.Close()
	o := dynamodb.Options{Region: "eu-central-1", BaseEndpoint: aws.String(server.URL + "/org-get"), HTTPClient: http.DefaultClient}
	warm(dynamodb.New(o, settle).Options())
	select {
	case got := <-asked:
		if got != "GET /org-get/ping" {
			t.Error(got)
		}
	default:
		t.Error("nothing was asked")
	}
}

package cloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/cloud"
	"roster/scripts/local/engine/enginetest"
)

// built is where `make build` puts the functions. Without them these tests fail.
const built = "../../../.build/functions"

const password = "Roster-demo-1"

// open starts a cloud with a table of its own.
func open(t *testing.T, o cloud.Options) *cloud.Cloud {
	t.Helper()
	return openLogged(t, o, t.Output())
}

// openLogged is open for those who read the log.
func openLogged(t *testing.T, o cloud.Options, log io.Writer) *cloud.Cloud {
	t.Helper()
	e, table := enginetest.New(t)
	o.DynamoDB, o.Table, o.Functions = e.Endpoint, table, built
	o.Log = log
	c, err := cloud.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

type object = map[string]any

// call sends a request and returns status and decoded body.
func call(t *testing.T, method, url, token string, body object) (int, object) {
	t.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer object
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatalf("%s %s: %d: %v", method, url, response.StatusCode, err)
	}
	return response.StatusCode, answer
}

// must is call for what has to succeed.
func must(t *testing.T, method, url, token string, body object) object {
	t.Helper()
	status, answer := call(t, method, url, token, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %v", method, url, status, answer)
	}
	return answer
}

// join makes an account and returns its access token.
func join(t *testing.T, c *cloud.Cloud, name string) (token string) {
	t.Helper()
	person := object{"email": name + "@example.com", "first_name": strings.ToUpper(name), "last_name": "Example", "password": password}
	must(t, "POST", c.URL+"/_local/accounts", "", person)
	session := must(t, "POST", c.URL+"/v1/auth/SignIn", "", person)
	return session["access_token"].(string)
}

// found makes an organization and returns the address of its routes.
func found(t *testing.T, c *cloud.Cloud, token string) (route string) {
	t.Helper()
	made := must(t, "POST", c.URL+"/v1/orgs", token, object{"name": "Acme"})
	return c.URL + "/v1/orgs/" + made["org"].(object)["id"].(string)
}

func settle(t *testing.T, c *cloud.Cloud) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.Settled(ctx); err != nil {
		t.Fatalf("the background work does not settle: %v", err)
	}
}

func TestAnInvitationBecomesAMail(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	token := join(t, c, "ann")
	must(t, "POST", found(t, c, token)+"/members", token, object{"username": "bob@example.com", "role": "Technical"})
	settle(t, c)
	mails := must(t, "GET", c.URL+"/_local/mail?to=bob@example.com", "", nil)["mails"].([]any)
	if len(mails) != 1 || mails[0].(object)["subject"] != "Welcome to Acme" {
		t.Fatalf("mails = %v", mails)
	}
	if link := mails[0].(object)["links"].([]any)[0].(object)["href"].(string); !strings.HasPrefix(link, c.URL+"/activation?token=") {
		t.Errorf("link = %s, want one to %s", link, c.URL)
	}
}

func TestADeletedOrganizationIsErased(t *testing.T) {
	t.Parallel()
	e, _ := enginetest.New(t) // the engine of every cloud here
	c := open(t, cloud.Options{})
	token := join(t, c, "ann")
	route := found(t, c, token)
	must(t, "DELETE", route, token, nil)
	settle(t, c)
	key := "ORG#" + route[strings.LastIndex(route, "/")+1:]
	out, err := e.Client().Query(t.Context(), &dynamodb.QueryInput{
		TableName: &c.Table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: key}},
	})
	if err != nil || out.Count != 0 {
		t.Errorf("%d items are left, error %v", out.Count, err)
	}
}

func TestWhatTheGatewayRefusesReachesNoFunction(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	tests := []struct {
		name, request, token string
		want                 int
	}{
		{"an unknown route", "GET /v1/orgs", "", 404},
		{"no token", "POST /v1/orgs:search", "", 401},
		{"a bad token", "POST /v1/orgs:search", "x", 401},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			method, path, _ := strings.Cut(test.request, " ")
			if status, answer := call(t, method, c.URL+path, test.token, nil); status != test.want || answer["code"] == nil {
				t.Errorf("answer = %d %v, want %d with a code", status, answer, test.want)
			}
		})
	}
}

func TestAKilledFunctionAnswersAgain(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	token := join(t, c, "ann")
	for range 3 {
		must(t, "POST", c.URL+"/v1/orgs:search", token, nil)
		c.Function("org-search").Kill()
	}
	if c.Function("nothing") != nil {
		t.Error("there is a function of no operation")
	}
}

func TestSettingsReachTheFunctions(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{Settings: map[string]string{"ROSTER_INVITES_PER_DAY": "0", "ROSTER_TABLE": "elsewhere"}})
	token := join(t, c, "ann")
	status, answer := call(t, "POST", found(t, c, token)+"/members", token, object{"username": "bob@example.com", "role": "Admin"})
	if status != http.StatusTooManyRequests {
		t.Errorf("answer = %d %v, want 429", status, answer)
	}
}

func TestFunctionsMayReachDynamoDBThroughAProxy(t *testing.T) {
	t.Parallel()
	e, _ := enginetest.New(t)
	target, err := url.Parse(e.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		requests.Add(1)
		r.SetURL(target)
	}})
	t.Cleanup(proxy.Close)
	c := open(t, cloud.Options{FunctionsDynamoDB: proxy.URL})
	join(t, c, "ann")
	if requests.Load() == 0 {
		t.Error("nothing went through the proxy")
	}
}

func TestADeletedAccountIsSignedOutAtOnce(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	token := join(t, c, "ann")
	must(t, "DELETE", c.URL+"/_local/accounts/ann@example.com", "", nil)
	if status, answer := call(t, "POST", c.URL+"/v1/orgs:search", token, nil); status != 401 || answer["message"] != "Invalid credentials." {
		t.Errorf("answer = %d %v, want 401", status, answer)
	}
}

func TestThePoolsOwnMailsAreInTheInbox(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	must(t, "POST", c.URL+"/v1/auth/SignUp", "", object{
		"email": "dan@example.com", "first_name": "Dan", "last_name": "Dunn", "password": password,
	})
	if mails := c.Mail.Mails("dan@example.com"); len(mails) != 1 || !strings.Contains(mails[0].From, "no-reply@roster.example") {
		t.Errorf("mails = %v, want one with a code", mails)
	}
}

func TestAClosedCloudIsGone(t *testing.T) {
	t.Parallel()
	c := open(t, cloud.Options{})
	join(t, c, "ann")
	c.Close()
	c.Close()
	if response, err := http.Get(c.URL + "/_local/mail"); err == nil {
		response.Body.Close()
		t.Error("it still answers")
	}
	if _, err := c.Function("org-search").Invoke(t.Context(), nil); err == nil {
		t.Error("a function still runs")
	}
}

func TestACloudThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	other := open(t, cloud.Options{})
	base := cloud.Options{DynamoDB: other.DynamoDB, Table: other.Table, Functions: built}
	busy := base
	busy.Addr = strings.TrimPrefix(other.URL, "http://")
	if _, err := cloud.Start(t.Context(), busy); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("error = %v, want EADDRINUSE", err)
	}
	unbuilt := base
	unbuilt.Functions = t.TempDir()
	if _, err := cloud.Start(t.Context(), unbuilt); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "make build") {
		t.Errorf("error = %v, want one that names make build", err)
	}
}

func TestWithoutAnEndpointItHasAnEngineOfItsOwn(t *testing.T) {
	t.Parallel()
	c, err := cloud.Start(t.Context(), cloud.Options{Functions: built, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if c.DynamoDB == "" || c.Table != "roster" {
		t.Errorf("engine %q, table %q", c.DynamoDB, c.Table)
	}
	if got := must(t, "POST", c.URL+"/v1/orgs:search", join(t, c, "ann"), nil); !maps.EqualFunc(got, object{"orgs": nil}, func(a, _ any) bool { return len(a.([]any)) == 0 }) {
		t.Errorf("orgs:search = %v", got)
	}
}

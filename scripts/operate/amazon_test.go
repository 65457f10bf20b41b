package main

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"
)

// amazon stands for an AWS account, as far as operate asks one: the services' own wire, in memory.
type amazon struct {
	mu       sync.Mutex
	stacks   map[string]fakeStack
	objects  map[string]string // by key, of the one bucket
	messages []*message
	answers  map[string]func(event string) (answer string, failed bool) // of functions, by name
	invoked  []string                                                   // "<function> <event>", in their order
	account  map[string]any                                             // of SES
	mailers  map[string]map[string]any                                  // identities of SES
	secrets  map[string]map[string]any                                  // what DescribeSecret tells
	values   map[string]string                                          // of secrets
	certs    map[string]map[string]any
	atOnce   int                       // functions
	logRole  string                    // of API Gateway
	trails   map[string]map[string]any // by name: what the three operations about one tell, together
	down     string                    // the beginning of an operation that fails
}

type fakeStack struct {
	status    string
	outputs   map[string]string
	resources []string
}

type message struct {
	id, body, target string
	hidden           bool
}

const (
	bucket = "records"
	queue  = "https://sqs.eu-central-1.amazonaws.com/000000000000/events"
)

// newEstate is an operator at stage test of an account, and what is printed there.
func newEstate(t *testing.T, input string) (*amazon, *estate, *strings.Builder) {
	t.Helper()
	a := &amazon{
		stacks: map[string]fakeStack{"roster-test": {
			"UPDATE_COMPLETE", map[string]string{"FailedRecordsBucket": bucket, "FailedEventsURL": queue}, deployed(),
		}},
		objects: map[string]string{}, answers: map[string]func(string) (string, bool){}, values: map[string]string{},
		mailers: map[string]map[string]any{}, secrets: map[string]map[string]any{}, certs: map[string]map[string]any{},
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	out := &strings.Builder{}
	c := aws.Config{
		Region: "eu-central-1", BaseEndpoint: &server.URL, Credentials: aws.AnonymousCredentials{},
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
	return a, &estate{
		stage: "test", in: strings.NewReader(input), out: out, ask: func(string, ...any) error { return nil },
		stacks: cloudformation.NewFromConfig(c), events: sqs.NewFromConfig(c), functions: lambda.NewFromConfig(c),
		records: s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }),
		mails:   sesv2.NewFromConfig(c), secrets: secretsmanager.NewFromConfig(c), certificates: acm.NewFromConfig(c),
		trails: cloudtrail.NewFromConfig(c), gateways: apigateway.NewFromConfig(c),
	}, out
}

func (a *amazon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	raw, _ := io.ReadAll(r.Body)
	target := r.Header.Get("X-Amz-Target")
	operation := target
	if target == "" {
		operation = r.Method + " " + r.URL.Path
	}
	switch {
	case a.down != "" && strings.HasPrefix(operation, a.down):
		reply(w, 400, map[string]any{"__type": "AccessDeniedException", "message": "not allowed"})
	case target != "":
		a.json(w, target, raw)
	case strings.HasPrefix(r.URL.Path, "/2015-03-31/functions/"):
		a.invoke(w, strings.Split(r.URL.Path, "/")[3], string(raw))
	case r.URL.Path == "/2016-08-19/account-settings":
		reply(w, 200, map[string]any{"AccountLimit": map[string]any{"UnreservedConcurrentExecutions": a.atOnce}})
	case r.URL.Path == "/account":
		reply(w, 200, map[string]any{"cloudwatchRoleArn": a.logRole})
	case strings.HasPrefix(r.URL.Path, "/v2/email/"):
		a.ses(w, strings.TrimPrefix(r.URL.Path, "/v2/email/"))
	case r.URL.Path == "/":
		_ = r.ParseForm() // of a body that is read already
		a.formation(w, string(raw))
	default:
		a.s3(w, r)
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	if e, ok := body.(map[string]any); ok && e["__type"] != nil {
		w.Header().Set("X-Amzn-Errortype", e["__type"].(string))
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (a *amazon) json(w http.ResponseWriter, target string, raw []byte) {
	var in struct{ ReceiptHandle, SecretId, SecretString, CertificateArn, Name, TrailName string }
	_ = json.Unmarshal(raw, &in)
	missing := map[string]any{"__type": "ResourceNotFoundException", "message": "there is none"}
	switch _, action, _ := strings.Cut(target, "."); action {
	case "GetQueueAttributes":
		reply(w, 200, map[string]any{"Attributes": map[string]string{
			"ApproximateNumberOfMessages": fmt.Sprint(len(a.messages)), "ApproximateNumberOfMessagesNotVisible": "0",
		}})
	case "ReceiveMessage":
		a.receive(w)
	case "DeleteMessage":
		a.messages = slices.DeleteFunc(a.messages, func(m *message) bool { return m.id == in.ReceiptHandle })
		reply(w, 200, map[string]any{})
	case "DescribeSecret":
		if a.secrets[in.SecretId] == nil {
			reply(w, 400, missing)
			return
		}
		reply(w, 200, a.secrets[in.SecretId])
	case "PutSecretValue":
		if a.secrets[in.SecretId] == nil {
			reply(w, 400, missing)
			return
		}
		a.values[in.SecretId] = in.SecretString
		reply(w, 200, map[string]any{"VersionId": "v2", "VersionStages": []string{"AWSCURRENT"}})
	case "GetSecretValue":
		if a.values[in.SecretId] == "" {
			reply(w, 400, missing)
			return
		}
		reply(w, 200, map[string]any{"SecretString": a.values[in.SecretId]})
	case "DescribeTrails":
		reply(w, 200, map[string]any{"trailList": slices.Collect(maps.Values(a.trails))})
	case "GetTrailStatus":
		reply(w, 200, a.trails[in.Name])
	case "GetEventSelectors":
		reply(w, 200, a.trails[in.TrailName])
	case "DescribeCertificate":
		if a.certs[in.CertificateArn] == nil {
			reply(w, 400, missing)
			return
		}
		reply(w, 200, map[string]any{"Certificate": a.certs[in.CertificateArn]})
	default:
		reply(w, 400, map[string]any{"__type": "UnknownOperationException"})
	}
}

func (a *amazon) receive(w http.ResponseWriter) {
	for _, m := range a.messages {
		if m.hidden {
			continue
		}
		m.hidden = true
		sum := md5.Sum([]byte(m.body))
		told := map[string]any{"MessageId": m.id, "ReceiptHandle": m.id, "Body": m.body, "MD5OfBody": hex.EncodeToString(sum[:])}
		if m.target != "" {
			told["MessageAttributes"] = map[string]any{"TARGET_ARN": map[string]string{"DataType": "String", "StringValue": m.target}}
		}
		reply(w, 200, map[string]any{"Messages": []any{told}})
		return
	}
	reply(w, 200, map[string]any{})
}

func (a *amazon) invoke(w http.ResponseWriter, function, event string) {
	a.invoked = append(a.invoked, function+" "+event)
	answer, failed := `{"batchItemFailures":[]}`, false
	if f := a.answers[function]; f != nil {
		answer, failed = f(event)
	}
	if failed {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
	}
	fmt.Fprint(w, answer)
}

func (a *amazon) ses(w http.ResponseWriter, path string) {
	if path == "account" {
		reply(w, 200, a.account)
		return
	}
	if i := a.mailers[strings.TrimPrefix(path, "identities/")]; i != nil {
		reply(w, 200, i)
		return
	}
	reply(w, 404, map[string]any{"__type": "NotFoundException", "message": "there is none"})
}

func (a *amazon) formation(w http.ResponseWriter, form string) {
	field := func(name string) string {
		for _, pair := range strings.Split(form, "&") {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
	s, ok := a.stacks[field("StackName")]
	if !ok || field("Action") == "DescribeStackResource" && !slices.Contains(s.resources, field("LogicalResourceId")) {
		w.WriteHeader(400)
		fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>it does not exist</Message></Error></ErrorResponse>`)
		return
	}
	if field("Action") == "DescribeStackResource" {
		fmt.Fprint(w, `<DescribeStackResourceResponse><DescribeStackResourceResult></DescribeStackResourceResult></DescribeStackResourceResponse>`)
		return
	}
	var outputs strings.Builder
	for k, v := range s.outputs {
		fmt.Fprintf(&outputs, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", k, v)
	}
	fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><StackStatus>%s</StackStatus>`+
		`<Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, s.status, outputs.String())
}

func (a *amazon) s3(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/"+bucket+"/")
	switch body, ok := a.objects[key]; {
	case strings.Trim(r.URL.Path, "/") == bucket:
		a.list(w, r.URL.Query().Get("continuation-token"))
	case r.Method == http.MethodDelete:
		delete(a.objects, key)
		w.WriteHeader(204)
	case !ok:
		w.WriteHeader(404)
		fmt.Fprint(w, `<Error><Code>NoSuchKey</Code></Error>`)
	default:
		fmt.Fprint(w, body)
	}
}

// list answers with pages of two.
func (a *amazon) list(w http.ResponseWriter, after string) {
	type object struct {
		Key          string
		LastModified string
	}
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []object
	}
	for _, key := range slices.Sorted(maps.Keys(a.objects)) {
		if key <= after {
			continue
		}
		if len(page.Contents) == 2 {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[1].Key
			break
		}
		name := key[strings.LastIndexByte(key, '/')+1:]
		at, _ := time.Parse("2006-01-02T15.04.05", name[:min(19, len(name))])
		page.Contents = append(page.Contents, object{key, at.Format(time.RFC3339)})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

// give puts a record into the bucket as Lambda does: what a mapping gave up of a shard, at that time.
func (a *amazon) give(mapping, shard, at, function, event string) (key string) {
	day := strings.ReplaceAll(at[:10], "-", "/")
	key = fmt.Sprintf("aws/lambda/%s/%s/%s/%s-%s", mapping, shard, day, at, uuid.NewString())
	record, _ := json.Marshal(map[string]any{
		"requestContext": map[string]any{
			"requestId": uuid.NewString(), "functionArn": "arn:aws:lambda:eu-central-1:000000000000:function:" + function,
			"condition": "RecordAgeExceeded", "approximateInvokeCount": 9,
		},
		"responseContext": map[string]any{"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"version":         "1.0", "timestamp": at[:10] + "T00:00:00.000Z",
		"DDBStreamBatchInfo": map[string]any{"shardId": shard, "batchSize": 1},
		"payload":            event,
	})
	a.objects[key] = string(record)
	return key
}

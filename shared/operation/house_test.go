package operation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"roster/shared/operation"
)

// root is where the module begins, from this package's folder.
const root = "../.."

func TestTheListIsHeldAgainstTheFolders(t *testing.T) {
	t.Parallel()
	var names, samples []string
	for _, o := range operation.All() {
		names, samples = append(names, o.Name), append(samples, o.Name+".json")
	}
	slices.Sort(names)
	slices.Sort(samples)
	if diff := cmp.Diff(names, entries(t, "functions")); diff != "" {
		t.Errorf("functions/ (-the list, +the folder):\n%s", diff)
	}
	if diff := cmp.Diff(samples, entries(t, "events")); diff != "" {
		t.Errorf("events/ (-the list, +the folder):\n%s", diff)
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(root, "functions", name, "main.go")); err != nil {
			t.Error(err)
		}
	}
}

func entries(t *testing.T, folder string) []string {
	t.Helper()
	all, err := os.ReadDir(filepath.Join(root, folder))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

func TestEveryOperationHasANameOfItsOwnAndOneWayToWakeIt(t *testing.T) {
	t.Parallel()
	good, seen := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), map[string]bool{}
	for _, o := range operation.All() {
		if !good.MatchString(o.Name) || seen[o.Name] {
			t.Errorf("%q is no name, or another operation's", o.Name)
		}
		seen[o.Name] = true
		if (len(o.Routes) > 0) == (o.Event != "") {
			t.Errorf("%s: routes %q and event %q; it has one or the other", o.Name, o.Routes, o.Event)
		}
		if o.Client && !o.Public {
			t.Errorf("%s is a client's, and the gateway asks for a person's token", o.Name)
		}
		if o.Public && len(o.Routes) == 0 {
			t.Errorf("%s is public and has no route", o.Name)
		}
		if o.Page && !o.Public {
			t.Errorf("%s is a page, and browsers have no token when they ask for one", o.Name)
		}
	}
}

func TestTheListIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	operation.All()[0].Routes[0] = "DELETE /"
	if got := operation.All()[0].Routes[0]; got != "POST /v1/orgs" {
		t.Errorf("somebody's change reached the list: %q", got)
	}
}

// What API Gateway takes as a path. Synth does not notice all that it refuses (AWS.md).
var (
	literal  = regexp.MustCompile(`^[A-Za-z0-9.:_-]+$`)
	variable = regexp.MustCompile(`^\{([A-Za-z0-9._-]+)\}$`)
)

func TestRoutesAreWhatAPIGatewayTakes(t *testing.T) {
	t.Parallel()
	taken, parameters := map[string]string{}, map[string]string{}
	for _, o := range operation.All() {
		for _, route := range o.Routes {
			if other, ok := taken[route]; ok {
				t.Errorf("%q is %s's and %s's", route, o.Name, other)
			}
			taken[route] = o.Name
			method, path, _ := strings.Cut(route, " ")
			if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, method) || !strings.HasPrefix(path, "/v1/") != o.Page {
				t.Errorf("%q is not a method and a path under /v1, where all but pages are", route)
			}
			if o.Page && method != "GET" {
				t.Errorf("%q changes something, and a page is only read", route)
			}
			level := ""
			for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
				v := variable.FindStringSubmatch(segment)
				if v == nil && !literal.MatchString(segment) {
					t.Errorf("%q: %q is neither a whole {variable} nor a word", route, segment)
				}
				if v != nil {
					if other, ok := parameters[level]; ok && other != v[1] {
						t.Errorf("%q: {%s} stands where another route has {%s}", route, v[1], other)
					}
					parameters[level] = v[1]
				}
				level += "/" + segment
			}
		}
	}
}

// sample decodes events/<name>.json into v, which must have a place for every field of it.
func sample(t *testing.T, name string, v any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "events", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		t.Fatalf("events/%s.json: %v", name, err)
	}
	if dec.More() {
		t.Errorf("events/%s.json holds more than one event", name)
	}
}

func TestEverySampleWakesItsOperation(t *testing.T) {
	t.Parallel()
	for _, o := range operation.All() {
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			switch o.Event {
			case "":
				checkRequest(t, o)
			case operation.PostConfirmation:
				var e events.CognitoEventUserPoolsPostConfirmation
				sample(t, o.Name, &e)
				checkUser(t, e.CognitoEventUserPoolsHeader, e.Request.UserAttributes, "1", "PostConfirmation_")
			case operation.PreTokenGeneration:
				var e events.CognitoEventUserPoolsPreTokenGenV2_0
				sample(t, o.Name, &e)
				checkUser(t, e.CognitoEventUserPoolsHeader, e.Request.UserAttributes, "2", "TokenGeneration_")
			case operation.UserPoolCall:
				checkCall(t, o.Name)
			case operation.MailReported:
				checkReport(t, o.Name)
			case operation.InvitationQueued:
				image := checkRecord(t, o.Name, "INVITATION#", "invitationItem")
				if image["delivery"].String() != "queued" || image["mail"].String() == "" {
					t.Errorf("no mail is queued: %v", image)
				}
			case operation.OrganizationDeleted:
				if image := checkRecord(t, o.Name, "ORG", "orgItem"); image["deleted_at"].String() == "" {
					t.Errorf("it is not deleted: %v", image)
				}
			default:
				t.Errorf("nobody knows the event %q", o.Event)
			}
		})
	}
}

// checkRequest holds a sample to being the route's request, as the REST API sends it.
func checkRequest(t *testing.T, o operation.Operation) {
	t.Helper()
	var e events.APIGatewayProxyRequest
	sample(t, o.Name, &e)
	if !slices.Contains(o.Routes, e.HTTPMethod+" "+e.Resource) {
		t.Errorf("%s %s is none of %q", e.HTTPMethod, e.Resource, o.Routes)
	}
	path := e.Resource
	for name, value := range e.PathParameters {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	c := e.RequestContext
	if path != e.Path || strings.ContainsAny(path, "{}") || c.ResourcePath != e.Resource || c.HTTPMethod != e.HTTPMethod || c.RequestID == "" {
		t.Errorf("path %q, parameters %v, context %+v", e.Path, e.PathParameters, c)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(e.Body), &body); e.Body != "" && (err != nil || body == nil) {
		t.Errorf("body %q: %v", e.Body, err)
	}
	checkClaims(t, o, c.Authorizer)
}

// checkClaims holds a request to carrying an access token's claims, as text, where a token is asked for.
func checkClaims(t *testing.T, o operation.Operation, authorizer map[string]any) {
	t.Helper()
	if o.Public {
		if authorizer != nil {
			t.Errorf("a public route has no authorizer: %v", authorizer)
		}
		return
	}
	claims, _ := authorizer["claims"].(map[string]any)
	for name, value := range claims {
		if _, ok := value.(string); !ok {
			t.Errorf("the claim %s is no text: %v", name, value)
		}
	}
	for _, name := range []string{"sub", "email", "given_name", "family_name", "issued_ms"} {
		if claims[name] == nil || claims[name] == "" {
			t.Errorf("there is no claim %s", name)
		}
	}
	if claims["token_use"] != "access" || claims["email_verified"] != "true" || !strings.Contains(claims["scope"].(string), "roster/api") {
		t.Errorf("the claims open nothing: %v", claims)
	}
}

func checkUser(t *testing.T, h events.CognitoEventUserPoolsHeader, user map[string]string, version, source string) {
	t.Helper()
	if h.Version != version || !strings.HasPrefix(h.TriggerSource, source) || h.UserName != user["sub"] || h.UserPoolID == "" {
		t.Errorf("%+v", h)
	}
	for _, name := range []string{"sub", "email", "email_verified", "given_name", "family_name"} {
		if user[name] == "" {
			t.Errorf("there is no attribute %s", name)
		}
	}
}

// checkCall holds a sample to being what EventBridge has of CloudTrail: the user's name is hidden.
func checkCall(t *testing.T, name string) {
	t.Helper()
	var e events.EventBridgeEvent
	sample(t, name, &e)
	var detail map[string]any
	if err := json.Unmarshal(e.Detail, &detail); err != nil {
		t.Fatal(err)
	}
	about, _ := detail["additionalEventData"].(map[string]any)
	asked, _ := detail["requestParameters"].(map[string]any)
	if e.Source != "aws.cognito-idp" || e.DetailType != "AWS API Call via CloudTrail" ||
		detail["eventSource"] != "cognito-idp.amazonaws.com" || detail["eventName"] != "AdminDeleteUser" || about["sub"] == nil ||
		asked["username"] != "HIDDEN_DUE_TO_SECURITY_REASONS" {
		t.Errorf("%+v, %v", e, detail)
	}
}

// checkReport holds a sample to being what EventBridge has of SES: tags are lists.
func checkReport(t *testing.T, name string) {
	t.Helper()
	var e events.EventBridgeEvent
	sample(t, name, &e)
	var detail struct {
		EventType string `json:"eventType"`
		Mail      struct {
			MessageID string              `json:"messageId"`
			Tags      map[string][]string `json:"tags"`
		} `json:"mail"`
	}
	if err := json.Unmarshal(e.Detail, &detail); err != nil {
		t.Fatal(err)
	}
	if e.Source != "aws.ses" || !slices.Contains(operation.ReportTypes(), e.DetailType) ||
		detail.EventType == "" || detail.Mail.MessageID == "" {
		t.Errorf("%+v, %+v", e, detail)
	}
	for _, tag := range []string{"ses:configuration-set", "org", "member", "mail", "link"} {
		if len(detail.Mail.Tags[tag]) != 1 {
			t.Errorf("tag %s: %q", tag, detail.Mail.Tags[tag])
		}
	}
}

// checkRecord holds a sample to being one stream record of an item as the store keeps it, and
// returns its image.
func checkRecord(t *testing.T, name, sk, item string) map[string]events.DynamoDBAttributeValue {
	t.Helper()
	var e events.DynamoDBEvent
	sample(t, name, &e)
	if len(e.Records) != 1 {
		t.Fatalf("%d records", len(e.Records))
	}
	c, known := e.Records[0].Change, attributes(t, item)
	if !strings.HasPrefix(c.NewImage["PK"].String(), "ORG#") || !strings.HasPrefix(c.NewImage["SK"].String(), sk) {
		t.Errorf("keys %v, %v", c.NewImage["PK"], c.NewImage["SK"])
	}
	for name := range c.NewImage {
		if !slices.Contains(known, name) {
			t.Errorf("the store's %s has no attribute %s", item, name)
		}
	}
	for name, v := range c.Keys {
		if v.String() != c.NewImage[name].String() {
			t.Errorf("key %s is %v, and %v in the image", name, v, c.NewImage[name])
		}
	}
	if c.SequenceNumber == "" || c.StreamViewType != "NEW_AND_OLD_IMAGES" || c.ApproximateCreationDateTime.IsZero() {
		t.Errorf("%+v", c)
	}
	return c.NewImage
}

// attributes lists the attributes of an item of the store.
func attributes(t *testing.T, item string) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "shared/store/items.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "type "+item+" struct {\n")
	fields, _, _ := strings.Cut(rest, "\n}\n")
	all := []string{"PK", "SK"}
	for _, tag := range regexp.MustCompile("`dynamodbav:\"(\\w+)").FindAllStringSubmatch(fields, -1) {
		all = append(all, tag[1])
	}
	return all
}

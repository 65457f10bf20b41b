package httpapi

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"roster/shared/fault"
)

// sample has the shapes that the bodies of Roster's routes have.
type sample struct {
	Name     string  `json:"name"`
	OrgID    string  `json:"org_id"`
	PageSize int     `json:"page_size"`
	TOS      *bool   `json:"tos"`
	User     *named  `json:"user"`
	Users    []named `json:"users"`
	Profile  struct {
		First string `json:"first_name"`
		TOS   bool   `json:"tos"`
	} `json:"profile"`
}

type named struct {
	Username string `json:"username"`
	Role     string `json:"role"`
}

func read(body string) (sample, error) {
	var v sample
	err := decode(events.APIGatewayProxyRequest{Body: body}, &v)
	return v, err
}

func TestBodiesThatAreTaken(t *testing.T) {
	t.Parallel()
	yes := true
	acme, full := sample{Name: "Acme"}, sample{Name: "Acme", OrgID: "o", PageSize: 10, TOS: &yes, Users: []named{{"a", "Admin"}, {"b", ""}}}
	full.Profile.First, full.Profile.TOS = "Ann", true
	for name, c := range map[string]struct {
		body string
		want sample
	}{
		"none":                                  {"", sample{}},
		"only space":                            {" \r\n\t", sample{}},
		"an empty object":                       {"{}", sample{}},
		"null":                                  {" null ", sample{}},
		"one field":                             {`{"name":"Acme"}`, acme},
		"space around it":                       {"\r\n {\"name\" : \"Acme\"}\t ", acme},
		"snake_case":                            {`{"name":"Acme","org_id":"o","page_size":10,"tos":true,"users":[{"username":"a","role":"Admin"},{"username":"b"}],"profile":{"first_name":"Ann","tos":true}}`, full},
		"camelCase":                             {`{"name":"Acme","orgId":"o","pageSize":10,"tos":true,"users":[{"username":"a","role":"Admin"},{"username":"b"}],"profile":{"firstName":"Ann","tos":true}}`, full},
		"PascalCase":                            {`{"Name":"Acme","OrgId":"o","PageSize":10,"Tos":true,"Users":[{"Username":"a","Role":"Admin"},{"Username":"b"}],"Profile":{"FirstName":"Ann","Tos":true}}`, full},
		"both, snake_case first":                {`{"org_id":"snake","orgId":"camel"}`, sample{OrgID: "snake"}},
		"both, snake_case last":                 {`{"orgId":"camel","org_id":"snake"}`, sample{OrgID: "snake"}},
		"both, camelCase of another type":       {`{"orgId":7,"org_id":"snake"}`, sample{OrgID: "snake"}},
		"both, nested":                          {`{"profile":{"firstName":"camel","first_name":"snake"}}`, first("snake")},
		"both, in a list":                       {`{"users":[{"Username":"camel","username":"snake"}]}`, sample{Users: []named{{"snake", ""}}}},
		"two spellings, none of them snake":     {`{"orgId":"camel","OrgId":"pascal"}`, sample{OrgID: "camel"}},
		"two spellings the other way round":     {`{"OrgId":"pascal","orgId":"camel"}`, sample{OrgID: "camel"}},
		"fields that nobody knows":              {`{"name":"Acme","x":1,"y":{"z":[1,{"a":null}]},"":""}`, acme},
		"an unknown field of any depth below":   {`{"name":"Acme","x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, acme},
		"null for a text":                       {`{"name":null}`, sample{}},
		"null for an object, a list, a boolean": {`{"profile":null,"users":null,"user":null,"tos":null}`, sample{}},
		"null in a list":                        {`{"users":[null]}`, sample{Users: []named{{}}}},
		"the last of two equal keys":            {`{"name":"x","name":"Acme"}`, acme},
		"an empty list":                         {`{"users":[]}`, sample{Users: []named{}}},
		"a huge number where nobody looks":      {`{"name":"Acme","x":1e999999}`, acme},
		"a number of a hundred digits":          {`{"name":"Acme","x":` + strings.Repeat("9", 100) + `}`, acme},
		"escapes":                               {`{"name":"\u0041cme"}`, acme},
		"half a surrogate pair":                 {`{"name":"A\ud800"}`, sample{Name: "A\ufffd"}},
		"a replacement character of their own":  {"{\"name\":\"A\ufffd\"}", sample{Name: "A\ufffd"}},
		"markup stays what it is":               {`{"name":"<b>&amp;\u2028"}`, sample{Name: "<b>&amp;\u2028"}},
		"the largest body":                      {padded(65536), acme},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := read(c.body)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func first(name string) (s sample) {
	s.Profile.First = name
	return s
}

// padded returns a body of n bytes whose name is Acme.
func padded(n int) string {
	const begin, end = `{"name":"Acme","x":"`, `"}`
	return begin + strings.Repeat("x", n-len(begin)-len(end)) + end
}

func TestBodiesThatAreRefused(t *testing.T) {
	t.Parallel()
	const (
		notJSON  = "invalid field Body: value must be valid JSON"
		noObject = "invalid field Body: value must be a JSON object"
	)
	field := func(name, must string) string { return "invalid field " + name + ": value must be " + must }
	for name, c := range map[string]struct{ body, want string }{
		"one byte too many":                   {padded(65537), field("Body", "at most 65536 bytes")},
		"one byte too many, of space":         {strings.Repeat(" ", 65537), field("Body", "at most 65536 bytes")},
		"a word":                              {"name", notJSON},
		"half an object":                      {`{"name":"Acme"`, notJSON},
		"another object behind":               {`{"name":"Acme"} {}`, notJSON},
		"a bracket behind":                    {`{"name":"Acme"}}`, notJSON},
		"a letter behind":                     {`{"name":"Acme"}x`, notJSON},
		"something behind null":               {`null null`, notJSON},
		"single quotes":                       {`{'name':'Acme'}`, notJSON},
		"a comma too many":                    {`{"name":"Acme",}`, notJSON},
		"a comment":                           {`{"name":"Acme"/**/}`, notJSON},
		"a form":                              {`name=Acme&role=Admin`, notJSON},
		"a byte order mark":                   {"\ufeff{}", notJSON},
		"a line break in a text":              {"{\"name\":\"Ac\nme\"}", notJSON},
		"not a number":                        {`{"page_size":NaN}`, notJSON},
		"nested far too deep":                 {`{"x":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, notJSON},
		"nested far too deep, and never ends": {strings.Repeat(`{"a":`, 13000), notJSON},
		"a list":                              {`[{"name":"Acme"}]`, noObject},
		"a text":                              {`"Acme"`, noObject},
		"a number":                            {`7`, noObject},
		"a boolean":                           {`true`, noObject},
		"a number for a text":                 {`{"name":7}`, field("Name", "a string")},
		"an object for a text":                {`{"org_id":{}}`, field("OrgId", "a string")},
		"in camelCase":                        {`{"orgId":{}}`, field("OrgId", "a string")},
		"a text for a number":                 {`{"page_size":"10"}`, field("PageSize", "a whole number")},
		"a fraction for a whole number":       {`{"page_size":1.5}`, field("PageSize", "a whole number")},
		"an exponent for a whole number":      {`{"pageSize":1e400}`, field("PageSize", "a whole number")},
		"a number too large":                  {`{"page_size":99999999999999999999}`, field("PageSize", "a whole number")},
		"a text for a boolean":                {`{"tos":"true"}`, field("Tos", "a boolean")},
		"a number for a boolean":              {`{"profile":{"tos":1}}`, field("Profile.Tos", "a boolean")},
		"a list for an object":                {`{"profile":[]}`, field("Profile", "an object")},
		"a text for an object":                {`{"user":"ann@example.com"}`, field("User", "an object")},
		"an object for a list":                {`{"users":{"username":"a"}}`, field("Users", "an array")},
		"a text for a list":                   {`{"users":"a"}`, field("Users", "an array")},
		"a text in a list of objects":         {`{"users":["a"]}`, field("Users", "an object")},
		"nested":                              {`{"profile":{"first_name":true}}`, field("Profile.FirstName", "a string")},
		"nested, in camelCase":                {`{"profile":{"firstName":true}}`, field("Profile.FirstName", "a string")},
		"in an object that may be absent":     {`{"user":{"username":[]}}`, field("User.Username", "a string")},
		"in the second object of a list":      {`{"users":[{"username":"a"},{"username":5}]}`, field("Users.Username", "a string")},
		"bytes that are not UTF-8":            {"{\"name\":\"Ac\xffme\"}", field("Name", "valid UTF-8")},
		"half a character at the end":         {"{\"org_id\":\"\xc3\"}", field("OrgId", "valid UTF-8")},
		"not UTF-8 in a list":                 {"{\"users\":[{\"username\":\"a\"},{\"username\":\"\xff\"}]}", field("Users.Username", "valid UTF-8")},
		"not UTF-8 in an object":              {"{\"profile\":{\"firstName\":\"\xff\"}}", field("Profile.FirstName", "valid UTF-8")},
		"not UTF-8 in a key":                  {"{\"na\xffme\":\"Acme\"}", field("Body", "valid UTF-8")},
		"not UTF-8 in a key far below":        {"{\"x\":[{\"\xff\":1}]}", field("Body", "valid UTF-8")},
		"not UTF-8 in a field nobody knows":   {"{\"x\":\"\xff\"}", field("X", "valid UTF-8")},
		"not UTF-8, of the first of two":      {"{\"org_id\":\"\xff\",\"name\":\"\xff\"}", field("Name", "valid UTF-8")},
		"a surrogate written out as UTF-8":    {"{\"name\":\"\xed\xa0\x80\"}", field("Name", "valid UTF-8")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 5 { // the same answer every time
				if _, err := read(c.body); err == nil || err.Error() != c.want {
					t.Fatalf("%v, want %q", err, c.want)
				}
			}
			got := ask(t, request(c.body), func(_ context.Context, _ Request[sample]) (Empty, error) { return Empty{}, nil })
			if want := fmt.Sprintf(`{"code":3,"message":"%s","details":[]}`, c.want); got.Status != 400 || got.Body != want {
				t.Errorf("%d %s, want 400 %s", got.Status, got.Body, want)
			}
		})
	}
}

func TestABodyMayComeInBase64(t *testing.T) {
	t.Parallel()
	encode := base64.StdEncoding.EncodeToString
	for name, c := range map[string]struct{ body, name, refusal string }{
		"none":                {"", "", ""},
		"an object":           {encode([]byte(`{"name":"Acme"}`)), "Acme", ""},
		"the largest":         {encode([]byte(padded(65536))), "Acme", ""},
		"one byte too many":   {encode([]byte(padded(65537))), "", "invalid field Body: value must be at most 65536 bytes"},
		"not base64":          {`{"name":"Acme"}`, "", "invalid field Body: value must be valid JSON"},
		"not JSON":            {encode([]byte("name")), "", "invalid field Body: value must be valid JSON"},
		"bytes of some image": {encode([]byte{0x89, 'P', 'N', 'G'}), "", "invalid field Body: value must be valid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v sample
			err := decode(events.APIGatewayProxyRequest{Body: c.body, IsBase64Encoded: true}, &v)
			if v.Name != c.name || (err == nil) != (c.refusal == "") || err != nil && err.Error() != c.refusal {
				t.Errorf("%q, %v; want %q, %q", v.Name, err, c.name, c.refusal)
			}
		})
	}
}

func TestFieldsAreNamedInGoStyle(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"name": "Name", "org_id": "OrgId", "pmm_server_url": "PmmServerUrl", "users.username": "Users.Username",
		"profile.first_name": "Profile.FirstName", "fsp.page_params.page_size": "Fsp.PageParams.PageSize",
		"": "", "_": "", "__a__b_": "AB", "é": "É", "über_uns": "ÜberUns", ".": ".",
	} {
		if got := field(path); got != want {
			t.Errorf("field(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestARequiredTextIsThereAndNotEmpty(t *testing.T) {
	t.Parallel()
	if err := Required("Email", "x"); err != nil {
		t.Error(err)
	}
	err := Required("Email", "")
	if err == nil || err.Error() != "invalid field Email: value '' must not be an empty string" {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"name":"Acme","users":[{"username":"a"}],"profile":{"firstName":"Ann"}}`), false)
	f.Add([]byte("eyJuYW1lIjoiQWNtZSJ9"), true)
	f.Fuzz(func(t *testing.T, body []byte, encoded bool) {
		e := events.APIGatewayProxyRequest{Body: string(body), IsBase64Encoded: encoded}
		var v, again sample
		err := decode(e, &v)
		if second := decode(e, &again); fmt.Sprint(second) != fmt.Sprint(err) {
			t.Fatalf("%q: %v, and again %v", body, err, second)
		}
		var refused *fault.Error
		if err != nil && (!errors.As(err, &refused) || refused.Kind != fault.Invalid || !strings.HasPrefix(refused.Message, "invalid field ")) {
			t.Fatalf("%q: %v", body, err)
		}
		if diff := cmp.Diff(v, again); err == nil && diff != "" {
			t.Fatalf("%q is read in two ways:\n%s", body, diff)
		}
	})
}

package contract

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
)

func TestEveryAnswerIsJSONAndNotKept(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for _, a := range []cloudtest.Answer{
		ann.Do(t, "POST", "/v1/orgs:search", nil), ann.Do(t, "GET", route(org), nil),
		ann.Do(t, "GET", route("x"), nil), ann.Do(t, "POST", route(someID(), "/members:search"), nil),
	} {
		if got := a.Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("%s: Content-Type %q", a.Raw, got)
		}
		if got := a.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", a.Raw, got)
		}
		for name := range a.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s; page and API share one origin", a.Raw, name)
			}
		}
	}
}

func TestRequestsArriveInSnakeOrCamelCase(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	search := route(org, "/members:search")
	for name, body := range map[string]string{
		"snake case":              `{"page_size": 1}`,
		"camel case":              `{"pageSize": 1}`,
		"both, which agree":       `{"pageSize": 1, "page_size": 1}`,
		"unknown fields":          `{"page_size": 1, "unknown": {"a": [1, {"b": null}]}, "Page": true}`,
		"redundant fields":        `{"org_id": "x", "orgId": 5, "page_size": 1}`,
		"space around":            "\r\n\t {\"page_size\": 1} \n\n",
		"escapes":                 `{"page\u005fsize": 1}`,
		"nulls for what may lack": `{"page_size": 1, "user": null, "page_token": null, "pageToken": null}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann.Invite(t, org, cloudtest.Address("bob"), "Admin")
			if a := ann.Do(t, "POST", search, body).Want(t, 200); len(a.At("members").(list)) != 1 || a.Text("next_page_token") == "" {
				t.Errorf("answer %s; want one row and more to come", a.Raw)
			}
		})
	}
}

func TestNestedFieldsArriveInCamelCaseToo(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	bob := cloudtest.Address("bob")
	ann.Invite(t, org, bob, "Technical")
	state := post(t, c, "ValidateToken", object{"activationToken": c.Link(t, bob, 0)}).Want(t, 200).Text("state_token")
	nothing(t, post(t, c, "ActivateProfile", object{
		"profile": object{"firstName": "Bob", "lastName": "Berg", "tos": true}, "password": cloudtest.Password, "token": state,
	}))
	if got := row(t, ann, org, bob); got["first_name"] != "Bob" || got["last_name"] != "Berg" {
		t.Errorf("row %v; want Bob Berg", got)
	}
}

func TestNoBodyAtAllIsAnEmptyObject(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for _, path := range []string{"/v1/orgs:search", "/v1/invitations:search", "/v1/auth/GetProfile", route(org, "/members:search")} {
		want := ann.Do(t, "POST", path, "{}").Want(t, 200)
		for _, body := range []any{nil, "", "null", " \n", "{ }", `{"x":1}`} {
			if got := ann.Do(t, "POST", path, body); got.Status != 200 || got.Raw != want.Raw {
				t.Errorf("%s with %q: %d %s; want %s", path, body, got.Status, got.Raw, want.Raw)
			}
		}
	}
}

func TestAPathParameterBeatsABodyFieldOfItsName(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	_, another := found(t, c, "otto")
	a := ann.Do(t, "PUT", route(org), object{"name": "Acme", "org": another, "org_id": another, "id": another, "orgId": another}).Want(t, 200)
	if a.Text("org.id") != org || a.Text("org.name") != "Acme" {
		t.Errorf("answer %s; want the path's organization renamed", a.Raw)
	}
	tom, tess := ann.Join(t, org, "tom", "Technical"), ann.Join(t, org, "tess", "Technical")
	his, hers := ann.MemberID(t, org, tom.Email), ann.MemberID(t, org, tess.Email)
	a = ann.Do(t, "PUT", route(org, "/members/", his), object{"role": "Admin", "member_id": hers, "member": hers}).Want(t, 200)
	if a.Text("member.member_id") != his || row(t, ann, org, tess.Email)["role"] != "Technical" {
		t.Errorf("answer %s; want the path's member changed", a.Raw)
	}
}

func TestAnyContentTypeIsReadAsJSON(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for i, contentType := range []string{
		"", "application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded",
		"application/octet-stream", "image/png", "application/zip", "video/mp4", "nonsense",
	} {
		name := fmt.Sprintf("Søhne %d 🦭", i)
		if a := send(t, ann, "PUT", route(org), contentType, `{"name":"`+name+`"}`); a.Text("org.name") != name {
			t.Errorf("%q: %d %s; want the name %s", contentType, a.Status, a.Raw, name)
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(`{"name":"Acme"}`))
	if a := send(t, ann, "PUT", route(org), "application/octet-stream", encoded); a.Status != 400 {
		t.Errorf("%d %s; only the gateway's own base64 is decoded", a.Status, a.Raw)
	}
}

func TestABodyOfExactly64KBIsRead(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for _, contentType := range []string{"application/json", "application/octet-stream"} {
		send(t, ann, "PUT", route(org), contentType, padded(t, object{"name": "Acme"}, 64<<10)).Want(t, 200)
		send(t, ann, "PUT", route(org), contentType, padded(t, object{"name": "Acme"}, 64<<10+1)).Want(t, 400)
	}
	ann.Do(t, "PUT", route(org), `{"name":"Acme"}`+strings.Repeat(" ", 64<<10-15)).Want(t, 200)
	ann.Do(t, "PUT", route(org), `{"name":"Acme"}`+strings.Repeat(" ", 64<<10-14)).Want(t, 400)
}

func TestIdentifiersAreTakenInEitherLetterCase(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	a := ann.Do(t, "GET", route(strings.ToUpper(org)), nil).Want(t, 200)
	if a.Text("org.id") != org {
		t.Errorf("id %s; want %s", a.Text("org.id"), org)
	}
}

func TestTimesSortAsText(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	var times []string
	begun := time.Now()
	for range 5 {
		ann := c.Person(t, "ann")
		a := ann.Do(t, "POST", "/v1/orgs", object{"name": "Acme"}).Want(t, 200)
		if a.Text("org.created_at") != a.Text("org.updated_at") {
			t.Errorf("%s: a new organization was updated", a.Raw)
		}
		times = append(times, a.Text("org.created_at"))
	}
	if !slices.IsSorted(times) {
		t.Errorf("times %v are not in the order of events", times)
	}
	first, err := time.Parse(time.RFC3339, times[0])
	if err != nil || first.Before(begun.Add(-time.Minute)) || first.After(time.Now().Add(time.Minute)) {
		t.Errorf("time %s, %v; want about now", times[0], err)
	}
}

// TestChecksComeInTheirOrder makes requests with two things wrong at once: the earlier one is told.
func TestChecksComeInTheirOrder(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom, sue := ann.Join(t, org, "tom", "Technical"), ann.Join(t, org, "sue", "Technical")
	his := route(org, "/members/", ann.MemberID(t, org, tom.Email))
	nothing(t, sue.Do(t, "POST", "/v1/auth/SignOut", nil))
	uma := unproven(t, c)
	nick := c.Person(t, "nick")
	own := route(org, "/members/", ann.MemberID(t, org, ann.Email))
	nobody := route(org, "/members/", someID())
	for _, test := range []struct {
		name, method, path, token string
		body                      any
		want                      refusal
	}{
		{"no route before no token", "GET", "/v1/nothing", "", nil, notFound},
		{"no token before a malformed id", "GET", route("x"), "", nil, authentication},
		{"a bad token before a bad body", "PUT", route(org), "x", "{", credentials},
		{"an unverified e-mail before a malformed id", "GET", route("x"), uma, nil, unverified},
		{"an unverified e-mail before a bad body", "PUT", route(org), uma, nil, unverified},
		{"a malformed id before a signed-out account", "GET", route("x"), sue.Token, nil, badOrg},
		{"a bad body before a signed-out account", "PUT", route(org), sue.Token, nil, empty("Name", "")},
		{"a signed-out account before no membership", "GET", route(someID()), sue.Token, nil, credentials},
		{"a bad body before no membership", "PUT", route(org), nick.Token, nil, empty("Name", "")},
		{"a bad role before no membership", "PUT", his, nick.Token, object{"role": "x"}, badRole},
		{"a bad invitee before no membership", "POST", route(org, "/members"), nick.Token, invite("x", "Admin"), badInvitee},
		{"no membership before the role", "PUT", route(org), nick.Token, object{"name": "x"}, notMember},
		{"the role before no such member", "DELETE", nobody, tom.Token, nil, adminOnly},
		{"the role before one's own", "DELETE", his, tom.Token, nil, adminOnly},
		{"the role before already a member", "POST", route(org, "/members"), tom.Token, invite(tom.Email, "Admin"), adminOnly},
		{"a bad role before one's own", "PUT", own, ann.Token, object{"role": "x"}, badRole},
		{"no such member before the state", "POST", nobody + ":reactivate", ann.Token, nil, noSuchMember},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.want(t, c.Do(t, test.method, test.path, test.token, test.body))
		})
	}
}

// unproven returns the token of somebody whose address nobody proved.
func unproven(t testing.TB, c *cloudtest.Cloud) string {
	t.Helper()
	email := cloudtest.Address("uma")
	c.Do(t, "POST", "/_local/accounts", "", object{
		"email": email, "first_name": "Uma", "last_name": "Test", "password": cloudtest.Password, "verified": false,
	}).Want(t, 200)
	return post(t, c, "SignIn", pair(email, cloudtest.Password)).Want(t, 200).Text("access_token")
}

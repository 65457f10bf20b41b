package contract

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/operation"
)

// TestTheGatewaysOwnRefusalsAreOfTheAPIsShape: clients take an error without a code for a success.
func TestTheGatewaysOwnRefusalsAreOfTheAPIsShape(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "gateway")
	ann := c.Person(t, "ann")
	g.keep("no token", c.Do(t, "POST", "/v1/orgs:search", "", nil))
	g.keep("a bad token", c.Do(t, "POST", "/v1/orgs:search", "x", nil))
	g.keep("an unknown route", ann.Do(t, "GET", "/v1/nothing", nil))
	g.keep("an unknown route without token", c.Do(t, "GET", "/v1/nothing", "", nil))
	g.keep("11 MB", ann.Do(t, "POST", "/v1/orgs:search", strings.Repeat(" ", 11<<20)))
	g.keep("11 MB for a public route", c.Do(t, "POST", "/v1/auth/SignIn", "", strings.Repeat("a", 11<<20)))
}

func TestTheAuthorizationHeaderHoldsTheToken(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	token := c.Person(t, "ann").Token
	for _, test := range []struct {
		name, header string
		want         int
	}{
		{"after Bearer", "Bearer " + token, 200},
		{"after bearer", "bearer " + token, 200},
		{"empty", "", 401},
		{"Bearer alone", "Bearer ", 401},
		{"after Basic", "Basic " + token, 401},
		{"twice", "Bearer " + token + " " + token, 401},
		{"cut off", "Bearer " + token[:len(token)-4], 401},
		{"without signature", "Bearer " + token[:strings.LastIndex(token, ".")+1], 401},
		{"of no algorithm", "Bearer eyJhbGciOiJub25lIn0" + token[strings.Index(token, "."):strings.LastIndex(token, ".")+1], 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequest("POST", c.URL+"/v1/orgs:search", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header["Authorization"] = []string{test.header}
			a, err := c.RoundTrip(req)
			if err != nil || a.Status != test.want || (a.Status == 401) != (a.At("code") == 16.0) {
				t.Errorf("answer %d %s, %v; want %d", a.Status, a.Raw, err, test.want)
			}
		})
	}
}

func TestUnknownRoutesAreNotFound(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	m := ann.MemberID(t, org, ann.Email)
	for _, r := range []string{
		"POST /", "GET //", "POST /activation", "GET /assets", "GET /v1", "POST /v1/org", "POST /v2/orgs", "POST /V1/orgs", "POST /v1//orgs", "POST /v1/orgs:find", "POST /v1/orgs:",
		"GET /v1/orgs", "PUT /v1/orgs", "DELETE /v1/orgs", "PATCH /v1/orgs", "GET /v1/orgs:search", "DELETE /v1/orgs:search",
		"PATCH /v1/orgs/" + org, "POST /v1/orgs/" + org, "POST /v1/orgs/" + org + ":rename", "POST /v1/orgs/" + org + ":Leave",
		"GET /v1/orgs/" + org + "/nothing",
		"GET /v1/orgs/" + org + "/members", "DELETE /v1/orgs/" + org + "/members", "POST /v1/orgs/" + org + "/members:find",
		"GET /v1/orgs/" + org + "/members/" + m, "PATCH /v1/orgs/" + org + "/members/" + m, "POST /v1/orgs/" + org + "/members/" + m,
		"POST /v1/orgs/" + org + "/members/" + m + ":remove", "DELETE /v1/orgs/" + org + "/members/" + m + "/x",
		"GET /v1/auth/SignIn", "POST /v1/auth/signin", "POST /v1/auth", "POST /v1/auth/SignIn/x",
		"POST /v1/invitations", "POST /v1/invitations:decline", "GET /v1/invitations:search", "GET /v1/invitations/" + org,
		"POST /v1/invitations/" + org, "POST /v1/invitations/" + org + ":", "POST /v1/invitations/" + org + ":accepted",
		"OPTIONS /v1/orgs", "OPTIONS /v1/orgs:search", "TRACE /v1/orgs",
	} {
		t.Run(r, func(t *testing.T) {
			t.Parallel()
			method, path, _ := strings.Cut(r, " ")
			notFound.want(t, ann.Do(t, method, path, nil))
		})
	}
}

func TestHEADIsNoRouteEither(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for _, path := range []string{route(org), "/v1/orgs:search", "/v1/nothing"} {
		if a := ann.Do(t, "HEAD", path, nil); a.Status != 404 || a.Raw != "" {
			t.Errorf("HEAD %s: %d %q; want 404 without a body", path, a.Status, a.Raw)
		}
	}
}

func TestLiteralSegmentsWinOverParameters(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for r, want := range map[string]refusal{
		"DELETE /v1/orgs/inventory":           badOrg, // the literal has no DELETE: it stands where the id does
		"GET /v1/orgs/inventory":              badOrg,
		"GET /v1/orgs/company:search":         badOrg,
		"GET /v1/orgs/members:onboard":        badOrg,
		"DELETE /v1/orgs/members:onboard":     badOrg,
		"GET /v1/orgs/inventory:connect":      badOrg,
		"POST /v1/orgs/x:leave":               badOrg,
		"POST /v1/orgs/:leave":                badOrg,
		"POST /v1/orgs/" + org + ":x:leave":   badOrg,
		"POST /v1/orgs/" + org + "x:leave":    badOrg,
		"POST /v1/orgs/x/members:search":      badOrg,
		"POST /v1/orgs/inventory/x":           notFound, // a server without a verb
		"POST /v1/orgs/x/members/x":           notFound,
		"POST /v1/orgs/x/members/x:activate":  notFound,
		"POST /v1/invitations/x:accept":       badOrg,
		"POST /v1/invitations/x:decline":      badOrg,
		"POST /v1/invitations/search:accept":  badOrg,
		"POST /v1/invitations/accept:decline": badOrg,
	} {
		t.Run(r, func(t *testing.T) {
			t.Parallel()
			method, path, _ := strings.Cut(r, " ")
			body := any(nil)
			if strings.HasSuffix(path, "/members") {
				body = invite(cloudtest.Address("bob"), "Admin")
			}
			want.want(t, ann.Do(t, method, path, body))
		})
	}
}

// TestOneSlashAtTheEndDoesNotCount, because it does not for API Gateway.
func TestOneSlashAtTheEndDoesNotCount(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	ann.Do(t, "POST", "/v1/orgs:search/", nil).Want(t, 200)
	ann.Do(t, "GET", route(org, "/"), nil).Want(t, 200)
	notFound.want(t, ann.Do(t, "GET", route(org, "//"), nil))
	notFound.want(t, ann.Do(t, "POST", "//v1/orgs:search", nil))
}

// TestAVerbMayArriveEscaped: to a client's library the colon may be a character to escape.
func TestAVerbMayArriveEscaped(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	ann.Do(t, "POST", "/v1/orgs%3Asearch", nil).Want(t, 200)
	lastAdmin.want(t, ann.Do(t, "POST", route(org, "%3Aleave"), nil))
}

// TestAGETChangesNothing drives every GET that there is.
func TestAGETChangesNothing(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	tb := tableOf(ann.Cloud)
	before := tb.partition(t, "ORG#"+org, "")
	for _, o := range operation.All() {
		for _, r := range o.Routes {
			if path, is := strings.CutPrefix(r, "GET "); is && !o.Page {
				ann.Do(t, "GET", strings.Replace(path, "{org}", org, 1), nil).Want(t, 200)
			}
		}
	}
	if diff := cmp.Diff(before, tb.partition(t, "ORG#"+org, "")); diff != "" {
		t.Errorf("items (-before +after):\n%s", diff)
	}
}

func TestABodyMayComeInChunks(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	req, err := http.NewRequest("PUT", ann.Cloud.URL+route(org), io.NopCloser(strings.NewReader(`{"name":"Chunked"}`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+ann.Token)
	req.ContentLength = -1 // no length is said, so the body comes in chunks
	if a, err := ann.Cloud.RoundTrip(req); err != nil || a.Text("org.name") != "Chunked" {
		t.Errorf("answer %s, %v; want the name from a chunked body", a.Raw, err)
	}
}

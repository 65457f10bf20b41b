package httpapi

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/org"
)

func TestAVerbIsWhatFollowsTheLastColon(t *testing.T) {
	t.Parallel()
	for segment, want := range map[string][2]string{
		oid + ":leave":          {oid, "leave"},
		"a:b:leave":             {"a:b", "leave"},
		oid + ":":               {oid, ""},
		":leave":                {"", "leave"},
		oid + ":Leave":          {oid, "Leave"},
		oid + ":leave ":         {oid, "leave "},
		oid:                     {oid, ""},
		"":                      {"", ""},
		oid + "%3Aleave":        {oid, "leave"},
		"a%253Aleave":           {"a%3Aleave", ""},
		"a%:leave":              {"a%", "leave"},
		"pmm.example_1-x:leave": {"pmm.example_1-x", "leave"},
	} {
		e := request("")
		e.PathParameters = map[string]string{"org": segment, "member": mid}
		ask(t, e, func(_ context.Context, r Request[Empty]) (Empty, error) {
			verb := r.cut("org")
			if got := [2]string{r.Param("org"), verb}; got != want || r.Param("member") != mid {
				t.Errorf("%q: %q, want %q", segment, got, want)
			}
			return Empty{}, nil
		})
		if diff := cmp.Diff(map[string]string{"org": segment, "member": mid}, e.PathParameters); diff != "" {
			t.Errorf("%q: the event itself was changed (-want +got):\n%s", segment, diff)
		}
	}
}

// An unknown verb is another route, whatever the body; a known one has its body read.
func TestTheVerbIsLookedAtBeforeTheBody(t *testing.T) {
	t.Parallel()
	called := false
	leave := func(_ context.Context, r Request[Empty]) (Empty, error) {
		if err := r.Only("org", "leave"); err != nil {
			return Empty{}, err
		}
		called = true
		return Empty{}, nil
	}
	for segment, status := range map[string]int{oid + ":purge": 404, oid: 404, oid + ":leave": 400} {
		e := request("{")
		e.HTTPMethod, e.Resource, e.PathParameters = "POST", "/v1/orgs/{org}", map[string]string{"org": segment}
		if got := ask(t, e, leave); got.Status != status || called {
			t.Errorf("%q: %d %s, called %v", segment, got.Status, got.Body, called)
		}
	}
}

func TestAnotherVerbIsAnotherRouteThatDoesNotExist(t *testing.T) {
	t.Parallel()
	for segment, found := range map[string]bool{
		oid + ":leave": true, oid: false, oid + ":": false, oid + ":LEAVE": false, oid + ":purge": false,
		oid + ":leave:leave": true, oid + ":leave:x": false, oid + "%3Aleave": true, oid + "%3aleave": true, oid + "%253Aleave": false,
	} {
		e := request("")
		e.PathParameters = map[string]string{"org": segment}
		got := ask(t, e, func(_ context.Context, r Request[Empty]) (Empty, error) { return Empty{}, r.Only("org", "leave") })
		want := answer{Status: 200, Body: "{}"}
		if !found {
			want = answer{Status: 404, Body: `{"code":5,"message":"Not Found","details":[]}`}
		}
		if got.Status != want.Status || got.Body != want.Body {
			t.Errorf("%q: %d %s", segment, got.Status, got.Body)
		}
	}
}

func TestIDsOfThePathAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ org, member, want string }{
		"both are UUIDs":                                    {oid, mid, ""},
		"in capitals too":                                   {"0F8FAD5B-D9CB-469F-A165-70867728950E", mid, ""},
		"the organization is a word":                        {"inventory", mid, "Incorrect organization ID"},
		"the organization is missing":                       {"", mid, "Incorrect organization ID"},
		"the organization comes first, when neither is one": {"x", "y", "Incorrect organization ID"},
		"the member is a word":                              {oid, "me", "invalid field MemberId: value 'me' must be a valid UUID"},
		"the member is missing":                             {oid, "", "invalid field MemberId: value '' must be a valid UUID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Request[Empty]{path: map[string]string{"org": c.org, "member": c.member}}
			o, m, err := r.OrgMember()
			if c.want == "" && (o != org.ID(oid) || m != org.MemberID(mid) || err != nil) {
				t.Errorf("%q, %q, %v", o, m, err)
			}
			if c.want != "" && (err == nil || err.Error() != c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestAPathParameterIsNotTheBodys(t *testing.T) {
	t.Parallel()
	var got org.ID
	ask(t, request(`{"org":"7c9e6679-7425-40de-944b-e07fc1f90ae7","org_id":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}`),
		func(_ context.Context, r Request[struct {
			Org   string `json:"org"`
			OrgID string `json:"org_id"`
		}],
		) (_ Empty, err error) {
			got, err = r.Org()
			return Empty{}, err
		})
	if got != oid {
		t.Errorf("the organization is %q, want the path's", got)
	}
}

package refusal_test

import (
	"encoding/json"
	"slices"
	"testing"

	"roster/shared/refusal"
)

// statuses is the HTTP status of each gRPC code that a gateway may answer with; a body that is too
// large has one of its own, and so has a content type that is not taken.
var statuses = map[int][]int{3: {400, 413, 415}, 4: {504}, 5: {404}, 7: {403}, 8: {429}, 13: {500}, 16: {401}}

func TestEveryRefusalHasTheShapeOfAnError(t *testing.T) {
	for _, r := range refusal.All() {
		var body struct {
			Code    int
			Message string
			Details []any
		}
		if err := json.Unmarshal([]byte(r.Body()), &body); err != nil {
			t.Fatalf("%s: %v in %s", r.Type, err, r.Body())
		}
		if body.Code != r.Code || body.Message != r.Message || body.Message == "" || body.Details == nil {
			t.Errorf("%s: body %s; want code %d, message %q, details []", r.Type, r.Body(), r.Code, r.Message)
		}
	}
}

func TestEveryRefusalHasTheStatusOfItsCode(t *testing.T) {
	for _, r := range refusal.All() {
		if !slices.Contains(statuses[r.Code], r.Status) {
			t.Errorf("%s: status %d with code %d; want one of %v", r.Type, r.Status, r.Code, statuses[r.Code])
		}
	}
}

func TestEveryTypeIsListedOnce(t *testing.T) {
	seen := map[refusal.Type]bool{}
	for _, r := range refusal.All() {
		if seen[r.Type] {
			t.Errorf("%s is listed twice", r.Type)
		}
		seen[r.Type] = true
		if got := refusal.Of(r.Type); got != r {
			t.Errorf("Of(%s) = %v, want %v", r.Type, got, r)
		}
	}
	if got := refusal.Of("SOMETHING_NEW"); got.Type != refusal.Default5XX {
		t.Errorf("Of an unknown type = %v, want DEFAULT_5XX", got)
	}
}

func TestWhatClientsReadIsExact(t *testing.T) {
	tests := map[refusal.Type]string{
		refusal.Unauthorized:               `{"code":16,"message":"Authentication fail.","details":[]}`,
		refusal.AccessDenied:               `{"code":16,"message":"Invalid credentials.","details":[]}`,
		refusal.ExpiredToken:               `{"code":16,"message":"Invalid credentials.","details":[]}`,
		refusal.MissingAuthenticationToken: `{"code":5,"message":"Not Found","details":[]}`,
		refusal.InvalidSignature:           `{"code":5,"message":"Not Found","details":[]}`,
		refusal.Default4XX:                 `{"code":5,"message":"Not Found","details":[]}`,
		refusal.IntegrationFailure:         `{"code":13,"message":"Internal server error.","details":[]}`,
	}
	for typ, want := range tests {
		if got := refusal.Of(typ).Body(); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}

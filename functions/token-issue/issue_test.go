package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/customer"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// noCRM is that of a deployment without one.
var noCRM = &customer.Client{}

// event is what Cognito sends before it issues Ann's tokens, with what a case changes.
func event(changes map[string]string) trigger {
	user := map[string]string{
		"sub": "ann", "email": "Ann@Example.com", "email_verified": "true", "given_name": "Ann", "family_name": "Lee",
	}
	for k, v := range changes {
		user[k] = v
	}
	var e trigger
	e.TriggerSource, e.UserName, e.Request.UserAttributes = "TokenGeneration_Authentication", "ann", user
	return e
}

// added returns the claims that an answer adds, but the instant, which must lie between two.
func added(t *testing.T, e trigger, from, to time.Time) map[string]any {
	t.Helper()
	a := e.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration
	if diff := cmp.Diff([]string{"roster/api"}, a.ScopesToAdd); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"aws.cognito.signin.user.admin"}, a.ScopesToSuppress); diff != "" {
		t.Errorf("scopes taken away (-want +got):\n%s", diff)
	}
	ms, ok := a.ClaimsToAddOrOverride["issued_ms"].(int64)
	if !ok || ms < from.UnixMilli() || ms > to.UnixMilli() {
		t.Errorf("issued_ms is %v, not between %d and %d", a.ClaimsToAddOrOverride["issued_ms"], from.UnixMilli(), to.UnixMilli())
	}
	delete(a.ClaimsToAddOrOverride, "issued_ms")
	return a.ClaimsToAddOrOverride
}

func TestAnAccessTokenSaysWhoCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before  func(*storetest.World)
		user    map[string]string
		want    map[string]any
		account bool // has a row afterwards
	}{
		"a first sign-in makes the account": {
			func(*storetest.World) {}, nil,
			map[string]any{"email": "Ann@Example.com", "email_verified": "true", "given_name": "Ann", "family_name": "Lee"},
			true,
		},
		"names are the table's where it has any": {
			func(w *storetest.World) { w.Account("ann") }, nil,
			map[string]any{"email": "Ann@Example.com", "email_verified": "true", "given_name": "Ann", "family_name": "Smith"},
			true,
		},
		"the address is the pool's, which the table follows": {
			func(w *storetest.World) { w.Account("ann") },
			map[string]string{"email": "ann.lee@example.com"},
			map[string]any{"email": "ann.lee@example.com", "email_verified": "true", "given_name": "Ann", "family_name": "Smith"},
			true,
		},
		"an address that nobody proved makes none": {
			func(*storetest.World) {},
			map[string]string{"email_verified": "false"},
			map[string]any{"email": "Ann@Example.com", "email_verified": "false", "given_name": "Ann", "family_name": "Lee"},
			false,
		},
		"an address that is none makes none": {
			func(*storetest.World) {},
			map[string]string{"email": "ann"},
			map[string]any{"email": "ann", "email_verified": "true", "given_name": "Ann", "family_name": "Lee"},
			false,
		},
		"a user without names": {
			func(*storetest.World) {},
			map[string]string{"given_name": "", "family_name": ""},
			map[string]any{"email": "Ann@Example.com", "email_verified": "true", "given_name": "", "family_name": ""},
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			c.before(w)
			from := time.Now()
			got := issue(t.Context(), w.DB, noCRM, event(c.user))
			if diff := cmp.Diff(c.want, added(t, got, from, time.Now())); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			row := w.Get(storetest.AccountKey("ann"))
			if (row != nil) != c.account || row != nil && row["email"] != c.want["email"] {
				t.Errorf("the account is %v", row)
			}
		})
	}
}

func TestATableThatIsDownKeepsNobodyFromSigningIn(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	from := time.Now()
	got := issue(ctx, w.DB, noCRM, event(nil))
	want := map[string]any{"email": "Ann@Example.com", "email_verified": "true", "given_name": "Ann", "family_name": "Lee"}
	if diff := cmp.Diff(want, added(t, got, from, time.Now())); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// Cognito waits five seconds, and retries of the store may take long: the answer comes before.
func TestATableThatHangsIsNotWaitedForForever(t *testing.T) {
	t.Parallel()
	storetest.Timeless(t, func(t *testing.T, w *storetest.World) {
		w.Faults.Add(storetest.Rule{Fault: func(r *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}})
		begun := time.Now()
		issue(t.Context(), w.DB, noCRM, event(nil))
		if took := time.Since(begun); took != patience {
			t.Errorf("it took %v", took)
		}
	})
}

func TestASignInIsLoggedAndARefreshIsNot(t *testing.T) {
	t.Parallel()
	for source, want := range map[string][]string{
		"TokenGeneration_Authentication":       {"LOG_IN"},
		"TokenGeneration_HostedAuth":           {"LOG_IN"},
		"TokenGeneration_AuthenticateDevice":   {"LOG_IN"},
		"TokenGeneration_NewPasswordChallenge": {"CHANGE_PASSWORD", "LOG_IN"},
		"TokenGeneration_RefreshTokens":        nil,
		"TokenGeneration_Tomorrow":             nil,
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			w := storetest.New(t)
			w.Org("acme", storetest.Active(w.Person("ann"), org.Technical))
			e := event(nil)
			e.TriggerSource = source
			issue(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "rq"}), w.DB, noCRM, e)
			var got []string
			for k, i := range w.Dump() {
				if strings.HasPrefix(k.SK, "EVENT#") {
					got = append(got, i["action"].(string))
					if i["actor"] != "ann" || i["role"] != "Technical" || i["request_id"] != "rq" {
						t.Errorf("event %v", i)
					}
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

// The token says where its sign-in is logged, for sign-in to add from where it was; no other token does.
func TestATokenLeadsToTheEntryOfItsSignIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source, who string
		logged      bool
	}{
		{"TokenGeneration_Authentication", "ann", true},
		{"TokenGeneration_NewPasswordChallenge", "ann", true},
		{"TokenGeneration_RefreshTokens", "ann", false},
		{"TokenGeneration_Authentication", "fox", false},
	} {
		w := storetest.New(t)
		o := w.Org("acme", storetest.Active(w.Person("ann"), org.Technical))
		w.Account("fox")
		e := event(map[string]string{"sub": c.who, "email": c.who + "@example.com"})
		e.TriggerSource = c.source
		claim, ok := issue(t.Context(), w.DB, noCRM, e).Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration.ClaimsToAddOrOverride["log_entry"].(string)
		place, parsed := activity.ParsePlace(claim)
		entry := w.Get(storetest.Key{PK: "ORG#" + string(o), SK: fmt.Sprintf("EVENT#%016d#%s", place.At.UnixMicro(), place.ID)})
		if ok != c.logged || parsed != c.logged || c.logged && (entry["action"] != "LOG_IN" || place.Org != o) {
			t.Errorf("%s of %s: %q is %v", c.source, c.who, claim, entry)
		}
	}
}

// A log that cannot be written keeps nobody from signing in.
func TestASignInThatIsNotLoggedIsOneAllTheSame(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	w.Org("acme", storetest.Active(w.Person("ann"), org.Admin))
	w.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Fault: storetest.Refuse(http.StatusBadRequest, "ValidationException")})
	from := time.Now()
	if got := added(t, issue(t.Context(), w.DB, noCRM, event(nil)), from, time.Now()); got["family_name"] != "Smith" {
		t.Errorf("claims %v", got)
	}
}

func TestTheTokenIsOlderThanASignOutWhileItIsMade(t *testing.T) {
	t.Parallel()
	w := storetest.New(t)
	w.Account("ann")
	var signedOut time.Time
	w.Faults.Add(storetest.Rule{Times: 1, Fault: storetest.First(func() { signedOut = time.Now() })})
	e := issue(t.Context(), w.DB, noCRM, event(nil))
	ms := e.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration.ClaimsToAddOrOverride["issued_ms"].(int64)
	c := account.Caller{Account: "ann", Issued: time.UnixMilli(ms)}
	if err := account.MayCall(c, account.Account{ID: "ann", SignedOut: signedOut}); err == nil {
		t.Errorf("a token of %d outlives the sign-out at %d", ms, signedOut.UnixMilli())
	}
}

func TestTheSampleEventGetsItsClaims(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../events/token-issue.json")
	if err != nil {
		t.Fatal(err)
	}
	var e trigger
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	w := storetest.New(t)
	answer, err := json.Marshal(issue(t.Context(), w.DB, noCRM, e))
	if err != nil {
		t.Fatal(err)
	}
	var shown struct {
		Response struct {
			Details struct {
				Access struct {
					Claims map[string]json.RawMessage `json:"claimsToAddOrOverride"`
				} `json:"accessTokenGeneration"`
			} `json:"claimsAndScopeOverrideDetails"`
		} `json:"response"`
	}
	if err := json.Unmarshal(answer, &shown); err != nil {
		t.Fatal(err)
	}
	claims := shown.Response.Details.Access.Claims
	if _, err := strconv.ParseInt(string(claims["issued_ms"]), 10, 64); err != nil || string(claims["email"]) != `"Ann.Lee@example.com"` {
		t.Errorf("%s, %v", answer, err)
	}
}

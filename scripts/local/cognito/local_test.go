package cognito_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (f *fixture) local(method, path, body string) (int, map[string]any) {
	f.t.Helper()
	w := httptest.NewRecorder()
	f.pool.Local().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		f.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code, got
}

const annsAccount = `{"email":"Ann@Example.com","first_name":"Ann","last_name":"Lee","password":"Secret1234"}`

func TestALocalAccountIsOneThatSignedUpAndConfirmed(t *testing.T) {
	f := newFixture(t)
	code, got := f.local(http.MethodPost, "/_local/accounts", annsAccount)
	if code != http.StatusOK || len(got) != 1 {
		t.Fatalf("%d %v", code, got)
	}
	claims := f.claims(f.session().IdToken)
	if claims["sub"] != got["id"] || claims["email"] != ann || claims["email_verified"] != true || claims["given_name"] != "Ann" {
		t.Errorf("claims %v", claims)
	}
	if n := len(f.told("confirmed")); n != 1 {
		t.Errorf("the confirmation trigger ran %d times, want once", n)
	}
	if f.count() != 0 {
		t.Error("a mail was sent")
	}
}

func TestALocalAccountMayBeUnverified(t *testing.T) {
	f := newFixture(t)
	body := strings.Replace(annsAccount, "{", `{"verified":false,`, 1)
	if code, got := f.local(http.MethodPost, "/_local/accounts", body); code != http.StatusOK {
		t.Fatalf("%d %v", code, got)
	}
	if f.claims(f.session().IdToken)["email_verified"] != false {
		t.Error("the address is verified")
	}
}

func TestWhatALocalAccountIsRefusedFor(t *testing.T) {
	tests := map[string]struct {
		body   string
		status int
		code   float64
		says   string
	}{
		"an address that has one":  {annsAccount, http.StatusConflict, 6, "already exists"},
		"no JSON":                  {`{`, http.StatusBadRequest, 3, "JSON"},
		"an e-mail of wrong type":  {`{"email":1}`, http.StatusBadRequest, 3, "email"},
		"no e-mail":                {`{}`, http.StatusBadRequest, 3, "Email"},
		"no first name":            {`{"email":"b@example.com"}`, http.StatusBadRequest, 3, "FirstName"},
		"no last name":             {`{"email":"b@example.com","first_name":"B"}`, http.StatusBadRequest, 3, "LastName"},
		"no password":              {`{"email":"b@example.com","first_name":"Bo","last_name":"Li"}`, http.StatusBadRequest, 3, "Password"},
		"a password with the name": {`{"email":"b@example.com","first_name":"Secret","last_name":"Li","password":"Secret1234"}`, http.StatusBadRequest, 3, "Password"},
	}
	f := newFixture(t)
	f.local(http.MethodPost, "/_local/accounts", annsAccount)
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			status, got := f.local(http.MethodPost, "/_local/accounts", c.body)
			message, _ := got["message"].(string)
			if status != c.status || got["code"] != c.code || !strings.Contains(message, c.says) {
				t.Errorf("%d %v, want %d %v and %q", status, got, c.status, c.code, c.says)
			}
			if diff := cmp.Diff([]any{}, got["details"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDeletingALocalAccountIsAnOperatorsDeletion(t *testing.T) {
	f := newFixture(t)
	f.local(http.MethodPost, "/_local/accounts", annsAccount)
	status, got := f.local(http.MethodDelete, "/_local/accounts/ann%40example.com", "")
	if status != http.StatusOK || len(got) != 0 {
		t.Fatalf("%d %v", status, got)
	}
	if told := f.told("closed"); len(told) != 1 || !strings.Contains(string(told[0]), "AdminDeleteUser") {
		t.Errorf("told %s", told)
	}
	status, got = f.local(http.MethodDelete, "/_local/accounts/ann@example.com", "")
	if status != http.StatusNotFound || got["code"] != 5.0 {
		t.Errorf("again: %d %v", status, got)
	}
}

// The sign-in asks the pool for the address in its IDNA form.
func TestALocalAccountHasTheAddressThatThePoolHolds(t *testing.T) {
	f := newFixture(t)
	body := strings.Replace(annsAccount, "Ann@Example.com", "Ann@Bücher.example", 1)
	if status, got := f.local(http.MethodPost, "/_local/accounts", body); status != http.StatusOK {
		t.Fatalf("%d %v", status, got)
	}
	if _, err := f.signIn("Ann@xn--bcher-kva.example", "Secret1234"); err != nil {
		t.Error(err)
	}
	if status, got := f.local(http.MethodDelete, "/_local/accounts/ann@bücher.example", ""); status != http.StatusOK {
		t.Errorf("%d %v", status, got)
	}
}

func TestAFunctionIsInvokedThoughTheCallerIsGone(t *testing.T) {
	f := newFixture(t)
	for _, name := range []string{"confirmed", "closed"} {
		f.answer(name, func(ctx context.Context, _ []byte) ([]byte, error) { return nil, ctx.Err() })
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, r := range []*http.Request{
		httptest.NewRequestWithContext(gone, http.MethodPost, "/_local/accounts", strings.NewReader(annsAccount)),
		httptest.NewRequestWithContext(gone, http.MethodDelete, "/_local/accounts/ann@example.com", nil),
	} {
		w := httptest.NewRecorder()
		f.pool.Local().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", r.Method, w.Code, w.Body)
		}
	}
	if n := len(f.told("closed")); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
}

func TestALocalAccountWhoseTriggerFailsIsAnInternalError(t *testing.T) {
	f := newFixture(t)
	f.answer("confirmed", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("boom") })
	if status, got := f.local(http.MethodPost, "/_local/accounts", annsAccount); status != http.StatusInternalServerError || got["code"] != 13.0 {
		t.Errorf("%d %v", status, got)
	}
}

func TestATriggerHasFiveSeconds(t *testing.T) {
	for life, want := range map[time.Duration]int{4 * time.Second: http.StatusOK, 6 * time.Second: http.StatusInternalServerError} {
		f := newFixture(t)
		f.answer("confirmed", func(ctx context.Context, _ []byte) ([]byte, error) {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(life):
				return nil, nil
			}
		})
		synctest.Test(t, func(t *testing.T) {
			status, got := f.local(http.MethodPost, "/_local/accounts", annsAccount)
			if message, _ := got["message"].(string); status != want || status != http.StatusOK && !strings.HasPrefix(message, "UnexpectedLambdaException") {
				t.Errorf("after %v: %d %v", life, status, got)
			}
		})
	}
}

func TestOneOfManySignUpsOfAnAddressSucceeds(t *testing.T) {
	f := newFixture(t)
	var wg sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wg.Go(func() { _, errs[i] = f.signUp(ann, password) })
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
			continue
		}
		refused(t, err, "UsernameExistsException")
	}
	if made != 1 {
		t.Errorf("%d users were made", made)
	}
}

func TestManyUseThePoolAtOnce(t *testing.T) {
	f := newFixture(t)
	f.member()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			email := fmt.Sprintf("user%d@example.com", i)
			if _, err := f.create(email); err != nil {
				t.Error(err)
			}
			out, err := f.signIn(ann, password)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := f.refresh(*out.AuthenticationResult.RefreshToken); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

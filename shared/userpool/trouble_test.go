package userpool

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/fault"
	"roster/shared/org"
)

// every calls each thing that the pool is asked for, by its name.
func every(c *Client, u *Users) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"SignIn":  func(ctx context.Context) error { _, err := c.SignIn(ctx, "ann@example.com", password); return err },
		"Refresh": func(ctx context.Context) error { _, err := c.Refresh(ctx, "token"); return err },
		"SignUp": func(ctx context.Context) error {
			taken, err := c.SignUp(ctx, ann, "Ann", "Lee", password)
			if taken {
				err = errors.New("taken")
			}
			return err
		},
		"Confirm": func(ctx context.Context) error { return c.Confirm(ctx, "ann@example.com", "123456") },
		"Forgot":  func(ctx context.Context) error { return c.Forgot(ctx, "ann@example.com") },
		"ConfirmForgot": func(ctx context.Context) error {
			return c.ConfirmForgot(ctx, "ann@example.com", "123456", password, activity.Source{})
		},
		"SignOut": func(ctx context.Context) error { return u.SignOut(ctx, "11111111-1111-4111-8111-111111111111") },
		"Provision": func(ctx context.Context) error {
			_, _, err := u.Provision(ctx, ann, "Ann", "Lee", password)
			return err
		},
	}
}

// at returns both sides of a pool that answers as answer does.
func at(t *testing.T, answer http.HandlerFunc) (*Client, *Users) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	api := clientOf(server.URL)
	return &Client{api, "app"}, &Users{api, "pool"}
}

// exception answers as Cognito documents its errors.
func exception(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type":%q,"message":"secret of the pool"}`, code)
	}
}

func TestAPoolThatIsDownIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"it says that it failed":          exception(500, "InternalErrorException"),
		"it says that it cannot now":      exception(503, "ServiceUnavailableException"),
		"it says something not heard yet": exception(500, "NewException"),
		"somebody before it answers": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(502)
			fmt.Fprint(w, "<html>")
		},
		"it hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"it answers what is no JSON": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "{")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for what, call := range every(at(t, answer)) {
				if err := call(t.Context()); !errors.Is(err, fault.ErrUnavailable) {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
	t.Run("nobody is there", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(nil)
		server.Close()
		api := clientOf(server.URL)
		for what, call := range every(&Client{api, "app"}, &Users{api, "pool"}) {
			if err := call(t.Context()); !errors.Is(err, fault.ErrUnavailable) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
	t.Run("the caller's time is over", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for what, call := range every(at(t, exception(500, ""))) {
			if err := call(ctx); !errors.Is(err, fault.ErrUnavailable) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestWhatThePoolSaysBecomesWhatTheCallerHears(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]map[string]error{
		"NotAuthorizedException": {
			"SignIn": ErrCredentials, "Refresh": account.ErrRevoked, "Confirm": ErrCode, "ConfirmForgot": ErrCode, "Forgot": nil,
		},
		"UserNotFoundException": {
			"SignIn": ErrCredentials, "Refresh": account.ErrRevoked, "Confirm": ErrCode, "ConfirmForgot": ErrCode, "Forgot": nil, "SignOut": nil,
		},
		"InvalidParameterException": {
			"SignIn": ErrCredentials, "Refresh": account.ErrRevoked, "Confirm": ErrCode, "ConfirmForgot": ErrCode, "Forgot": nil,
			"Provision": account.ErrAddress, "SignUp": ErrEmail,
		},
		"UserNotConfirmedException":               {"SignIn": ErrUnconfirmed, "Forgot": nil, "ConfirmForgot": ErrCode},
		"PasswordResetRequiredException":          {"SignIn": ErrMustReset},
		"CodeMismatchException":                   {"Confirm": ErrCode, "ConfirmForgot": ErrCode},
		"ExpiredCodeException":                    {"Confirm": ErrCode, "ConfirmForgot": ErrCode},
		"AliasExistsException":                    {"Confirm": ErrCode},
		"InvalidPasswordException":                {"SignUp": ErrPassword, "ConfirmForgot": ErrPassword, "Provision": ErrPassword},
		"PasswordHistoryPolicyViolationException": {"ConfirmForgot": ErrPassword},
		"TooManyRequestsException": {
			"SignIn": ErrTooMany, "Refresh": ErrTooMany, "SignUp": ErrTooMany, "Confirm": ErrTooMany, "ConfirmForgot": ErrTooMany,
			"SignOut": ErrTooMany, "Provision": ErrTooMany,
		},
		"LimitExceededException":         {"Confirm": ErrCode, "ConfirmForgot": ErrCode},
		"TooManyFailedAttemptsException": {"ConfirmForgot": ErrCode},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			calls := every(at(t, exception(400, code)))
			for what, want := range want {
				err := calls[what](t.Context())
				if want == nil && err != nil || !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", what, err, want)
				}
				if err != nil && strings.Contains(err.Error(), "secret of the pool") {
					t.Errorf("%s: the caller reads %v", what, err)
				}
			}
		})
	}
}

func TestWhatIsOurMistakeIsInternal(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"ResourceNotFoundException", "AccessDeniedException", "UnrecognizedClientException", "InvalidLambdaResponseException"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			for what, call := range every(at(t, exception(400, code))) {
				var f *fault.Error
				if err := call(t.Context()); err == nil || errors.As(err, &f) {
					t.Errorf("%s: %v is shown to the caller", what, err)
				}
			}
		})
	}
}

func TestAUserWhoVanishesWhileTakenOverIsUnavailable(t *testing.T) {
	t.Parallel()
	_, users := at(t, func(w http.ResponseWriter, r *http.Request) {
		code := "UserNotFoundException"
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".AdminCreateUser") {
			code = "UsernameExistsException"
		}
		exception(400, code)(w, r)
	})
	_, _, err := users.Provision(t.Context(), ann, "Ann", "Lee", password)
	if !errors.Is(err, fault.ErrUnavailable) || errors.Is(err, org.ErrHasAccount) {
		t.Errorf("%v", err)
	}
}

func TestASignUpThatIsNotPermittedIsOurMistake(t *testing.T) {
	t.Parallel()
	client, _ := at(t, exception(400, "NotAuthorizedException"))
	var f *fault.Error
	if _, err := client.SignUp(t.Context(), ann, "Ann", "Lee", password); err == nil || errors.As(err, &f) {
		t.Errorf("%v is shown to the caller", err)
	}
}

func TestAUserWhoVanishesWhileSigningUpIsUnavailable(t *testing.T) {
	t.Parallel()
	client, _ := at(t, func(w http.ResponseWriter, r *http.Request) {
		code := "UserNotFoundException"
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".SignUp") {
			code = "UsernameExistsException"
		}
		exception(400, code)(w, r)
	})
	if taken, err := client.SignUp(t.Context(), ann, "Ann", "Lee", password); taken || !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("%v, %v", taken, err)
	}
}

func TestTheRefusalsAreTheSentencesOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  *fault.Error
		kind fault.Kind
		text string
	}{
		{ErrCredentials, fault.Invalid, "Incorrect username or password."},
		{ErrCode, fault.Invalid, "The code is not valid."},
	} {
		if c.err.Kind != c.kind || c.err.Error() != c.text {
			t.Errorf("%v %q, want %v %q", c.err.Kind, c.err, c.kind, c.text)
		}
	}
	for err, kind := range map[*fault.Error]fault.Kind{
		ErrUnconfirmed: fault.Precondition, ErrMustReset: fault.Precondition, ErrTooMany: fault.Exhausted, ErrPassword: fault.Invalid,
	} {
		if err.Kind != kind {
			t.Errorf("%q is of kind %v, want %v", err, err.Kind, kind)
		}
	}
	if ErrTooMany.RetryAfter <= 0 {
		t.Error("too many attempts, and nobody says when to come again")
	}
}

func TestBothSidesAreOpenedFromTheEnvironment(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService."))
		exception(400, "UserNotFoundException")(w, r)
	}))
	defer server.Close()
	for name, value := range map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.URL,
		"ROSTER_USER_POOL_CLIENT_ID":                 "app", "ROSTER_USER_POOL_ID": "pool",
	} {
		t.Setenv(name, value)
	}
	client, users := OpenClient(), OpenUsers()
	if client.app != "app" || users.pool != "pool" {
		t.Errorf("app client %q, pool %q", client.app, users.pool)
	}
	if _, err := client.SignIn(t.Context(), "ann@example.com", password); !errors.Is(err, ErrCredentials) {
		t.Error(err)
	}
	if err := users.SignOut(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	if len(asked) != 2 || asked[0] != "InitiateAuth" || asked[1] != "AdminUserGlobalSignOut" {
		t.Errorf("the pool was asked %q", asked)
	}
}

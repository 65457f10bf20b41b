package cognito_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/golang-jwt/jwt/v5"

	"roster/scripts/local/cognito"
)

const (
	poolID   = "eu-central-1_local"
	clientID = "roster"
	ann      = "Ann@Example.com"
	password = "Secret1234"
)

// A mail is one that the pool sent.
type mail struct{ to, subject, text, html string }

// A fixture is a pool, the SDK's client of it, and everything that the pool told anybody.
type fixture struct {
	t    *testing.T
	pool *cognito.Pool
	*cip.Client

	mu       sync.Mutex
	now      time.Time
	mails    []mail
	payloads map[string][][]byte // by what was told: "confirmed", "token", "closed"
	answers  map[string]cognito.Trigger
}

// sharedKey saves every fixture the making of one.
var sharedKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newFixture(t *testing.T) *fixture {
	t.Helper()
	key, err := sharedKey()
	if err != nil {
		t.Fatal(err)
	}
	return newFixtureOf(t, key)
}

// newFixtureOf returns a fixture whose pool signs with key, with one of its own when it is nil.
func newFixtureOf(t *testing.T, key *rsa.PrivateKey) *fixture {
	t.Helper()
	f := &fixture{
		t: t, now: time.Now(), payloads: map[string][][]byte{},
		answers: map[string]cognito.Trigger{},
	}
	server := httptest.NewUnstartedServer(nil)
	endpoint := "http://" + server.Listener.Addr().String()
	pool, err := cognito.New(cognito.Config{
		Endpoint: endpoint, Region: "eu-central-1", PoolID: poolID, ClientID: clientID,
		Mail:             f.mail,
		PostConfirmation: f.trigger("confirmed"), PreToken: f.trigger("token"), Closed: f.trigger("closed"),
		Key: key, Now: f.clock, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = pool
	server.Start()
	t.Cleanup(server.Close)
	f.pool = pool
	f.Client = cip.New(cip.Options{
		Region: "eu-central-1", BaseEndpoint: &endpoint, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	return f
}

func (f *fixture) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fixture) wait(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func (f *fixture) mail(to, subject, text, html string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mails = append(f.mails, mail{to, subject, text, html})
}

// trigger records what a trigger is told and answers as the test wants it, with the event by default.
func (f *fixture) trigger(name string) cognito.Trigger {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		f.mu.Lock()
		f.payloads[name] = append(f.payloads[name], payload)
		answer := f.answers[name]
		f.mu.Unlock()
		if answer == nil {
			return payload, nil
		}
		return answer(ctx, payload)
	}
}

func (f *fixture) answer(name string, with cognito.Trigger) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[name] = with
}

func (f *fixture) told(name string) [][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.payloads[name]
}

// lastMail returns the newest mail and the code that stands alone on a line of its text.
func (f *fixture) lastMail() (mail, string) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.mails) == 0 {
		f.t.Fatal("no mail")
	}
	m := f.mails[len(f.mails)-1]
	alone := regexp.MustCompile(`(?m)^\d{6}$`)
	code := alone.FindString(m.text)
	if code == "" || alone.FindString(m.html) != code {
		f.t.Fatalf("no code alone on a line of %q and %q", m.text, m.html)
	}
	return m, code
}

// wrong returns six digits that are not the code.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func (f *fixture) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.mails)
}

func attributes(pairs ...string) []types.AttributeType {
	var all []types.AttributeType
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, types.AttributeType{Name: &pairs[i], Value: &pairs[i+1]})
	}
	return all
}

func (f *fixture) signUp(email, password string) (*cip.SignUpOutput, error) {
	return f.SignUp(f.t.Context(), &cip.SignUpInput{
		ClientId: aws.String(clientID), Username: &email, Password: &password,
		UserAttributes: attributes("email", email, "given_name", "Ann", "family_name", "Lee"),
	})
}

func (f *fixture) confirm(email, code string) error {
	_, err := f.ConfirmSignUp(f.t.Context(), &cip.ConfirmSignUpInput{ClientId: aws.String(clientID), Username: &email, ConfirmationCode: &code})
	return err
}

func (f *fixture) authenticate(flow types.AuthFlowType, with ...string) (*cip.InitiateAuthOutput, error) {
	parameters := map[string]string{}
	for i := 0; i < len(with); i += 2 {
		parameters[with[i]] = with[i+1]
	}
	return f.InitiateAuth(f.t.Context(), &cip.InitiateAuthInput{ClientId: aws.String(clientID), AuthFlow: flow, AuthParameters: parameters})
}

func (f *fixture) signIn(email, password string) (*cip.InitiateAuthOutput, error) {
	return f.authenticate(types.AuthFlowTypeUserPasswordAuth, "USERNAME", email, "PASSWORD", password)
}

func (f *fixture) refresh(token string) (*cip.InitiateAuthOutput, error) {
	return f.authenticate(types.AuthFlowTypeRefreshTokenAuth, "REFRESH_TOKEN", token)
}

// member makes a confirmed Ann and returns her sub.
func (f *fixture) member() string {
	f.t.Helper()
	out, err := f.signUp(ann, password)
	if err != nil {
		f.t.Fatal(err)
	}
	_, code := f.lastMail()
	if err := f.confirm(ann, code); err != nil {
		f.t.Fatal(err)
	}
	return *out.UserSub
}

// session signs Ann in.
func (f *fixture) session() *types.AuthenticationResultType {
	f.t.Helper()
	out, err := f.signIn(ann, password)
	if err != nil {
		f.t.Fatal(err)
	}
	return out.AuthenticationResult
}

func (f *fixture) user(name string) *cip.AdminGetUserOutput {
	f.t.Helper()
	out, err := f.AdminGetUser(f.t.Context(), &cip.AdminGetUserInput{UserPoolId: aws.String(poolID), Username: &name})
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

func attribute(all []types.AttributeType, name string) string {
	for _, a := range all {
		if *a.Name == name {
			return *a.Value
		}
	}
	return ""
}

// claims verifies a token with the pool's key and returns what it says.
func (f *fixture) claims(token *string) jwt.MapClaims {
	f.t.Helper()
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(aws.ToString(token), claims, f.pool.Keyfunc, jwt.WithIssuer(f.pool.Issuer()), jwt.WithTimeFunc(f.clock))
	if err != nil {
		f.t.Fatal(err)
	}
	return claims
}

// refused fails unless err is that exception of Cognito's, as one of the SDK's own types.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	var generic *smithy.GenericAPIError
	var api smithy.APIError
	switch {
	case code == "" && err == nil:
	case errors.As(err, &generic):
		t.Errorf("error %v is not typed in the SDK, want %s", err, code)
	case !errors.As(err, &api) || api.ErrorCode() != code:
		t.Errorf("error %v, want %q", err, code)
	}
}

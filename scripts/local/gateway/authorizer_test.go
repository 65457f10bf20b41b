package gateway_test

import (
	"crypto/rand"
	"crypto/rsa"
	"maps"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/gateway"
)

const (
	issuer = "https://pool.example/eu-central-1_1"
	scope  = "roster/api"

	noToken  = `{"code":16,"message":"Authentication fail.","details":[]}`
	badToken = `{"code":16,"message":"Invalid credentials.","details":[]}`
)

var key, other = newKey(), newKey()

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

func keys(*jwt.Token) (any, error) { return &key.PublicKey, nil }

// good returns the claims of a token that passes, with changes; a nil value takes a claim away.
func good(changes jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{
		"iss": issuer, "sub": "1", "scope": "openid " + scope, "token_use": "access",
		"exp": time.Now().Add(time.Hour).Unix(), "iat": int64(1500000000),
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

func sign(method jwt.SigningMethod, with any, claims jwt.MapClaims) string {
	token, err := jwt.NewWithClaims(method, claims).SignedString(with)
	if err != nil {
		panic(err)
	}
	return token
}

func signed(changes jwt.MapClaims) string { return sign(jwt.SigningMethodRS256, key, good(changes)) }

func TestTheAuthorizerLetsOnlyGoodTokensPass(t *testing.T) {
	tests := []struct {
		name   string
		header string
		want   string // "" for a token that passes
	}{
		{"a bearer token", "Bearer " + signed(nil), ""},
		{"a bearer token in small letters", "bearer " + signed(nil), ""},
		{"a bare token", signed(nil), ""},
		{"a token of any use, as on AWS", signed(jwt.MapClaims{"token_use": "id"}), ""},
		{"no header", "", noToken},
		{"another scheme", "Basic YTpi", badToken},
		{"a scheme alone", "Bearer ", badToken},
		{"no token at all", "Bearer x.y.z", badToken},
		{"a token of another key", sign(jwt.SigningMethodRS256, other, good(nil)), badToken},
		{"a token with another algorithm of the key", sign(jwt.SigningMethodPS256, key, good(nil)), badToken},
		{"a token that the public key signs as a secret", sign(jwt.SigningMethodHS256, key.N.Bytes(), good(nil)), badToken},
		{"a token without signature", sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good(nil)), badToken},
		{"an expired token", signed(jwt.MapClaims{"exp": time.Now().Add(-time.Minute).Unix()}), badToken},
		{"a token that never expires", signed(jwt.MapClaims{"exp": nil}), badToken},
		{"a token of another issuer", signed(jwt.MapClaims{"iss": "https://pool.example/2"}), badToken},
		{"a token without issuer", signed(jwt.MapClaims{"iss": nil}), badToken},
		{"a token without scopes, as id tokens are", signed(jwt.MapClaims{"scope": nil}), badToken},
		{"a token with another scope", signed(jwt.MapClaims{"scope": "openid roster/apis"}), badToken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got record
			g := open(t, gateway.Config{Invoke: got.invoke})
			r := httptest.NewRequest("POST", "/v1/private", nil)
			if test.header != "" {
				r.Header.Set("Authorization", test.header)
			}
			status, body := send(g, r)
			if test.want == "" {
				if status != 200 || got.name != "private" {
					t.Errorf("answer = %d %s of %q, want 200", status, body, got.name)
				}
				return
			}
			if status != 401 || body != test.want || got.name != "" {
				t.Errorf("answer = %d %s of %q, want 401 %s", status, body, got.name, test.want)
			}
		})
	}
}

func TestClaimsArriveAsText(t *testing.T) {
	var got record
	g := open(t, gateway.Config{Invoke: got.invoke})
	r := httptest.NewRequest("POST", "/v1/private", nil)
	r.Header.Set("Authorization", signed(jwt.MapClaims{
		"exp": int64(4102444800), "email_verified": true, "issued_ms": int64(1700000000123),
		"cognito:groups": []string{"a", "b"}, "more": map[string]any{"x": 1},
	}))
	send(g, r)
	want := map[string]any{
		"iss": issuer, "sub": "1", "scope": "openid " + scope, "token_use": "access",
		"exp": "Fri Jan 01 00:00:00 UTC 2100", "iat": "Fri Jul 14 02:40:00 UTC 2017",
		"email_verified": "true", "issued_ms": "1700000000123", "cognito:groups": "a,b", "more": `{"x":1}`,
	}
	if diff := cmp.Diff(map[string]any{"claims": want}, got.event.RequestContext.Authorizer); diff != "" {
		t.Errorf("authorizer (-want +got):\n%s", diff)
	}
}

func TestAPublicRouteHasNoClaimsEvenWithAToken(t *testing.T) {
	var got record
	g := open(t, gateway.Config{Invoke: got.invoke})
	for _, header := range []string{"", "Bearer " + signed(nil), "Basic YTpi"} {
		r := httptest.NewRequest("POST", "/v1/orgs", nil)
		r.Header.Set("Authorization", header)
		if status, _ := send(g, r); status != 200 || got.event.RequestContext.Authorizer != nil {
			t.Errorf("%q: answer = %d with %v", header, status, got.event.RequestContext.Authorizer)
		}
		if got.event.Headers["Authorization"] != header {
			t.Errorf("header = %q, want %q", got.event.Headers["Authorization"], header)
		}
	}
}

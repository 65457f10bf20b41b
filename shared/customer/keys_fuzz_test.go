package customer

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A credential that is taken authorizes in one of the two ways, and a refusal repeats nothing of it.
func FuzzParseCredential(f *testing.F) {
	for _, s := range []string{
		`{"client_id":"roster","client_secret":"pass-w0rd"}`, `{"username":"roster","password":"pass-w0rd"}`,
		`{"client_id":"roster","client_secret":"x","username":"roster","password":"y"}`, `{"client_id":"roster"}`, `{"username":"","password":"pass-w0rd"}`,
		`{"client_id":5}`, `null`, `[]`, `"pass-w0rd"`, `{`, ``,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCredential(text)
		if err != nil {
			if c != (credential{}) || len(text) > 80 && strings.Contains(err.Error(), text) {
				t.Fatalf("%q: %+v, %v", text, c, err)
			}
			return
		}
		if !c.oauth() && (c.Username == "" || c.Password == "") {
			t.Fatalf("%q is %+v", text, c)
		}
	})
}

// Whatever an instance answers whoever asks for a token, it is one, or refused, or an error; and it is
// not used when it is over.
func FuzzToken(f *testing.F) {
	for _, body := range []string{
		`{"access_token":"t","expires_in":1799}`, `{"access_token":"t","expires_in":"1799"}`, `{"access_token":"t"}`, `{"access_token":"t","expires_in":-5}`,
		`{"access_token":"t","expires_in":9223372036854775807}`, `{"access_token":"t","expires_in":1e400}`, `{"access_token":"","expires_in":5}`, `{"access_token":5}`,
		`{"error":"server_error"}`, `[]`, `<html>`, ``,
	} {
		for _, status := range []int{200, 400, 401, 503} {
			f.Add(status, body)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return // no HTTP
		}
		c := newClient("https://instance.example", standard(), nil)
		c.http = &http.Client{Transport: instance(func() (int, string) { return status, body })}
		g, err := c.fetchToken(context.Background(), credential{ClientID: "roster", ClientSecret: "pass-w0rd"})
		switch {
		case err != nil && g != grant{}, errors.Is(err, errRefused) != (status == 400 || status == 401):
			t.Fatalf("%d %s: %+v, %v", status, body, g, err)
		case err == nil && (!strings.HasPrefix(g.header, "Bearer ") || g.header == "Bearer " || g.until.IsZero()):
			t.Fatalf("%s: %+v", body, g)
		case err == nil && g.valid(time.Now().AddDate(400, 0, 0)):
			t.Fatalf("%s is good for ever: %+v", body, g)
		}
	})
}

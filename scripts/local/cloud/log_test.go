package cloud_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/ses"
	"roster/shared/telemetry/telemetrytest"
)

// A buffer may be written to and read at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

const (
	plantedName     = "Wilhelmina-Planted"
	plantedPassword = "Planted-walrus-77"
)

// live takes people with telling names through everything that has secrets: sign-up, sign-in, mails
// that arrive and bounce, links, tokens, deletion. It returns all that no log may hold.
func live(t *testing.T, c *cloud.Cloud) (secrets []string) {
	t.Helper()
	person := func(name string) object {
		return object{"email": name + ".planted@example.com", "first_name": plantedName, "last_name": name, "password": plantedPassword}
	}
	keep := func(texts ...string) { secrets = append(secrets, texts...) }
	keep(plantedName, plantedPassword, ".planted@", "planted%40", "Planted Walrus Society")
	must(t, "POST", c.URL+"/_local/accounts", "", person("ann"))
	session := must(t, "POST", c.URL+"/v1/auth/SignIn", "", person("ann"))
	token := session["access_token"].(string)
	for _, name := range []string{"access_token", "id_token", "refresh_token"} {
		keep(session[name].(string))
	}
	must(t, "POST", c.URL+"/v1/auth/SignUp", "", person("dan"))
	call(t, "POST", c.URL+"/v1/auth/SignIn", "", object{"email": "ann.planted@example.com", "password": "wrong" + plantedPassword})
	route := c.URL + "/v1/orgs/" + must(t, "POST", c.URL+"/v1/orgs", token, object{"name": "Planted Walrus Society"})["org"].(object)["id"].(string)
	for _, name := range []string{"bob", "eve"} {
		must(t, "POST", route+"/members", token, object{"username": name + ".planted@example.com", "role": "Technical"})
	}
	call(t, "POST", route+"/members", token, object{"username": "ann.planted@example.com " + plantedName, "role": plantedName})
	settle(t, c)
	link := c.Mail.Mails("bob.planted@example.com")[0].Links[0].Href
	_, activation, _ := strings.Cut(link, "token=")
	keep(activation, activation[len(activation)-43:])
	state := must(t, "POST", c.URL+"/v1/auth/ValidateToken", "", object{"activation_token": activation})["state_token"].(string)
	keep(state)
	must(t, "POST", c.URL+"/v1/auth/ActivateProfile", "", object{
		"token": state, "password": plantedPassword,
		"profile": object{"first_name": plantedName, "last_name": "bob", "tos": true, "marketing": false},
	})
	call(t, "POST", c.URL+"/v1/auth/ValidateToken", "", object{"activation_token": activation})
	call(t, "GET", route+"/"+url.PathEscape("ann.planted@example.com")+"?token="+activation, token, nil)
	call(t, "GET", route, "x"+token, nil)
	must(t, "DELETE", c.URL+"/_local/accounts/bob.planted@example.com", "", nil)
	must(t, "DELETE", route, token, nil)
	settle(t, c)
	return secrets
}

func TestTheLogTellsWhatHappenedAndOfNobody(t *testing.T) {
	t.Parallel()
	var log buffer
	c := openLogged(t, cloud.Options{}, &log)
	c.SES.SetFault(func(to string) error {
		return map[string]error{"eve.planted@example.com": ses.Bounced}[to]
	})
	secrets := live(t, c)
	c.Close()
	text := log.text()
	for _, s := range secrets {
		if at := strings.Index(text, s); at >= 0 {
			t.Errorf("the log holds %q: …%s…", s, text[max(0, at-200):min(len(text), at+200)])
		}
	}
	seen := map[string]int{}
	for _, raw := range strings.Split(text, "\n") {
		_, object, found := strings.Cut(raw, "{")
		if !found || !strings.Contains(object, `"_aws"`) {
			continue
		}
		if err := telemetrytest.CheckEMF([]byte("{" + object)); err != nil {
			t.Errorf("%v in %s", err, raw)
		}
		line := telemetrytest.Lines([]byte(raw))[0]
		if line["requestId"] == nil || line["level"] != "INFO" || !strings.HasPrefix(raw, fmt.Sprint(line["Operation"])) {
			t.Errorf("the line lacks its request or operation: %s", raw)
		}
		seen[fmt.Sprintf("%v %v", line["Operation"], line["Outcome"])]++
	}
	for _, want := range []string{
		"org-create OK", "member-invite OK", "member-invite INVALID_ARGUMENT", "link-validate OK", "link-validate INVALID_ARGUMENT",
		"profile-activate OK", "mail-send OK", "mail-feedback OK", "token-issue OK", "account-closed OK", "org-purge OK",
		"org-delete OK", "sign-in OK", "sign-in INVALID_ARGUMENT", "sign-up OK",
	} {
		if seen[want] == 0 {
			t.Errorf("no line says %s: %v", want, seen)
		}
	}
}

func TestALevelKeepsQuietLinesOut(t *testing.T) {
	t.Parallel()
	var log buffer
	c := openLogged(t, cloud.Options{LogLevel: "WARN"}, &log)
	join(t, c, "ann")
	c.Close()
	if text := log.text(); strings.Contains(text, `"level":"INFO"`) {
		t.Error(text)
	}
}

package storm

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/crm"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// An ear hears all that a cloud answers and all that its functions print and log, to tell afterwards whether
// any secret of the cloud is where it must not be, and whether its logs hold together.
type ear struct {
	mu      sync.Mutex
	printed strings.Builder
	answers []heard
	ledger  ledger
	secrets map[string]string // what each is
}

// A heard answer, without the secrets that it is there to give.
type heard struct{ to, text string }

// listen makes functions of o print all that they can for the ear.
func listen(o *cloud.Options) *ear {
	e := &ear{secrets: map[string]string{cloudtest.Password: "the password", crm.Onboarding: "the CRM's credential for Roster"}}
	e.ledger.known = map[storetest.Key]int{}
	o.Log, o.LogLevel = e, "DEBUG"
	return e
}

// hears has the ear hear a cloud that was started with what it listens to, before anything is sent there, and
// gives the cloud a credential for the CRM that the ear knows.
func (e *ear) hears(c *cloudtest.Cloud) {
	c.Hear = e.hear
	own := crm.Credential{ClientID: "roster", ClientSecret: uuid.NewString()}
	e.secrets[own.ClientSecret] = "Roster's credential for the CRM"
	c.CRM.SetCredential(own)
	c.CRM.SetSecret(own)
}

// overheard returns a cloud that an ear hears, and the proxy behind which it is.
func overheard(t testing.TB, o cloud.Options) (*cloudtest.Cloud, *cloudtest.Proxy, *ear) {
	t.Helper()
	e := listen(&o)
	c, p := cloudtest.Behind(t, o)
	e.hears(c)
	p.Watch = e.ledger.note
	return c, p, e
}

// Write takes what is printed.
func (e *ear) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.printed.Write(p)
}

// gives are the fields of the answers that are there to give a secret.
func gives() map[string][]string {
	session := []string{"access_token", "id_token", "refresh_token"}
	return map[string][]string{
		"POST /v1/auth/SignIn": session, "POST /v1/auth/RefreshSession": session,
		"POST /v1/auth/ValidateToken": {"state_token"},
		"POST /v1/sso/token":          {"access_token"},
		"POST /v1/orgs/inventory":     {"sso_details"}, "POST /v1/orgs/inventory:connect": {"sso_details"},
	}
}

// hear takes an answer of the cloud.
func (e *ear) hear(r *http.Request, a cloudtest.Answer) {
	to := r.Method + " " + r.URL.Path
	if strings.HasPrefix(r.URL.Path, "/_local/") {
		return // the inbox
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	rest := map[string]any{}
	for name, v := range a.Body {
		if !slices.Contains(gives()[to], name) {
			rest[name] = v
		}
	}
	e.learn(to, a.Body)
	text := a.Raw
	if len(rest) < len(a.Body) {
		raw, _ := json.Marshal(rest) // it came from JSON
		text = string(raw)
	}
	e.answers = append(e.answers, heard{to, fmt.Sprint(a.Header, text)})
}

// learn keeps every secret in an answer, which its field's name tells.
func (e *ear) learn(to string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if s, ok := inner.(string); ok && s != "" && isSecret(name) {
				e.keep(name+" of "+to, s)
			}
			e.learn(to, inner)
		}
	case []any:
		for _, inner := range v {
			e.learn(to, inner)
		}
	}
}

func isSecret(name string) bool {
	return (strings.HasSuffix(name, "_token") || strings.HasSuffix(name, "secret")) && name != "next_page_token"
}

// keep notes a secret in every form that it might be written down in.
func (e *ear) keep(what, secret string) {
	e.secrets[secret] = what
	if parts := strings.Split(secret, "."); len(parts) == 3 {
		e.secrets[parts[2]] = "the signature of " + what
	}
	if link, err := org.ParseLink(secret); err == nil {
		e.secrets[secret[len(secret)-40:]] = "the end of " + what
		e.secrets[base64.RawURLEncoding.EncodeToString(link.Secret[:])] = "the secret in " + what
		e.secrets[base64.StdEncoding.EncodeToString(link.Secret[:])] = "the secret in " + what
		e.secrets[hex.EncodeToString(link.Secret[:])] = "the secret in " + what
	}
}

// codes are the pool's, in its mails.
var codes = regexp.MustCompile(`\b\d{6}\b`)

// mail keeps the secrets that were mailed.
func (e *ear) mail(c *cloudtest.Cloud) {
	for _, m := range c.Mail.Mails("") {
		for _, l := range m.Links {
			if _, token, ok := strings.Cut(l.Href, "token="); ok {
				e.keep("the link to "+m.To, token)
			}
		}
		if len(m.Links) == 0 {
			for _, code := range codes.FindAllString(m.Text, -1) {
				e.secrets[code] = "a code to " + m.To
			}
		}
	}
}

// leaks lists every place in which a secret stands in the clear.
func (e *ear) leaks(d storetest.Dump) (all []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	begin := e.beginnings()
	find := func(where, text string) {
		for at, secret := range stand(begin, text) {
			all = append(all, fmt.Sprintf("%s stands in %s: %s", e.secrets[secret], where, text[max(0, at-80):min(len(text), at+20)]))
		}
	}
	for k, i := range d {
		find("the table at "+k.PK+" "+k.SK, fmt.Sprint(k, i))
	}
	for line := range strings.Lines(e.printed.String()) {
		find("the log", line)
	}
	for _, a := range e.answers {
		find("the answer to "+a.to, a.text)
	}
	slices.Sort(all)
	return all
}

// opening is how much of each secret is looked for at first: looking for each in all texts would take minutes.
const opening = 12

// beginnings are the secrets by how they begin; codes are whole.
func (e *ear) beginnings() map[string][]string {
	all := map[string][]string{}
	for secret := range e.secrets {
		begins := secret[:min(opening, len(secret))]
		all[begins] = append(all[begins], secret)
	}
	return all
}

// stand finds the secrets in a text, by where they stand. A code is one only where no other digits are
// beside it.
func stand(begin map[string][]string, text string) map[int]string {
	found := map[int]string{}
	for at := range max(0, len(text)-opening+1) {
		for _, secret := range begin[text[at:at+opening]] {
			if strings.HasPrefix(text[at:], secret) {
				found[at] = secret
			}
		}
	}
	for _, at := range codes.FindAllStringIndex(text, -1) {
		for _, secret := range begin[text[at[0]:at[1]]] {
			found[at[0]] = secret
		}
	}
	return found
}

// examine fails the test for every leak.
func (e *ear) examine(t testing.TB, c *cloudtest.Cloud, d storetest.Dump) {
	t.Helper()
	e.mail(c)
	if len(e.secrets) < 10 || e.printed.Len() == 0 || len(e.answers) < 5 {
		t.Errorf("%d secrets, %d bytes of logs, %d answers: too little to tell", len(e.secrets), e.printed.Len(), len(e.answers))
	}
	complain(t, e.leaks(d))
}

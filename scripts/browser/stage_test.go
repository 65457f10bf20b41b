package browser

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// below returns the cloud as it is reached below a stage's name, which is in all its paths then. Where
// files are, the function writes into the shell by what API Gateway tells it; here that is done to the
// answer.
func below(t *testing.T, c *cloudtest.Cloud, stage string) *cloudtest.Cloud {
	t.Helper()
	to, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
				return nil
			}
			raw, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(raw, []byte(`"/assets/`), []byte(`"`+stage+`/assets/`))))
			r.ContentLength = -1
			r.Header.Del("Content-Length")
			return err
		},
	}
	s := httptest.NewServer(http.StripPrefix(stage, proxy))
	t.Cleanup(s.Close)
	moved := *c
	moved.Cloud = &cloud.Cloud{URL: s.URL + stage}
	return &moved
}

func TestThePageWorksBelowAStagesName(t *testing.T) {
	t.Parallel()
	c := portal(t)
	ann, bob := named(t, c, "Ann", "Archer"), named(t, c, "Bob", "Birch")
	ann.Invite(t, ann.Org(t, "Acme"), bob.Email, "Technical")
	stage := below(t, c, "/test")
	b := open(t, stage, "/activation?token="+c.Link(t, bob.Email, 0))
	b.see("You have an account. Sign in to accept.")
	if at := ask[string](b, "location.href"); at != stage.URL+"/#/activation" {
		t.Errorf("the address is %s", at)
	}
	b.fill("Password", cloudtest.Password)
	b.press("Sign in")
	b.press("Accept the invitation")
	b.see("You are in Acme as Technical.")
	b.reload()
	b.see("You are in Acme as Technical.")
	b.press("Members")
	b.see("Ann Archer")
}

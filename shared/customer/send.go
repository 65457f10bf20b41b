package customer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"roster/shared/setting"
)

// maxBody is how much of one answer is read at all.
const maxBody = 2 << 20

// A reply is an answer of the instance, read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send makes one request and reads its answer, whatever its status, unless the instance asked to be left
// alone. No error of it carries the URL,
// which may hold an address.
func (c *Client) send(ctx context.Context, method, address, contentType, token string, body []byte) (reply, error) {
	if err := c.pause.check(); err != nil {
		return reply{}, err
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return reply{}, errors.New("the request cannot be made")
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		var of *url.Error
		if errors.As(err, &of) {
			err = of.Err
		}
		return reply{}, fmt.Errorf("the CRM does not answer: %w", err)
	}
	defer response.Body.Close()
	c.pause.heed(response.StatusCode, response.Header)
	if err := c.pause.check(); err != nil {
		return reply{}, err
	}
	read, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		return reply{}, fmt.Errorf("the CRM does not answer to the end: %w", err)
	case len(read) > maxBody:
		return reply{}, fmt.Errorf("the CRM's answer has more than %d bytes", maxBody)
	}
	return reply{response.StatusCode, response.Header, read}, nil
}

// newHTTP returns the process's one pool of connections to the CRM. Redirects are answers: nothing
// that the CRM says has a credential sent somewhere else.
func newHTTP() *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            (&net.Dialer{Timeout: time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:    time.Second,
			MaxIdleConnsPerHost:    8,
			IdleConnTimeout:        60 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// CheckURL returns why Open would refuse the text as ROSTER_CRM_URL, or nil; "", for no CRM, is not for it.
func CheckURL(text string) error {
	base, ok := setting.Address(text)
	if !ok {
		return errors.New("must be an absolute http or https address, without query or fragment")
	}
	return checkURL(base)
}

// checkURL refuses an instance that credentials would be sent to in the clear.
func checkURL(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return errors.New("must be the address of an instance and nothing more")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return errors.New("must begin with https")
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

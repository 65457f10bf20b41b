package customer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"roster/shared/secret"
	"roster/shared/setting"
)

// Client asks the CRM. Its methods are safe for concurrent use. One without a CRM knows no contact,
// and calls nobody.
type Client struct {
	base     string // of the instance, without a slash at the end; "" when there is no CRM
	http     *http.Client
	keys     *keys
	mapping  Mapping
	patience time.Duration
	pause    *pause
}

// Open returns the client of the instance in ROSTER_CRM_URL, with the credential in the secret
// ROSTER_CRM_SECRET and the tables and fields that ROSTER_CRM_MAPPING overrides, a JSON object of
// what Mapping holds. Without ROSTER_CRM_URL there is no CRM. A wrong setting ends the process;
// neither the instance nor the secret is asked yet.
func Open() *Client {
	if os.Getenv("ROSTER_CRM_URL") == "" {
		return &Client{}
	}
	base := setting.URL("ROSTER_CRM_URL")
	if err := checkURL(base); err != nil {
		setting.Refuse("ROSTER_CRM_URL", err.Error())
	}
	mapping, err := parseMapping(os.Getenv("ROSTER_CRM_MAPPING"))
	if err != nil {
		setting.Refuse("ROSTER_CRM_MAPPING", err.Error())
	}
	return newClient(base, mapping, secret.Open(setting.Text("ROSTER_CRM_SECRET")))
}

// newClient returns the client of an instance whose credential read returns.
func newClient(base string, mapping Mapping, read func(context.Context) (string, error)) *Client {
	c := &Client{base: base, http: newHTTP(), mapping: mapping, patience: patience, pause: &pause{now: time.Now}}
	c.keys = &keys{read: read, token: c.fetchToken, now: time.Now}
	return c
}

// None reports whether there is no CRM.
func (c *Client) None() bool { return c.base == "" }

// unavailable makes of whatever went wrong the one error that callers are told of, and when to come back
// where the CRM said it.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	if busy, ok := errors.AsType[errBusy](err); ok {
		return fmt.Errorf("%w: %w", ErrUnavailable.After(busy.wait), err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

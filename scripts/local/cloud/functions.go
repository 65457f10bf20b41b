package cloud

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"roster/scripts/local/engine"
	"roster/scripts/local/runtime"
	"roster/shared/operation"
)

// sender is whom all mails come from.
const sender = "Roster <no-reply@roster.example>"

// What names the pool; its region is in its id, as with Cognito.
const (
	poolID   = engine.Region + "_Local0000"
	clientID = "localportal0000000000000000"
)

// deploy makes a function of every operation. None runs yet, but all must be built.
func (c *Cloud) deploy(o Options, d doors) error {
	env := c.environment(o, d)
	for _, operation := range operation.All() {
		binary, err := filepath.Abs(filepath.Join(o.Functions, operation.Name, "bootstrap"))
		if err != nil {
			return err
		}
		if _, err := os.Stat(binary); err != nil {
			return fmt.Errorf("function %s is not built, run `make build`: %w", operation.Name, err)
		}
		f := runtime.New(runtime.Config{
			Name: operation.Name, Binary: binary, Env: named(env, operation.Name), Timeout: limit(operation), Log: c.log,
		})
		c.functions[operation.Name] = f
		c.onClose(f.Close)
	}
	return nil
}

// named puts the function's name where its environment asks for it.
func named(env []string, function string) []string {
	env = slices.Clone(env)
	for i := range env {
		env[i] = strings.ReplaceAll(env[i], "{function}", function)
	}
	return env
}

// limit is the time-out that the stack gives a function.
func limit(o operation.Operation) time.Duration {
	switch o.Event {
	case operation.PostConfirmation, operation.PreTokenGeneration:
		return 4 * time.Second
	case operation.InvitationQueued, operation.OrganizationDeleted:
		return time.Minute
	}
	return 10 * time.Second
}

// environment returns the variables of every function: the deployment's settings, and where
// everything is, which no setting changes.
func (c *Cloud) environment(o Options, d doors) []string {
	all := map[string]string{
		"ROSTER_INVITE_EXISTING": "confirm",
		"ROSTER_RESEND_AFTER":    "60",
		"ROSTER_INVITES_PER_DAY": "200",
		"ROSTER_LINK_AT_SIGN_IN": "on",
	}
	maps.Copy(all, o.Settings)
	maps.Copy(all, map[string]string{
		"AWS_REGION":                                 engine.Region,
		"AWS_ACCESS_KEY_ID":                          engine.AccessKey,
		"AWS_SECRET_ACCESS_KEY":                      engine.SecretKey,
		"AWS_ENDPOINT_URL_DYNAMODB":                  cmp.Or(o.FunctionsDynamoDB, c.DynamoDB),
		"AWS_ENDPOINT_URL_SESV2":                     d.ses.url,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": d.cognito.url,
		"ROSTER_TABLE":                               c.Table,
		"ROSTER_USER_POOL_ID":                        poolID,
		"ROSTER_USER_POOL_CLIENT_ID":                 clientID,
		"ROSTER_PORTAL_URL":                          c.URL,
		"ROSTER_MAIL_FROM":                           sender,
		"ROSTER_MAIL_CONFIGURATION_SET":              "roster",
	})
	var env []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		env = append(env, name+"="+all[name])
	}
	return env
}

// woken returns the function that an event wakes.
func woken(by operation.Event) string {
	for _, o := range operation.All() {
		if o.Event == by {
			return o.Name
		}
	}
	return ""
}

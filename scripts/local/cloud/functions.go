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

	"roster/scripts/local/crm"
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
			Name: operation.Name, Binary: binary, Env: env.of(operation), Log: c.log, LogLevel: o.LogLevel,
			Timeout: time.Duration(operation.Seconds()) * time.Second,
		})
		c.functions[operation.Name] = f
		c.onClose(f.Close)
	}
	return nil
}

// variables are the environment of all functions together.
type variables map[string]string

// of returns the environment of one function: what every function has of Lambda, and of the
// deployment what its row names. "{function}" in a value becomes its name.
func (v variables) of(o operation.Operation) []string {
	var env []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if strings.HasPrefix(name, "AWS_") || slices.Contains(o.Variables(), name) {
			env = append(env, name+"="+strings.ReplaceAll(v[name], "{function}", o.Name))
		}
	}
	return env
}

// environment returns the variables of all functions: the deployment's settings, and where everything
// is, which no setting changes.
func (c *Cloud) environment(o Options, d doors) variables {
	all := variables{
		"ROSTER_INVITE_EXISTING": "confirm",
		"ROSTER_RESEND_AFTER":    "60",
		"ROSTER_INVITES_PER_DAY": "200",
		"ROSTER_LINK_AT_SIGN_IN": "on",
		"ROSTER_CRM_URL":         d.crm.url,
		"ROSTER_CRM_MAPPING":     "",
		"ROSTER_PMM_CLIENT_ID":   "localpmm000000000000000000",
		"ROSTER_PMM_SCOPE":       "pmm",
		"ROSTER_TERMS_URL":       "",
	}
	maps.Copy(all, o.Settings)
	maps.Copy(all, map[string]string{
		"AWS_REGION":                                 engine.Region,
		"AWS_ACCESS_KEY_ID":                          engine.AccessKey,
		"AWS_SECRET_ACCESS_KEY":                      engine.SecretKey,
		"AWS_SESSION_TOKEN":                          "{function}", // so that the pool knows who calls
		"AWS_ENDPOINT_URL_DYNAMODB":                  cmp.Or(o.FunctionsDynamoDB, c.DynamoDB),
		"AWS_ENDPOINT_URL_SESV2":                     cmp.Or(o.FunctionsSES, d.ses.url),
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": cmp.Or(o.FunctionsCognito, d.cognito.url),
		"AWS_ENDPOINT_URL_SECRETS_MANAGER":           d.secrets.url,
		"ROSTER_CRM_SECRET":                          crm.SecretID,
		"ROSTER_ONBOARDING_SECRET":                   crm.OnboardingID,
		"ROSTER_TABLE":                               c.Table,
		"ROSTER_USER_POOL_ID":                        poolID,
		"ROSTER_USER_POOL_CLIENT_ID":                 clientID,
		"ROSTER_PORTAL_URL":                          c.URL,
		"ROSTER_MAIL_FROM":                           sender,
		"ROSTER_MAIL_CONFIGURATION_SET":              "roster",
	})
	return all
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

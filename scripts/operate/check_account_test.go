package main

import (
	"strings"
	"testing"
)

func TestCheckSaysWhatToDoAboutTheAccount(t *testing.T) {
	t.Parallel()
	checkSays(t, map[string]told{
		"an onboarding secret to be deleted": {nil, func(a *amazon) { a.secrets["roster/test/onboarding"]["DeletedDate"] = 1.0 }, "wrong  secret roster/test/onboarding: it waits to be deleted"},
		"a new account":                      {nil, func(a *amazon) { a.atOnce = 10 }, "warn   Lambda runs 10 functions at once in eu-central-1: the API takes 400 requests at once"},
		"no role for logs":                   {nil, func(a *amazon) { a.logRole = "" }, "wrong  API Gateway's role for logs in eu-central-1: there is none"},
		"no such trail":                      {map[string]any{"trail": "other"}, nil, "wrong  trail other: no trail of that name records eu-central-1"},
		"a trail that is off":                {nil, func(a *amazon) { a.trails["all"]["IsLogging"] = false }, "wrong  trail all: it is switched off"},
		"a trail of reads":                   {nil, selecting("ReadOnly", true), "wrong  trail all: it does not record management events that write"},
		"a trail of data":                    {nil, selecting("All", false), "wrong  trail all: it does not record management events that write"},
		"a trail of writes":                  {nil, selecting("WriteOnly", true), "ok     trail all"},
		"placeholders":                       {map[string]any{"portalURL": "https://portal.roster.example", "crmURL": "https://crm.example"}, nil, "warn   settings: portalURL, crmURL have addresses of .example"},
		"production's codes by Cognito":      {map[string]any{"production": true, "alarmMail": "ops@roster.test", "poolMail": "cognito"}, nil, "warn   the user pool's codes: Cognito's own sender takes 50 mails a day"},
		"production with placeholders":       {map[string]any{"production": true}, nil, "wrong  settings: cdk.json, stage test: setting alarmMail must name who hears of alarms in production"},
		"an empty secret":                    {nil, func(a *amazon) { a.secrets["roster/test/crm"] = map[string]any{} }, "warn   secret roster/test/crm: it is empty"},
		"a secret to be deleted":             {nil, func(a *amazon) { a.secrets["roster/test/crm"]["DeletedDate"] = 1.0 }, "wrong  secret roster/test/crm: it waits to be deleted"},
		"a secret of before": {nil, func(a *amazon) {
			a.stacks["roster-test"] = fakeStack{status: "UPDATE_COMPLETE", resources: []string{"MailIdentity"}}
		}, "wrong  secret roster/test/crm: it exists, and not by this stack"},
	})
}

// deployed lists the resources of a stack that check asks for.
func deployed() []string { return []string{"MailIdentity", "CRMSecret", "OnboardingSecret"} }

// selecting has the account's trail record such events only.
func selecting(kind string, management bool) func(*amazon) {
	return func(a *amazon) {
		a.trails["all"]["EventSelectors"] = []any{map[string]any{"ReadWriteType": kind, "IncludeManagementEvents": management}}
	}
}

func TestATrailMaySelectByFields(t *testing.T) {
	t.Parallel()
	management := map[string]any{"Field": "eventCategory", "Equals": []string{"Management"}}
	for want, fields := range map[string][]any{
		"ok     trail all":                     {management, map[string]any{"Field": "readOnly", "Equals": []string{"false"}}},
		"ok     trail all\n":                   {management, map[string]any{"Field": "eventSource", "NotEquals": []string{"kms.amazonaws.com"}}},
		"wrong  trail all: it does not record": {management, map[string]any{"Field": "readOnly", "Equals": []string{"true"}}},
		"wrong  trail all: it does not":        {map[string]any{"Field": "eventCategory", "Equals": []string{"Data"}}},
		"wrong  trail all: it does":            {management, map[string]any{"Field": "eventSource", "Equals": []string{"kms.amazonaws.com"}}},
	} {
		a, e, out := newEstate(t, "")
		ready(a)
		a.trails["all"]["EventSelectors"] = nil
		a.trails["all"]["AdvancedEventSelectors"] = []any{map[string]any{"FieldSelectors": fields}}
		if err := e.check(t.Context(), settings(t, nil)); (err == nil) != strings.HasPrefix(want, "ok") {
			t.Errorf("%v: %v", fields, err)
		}
		has(t, out, want)
	}
}

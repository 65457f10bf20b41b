package main

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/infra/project"
)

const certificateARN = "arn:aws:acm:eu-central-1:000000000000:certificate/1"

// ready gives the account all that stage test needs, deployed or not.
func ready(a *amazon) {
	a.stacks["CDKToolkit"] = fakeStack{status: "UPDATE_COMPLETE", outputs: map[string]string{"BootstrapVersion": "30"}}
	a.account = map[string]any{
		"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "HEALTHY",
		"SendQuota": map[string]any{"Max24HourSend": 50000.0, "MaxSendRate": 14.0},
	}
	a.mailers["roster.test"] = map[string]any{"VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS"}
	a.secrets["roster/test/crm"] = map[string]any{"VersionIdsToStages": map[string]any{"v": []string{"AWSCURRENT"}}}
	a.secrets["roster/test/onboarding"] = map[string]any{"VersionIdsToStages": map[string]any{"v": []string{"AWSCURRENT"}}}
	a.atOnce, a.logRole = 1000, "arn:aws:iam::000000000000:role/logs"
	a.trails = map[string]map[string]any{"all": {
		"Name": "all", "TrailARN": "all", "HomeRegion": "us-east-1", "IsLogging": true,
		"EventSelectors": []any{map[string]any{"ReadWriteType": "All", "IncludeManagementEvents": true}},
	}}
	a.certs[certificateARN] = map[string]any{
		"Status": "ISSUED", "DomainName": "roster.test", "SubjectAlternativeNames": []string{"roster.test", "*.roster.test"},
	}
}

// settings writes a cdk.json whose stage test has everything that is checked, but for some.
func settings(t *testing.T, but map[string]any) string {
	t.Helper()
	p, err := project.Read("../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]any{
		"portalURL": "https://portal.roster.test", "mailIdentity": "roster.test", "mailFrom": "Roster <no-reply@roster.test>",
		"crmURL": "https://crm.test", "domain": "api.roster.test", "certificate": certificateARN, "poolMail": "ses",
		"apiLogRole": "exists", "trail": "all",
	}
	maps.Copy(own, but)
	raw, err := json.Marshal(map[string]any{"context": map[string]any{"roster": map[string]any{
		"defaults": p.Defaults, "stages": map[string]any{"test": own},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cdk.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAStageThatHasEverythingIsReady(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	ready(a)
	if err := e.check(t.Context(), settings(t, nil)); err != nil {
		t.Error(err)
	}
	want := `ok     settings of stage test, in eu-central-1
ok     the CDK's bootstrap in eu-central-1
ok     stack roster-test is UPDATE_COMPLETE
ok     Lambda runs 1000 functions at once in eu-central-1
ok     SES sends 50000 mails a day, 14 a second
ok     mail identity roster.test
ok     secret roster/test/crm
ok     secret roster/test/onboarding
ok     certificate of api.roster.test
ok     API Gateway's role for logs in eu-central-1
ok     trail all
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// What a deployment fails on ends with an error, what is only good to know does not.
func TestCheckSaysWhatToDo(t *testing.T) {
	t.Parallel()
	first := func(a *amazon) {
		delete(a.stacks, "roster-test")
		delete(a.mailers, "roster.test")
		delete(a.secrets, "roster/test/crm")
		delete(a.secrets, "roster/test/onboarding")
	}
	unverified := func(a *amazon) {
		a.mailers["roster.test"] = map[string]any{"VerifiedForSendingStatus": false, "VerificationStatus": "PENDING"}
	}
	cognito := map[string]any{"poolMail": "cognito"}
	checkSays(t, map[string]told{
		"a setting that is wrong":         {map[string]any{"rate": 0}, nil, "wrong  settings: cdk.json, stage test: setting rate must be a whole number"},
		"no bootstrap":                    {nil, func(a *amazon) { delete(a.stacks, "CDKToolkit") }, "wrong  the CDK's bootstrap in eu-central-1: run infra/node_modules/.bin/cdk bootstrap"},
		"an old bootstrap":                {nil, func(a *amazon) { a.stacks["CDKToolkit"].outputs["BootstrapVersion"] = "5" }, `wrong  the CDK's bootstrap in eu-central-1: it is version "5"`},
		"a deployment that goes on":       {nil, func(a *amazon) { a.stacks["roster-test"] = fakeStack{status: "UPDATE_IN_PROGRESS"} }, "wrong  stack roster-test: it is UPDATE_IN_PROGRESS"},
		"a deployment that is stuck":      {nil, func(a *amazon) { a.stacks["roster-test"] = fakeStack{status: "UPDATE_ROLLBACK_FAILED"} }, "wrong  stack roster-test: it is UPDATE_ROLLBACK_FAILED"},
		"the first deployment":            {cognito, first, "warn   mail identity roster.test: the stack makes it: verify it then"},
		"the first one's secret":          {cognito, first, "warn   secret roster/test/crm: the stack makes it: fill it then with operate crm-secret test"},
		"the first one's other secret":    {cognito, first, "ok     secret roster/test/onboarding is the stack's to make"},
		"the first one, pool mail by SES": {nil, first, "wrong  mail identity roster.test: it does not exist yet, and Cognito"},
		"no identity, and none made":      {map[string]any{"poolMail": "cognito", "makeMailIdentity": false}, first, "wrong  mail identity roster.test: it does not exist: make it in SES"},
		"an identity of another stage": {nil, func(a *amazon) {
			a.stacks["roster-test"] = fakeStack{status: "UPDATE_COMPLETE", resources: []string{"CRMSecret", "OnboardingSecret"}}
		}, "wrong  mail identity roster.test: it exists, and not by this stack"},
		"not verified":               {cognito, unverified, "warn   mail identity roster.test: it is not verified (PENDING)"},
		"not verified, for the pool": {nil, unverified, "wrong  mail identity roster.test: it is not verified (PENDING), and Cognito"},
		"the sandbox":                {nil, func(a *amazon) { a.account["ProductionAccessEnabled"] = false }, "warn   SES sends 50000 mails a day, 14 a second: it is in the sandbox"},
		"sending that is paused": {nil, func(a *amazon) {
			a.account["EnforcementStatus"], a.account["SendingEnabled"] = "SHUTDOWN", false
		}, "its sending is paused (SHUTDOWN)"},
		"an account under review": {nil, func(a *amazon) { a.account["EnforcementStatus"] = "PROBATION" }, "warn   SES sends 50000 mails a day, 14 a second: the account is under review"},
		"a small quota": {nil, func(a *amazon) {
			a.account["SendQuota"] = map[string]any{"Max24HourSend": 150.0, "MaxSendRate": 1.0}
		}, "warn   SES sends 150 mails a day, 1 a second: one organization alone may send 200"},
		"a change set that nobody executed": {nil, func(a *amazon) { a.stacks["roster-test"] = fakeStack{"REVIEW_IN_PROGRESS", nil, deployed()} }, "warn   stack roster-test: it is REVIEW_IN_PROGRESS, which never ends by itself"},
		"no certificate":                    {nil, func(a *amazon) { delete(a.certs, certificateARN) }, "wrong  certificate of api.roster.test: there is none"},
		"a certificate too early":           {nil, func(a *amazon) { a.certs[certificateARN]["Status"] = "PENDING_VALIDATION" }, "wrong  certificate of api.roster.test: it is PENDING_VALIDATION"},
		"another's certificate": {
			nil, func(a *amazon) { a.certs[certificateARN]["SubjectAlternativeNames"] = []string{"*.other.example"} },
			"wrong  certificate of api.roster.test: it is of roster.test, *.other.example only",
		},
		"a certificate of elsewhere": {
			map[string]any{"certificate": "arn:aws:acm:us-east-1:000000000000:certificate/1"},
			nil,
			"wrong  certificate of api.roster.test: it is of us-east-1, and the API will be in eu-central-1",
		},
	})
}

// A told is what check prints of settings and an account that are ready but for something.
type told struct {
	but    map[string]any
	change func(*amazon)
	says   string
}

// checkSays holds check to its words, and to failing for what is wrong and nothing else.
func checkSays(t *testing.T, all map[string]told) {
	t.Helper()
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, e, out := newEstate(t, "")
			ready(a)
			if c.change != nil {
				c.change(a)
			}
			err := e.check(t.Context(), settings(t, c.but))
			if want := map[bool]error{true: errNotReady}[strings.HasPrefix(c.says, "wrong")]; !errors.Is(err, want) {
				t.Errorf("error %v, want %v", err, want)
			}
			has(t, out, c.says)
		})
	}
}

func TestCheckChecksOnlyWhatTheSettingsAskFor(t *testing.T) {
	t.Parallel()
	a, e, out := newEstate(t, "")
	ready(a)
	a.secrets, a.certs, a.logRole, a.trails = nil, nil, "", nil
	if err := e.check(t.Context(), settings(t, map[string]any{"crmURL": "", "domain": "", "certificate": "", "apiLogRole": "make", "trail": "make"})); err != nil || strings.Contains(out.String(), "secret") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestCheckTellsThatAWSRefuses(t *testing.T) {
	t.Parallel()
	for _, down := range []string{
		"GET /v2/email/account", "GET /v2/email/identities", "secretsmanager.", "CertificateManager.", "GET /2016-08-19/account-settings", "GET /account",
		"CloudTrail_20131101.DescribeTrails", "CloudTrail_20131101.GetTrailStatus",
		"CloudTrail_20131101.GetEventSelectors",
	} {
		a, e, _ := newEstate(t, "")
		ready(a)
		a.down = down
		if err := e.check(t.Context(), settings(t, nil)); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
			t.Errorf("%s: %v", down, err)
		}
	}
}

func TestCheckNamesTheStagesThatThereAre(t *testing.T) {
	t.Parallel()
	_, e, out := newEstate(t, "")
	e.stage = "nowhere"
	if err := e.check(t.Context(), settings(t, nil)); !errors.Is(err, errNotReady) {
		t.Error(err)
	}
	has(t, out, `wrong  settings: STAGE "nowhere" is none of the stages in cdk.json: ["test"]`)
}

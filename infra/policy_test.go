package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"roster/shared/operation"
)

// A granted is one statement of a function's policy, read back from the template.
type granted struct {
	Effect                               string
	Principal                            any `json:",omitempty"` // of a policy that a resource has
	Action                               list
	Resource                             list
	NotAction, NotResource, NotPrincipal any                        `json:",omitempty"`
	Condition                            map[string]map[string]list `json:",omitempty"`
}

// A list is one value or many, as policies have them. What is no text is its JSON.
type list []string

func (l *list) UnmarshalJSON(raw []byte) error {
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) != nil {
		many = []json.RawMessage{raw}
	}
	*l = nil
	for _, one := range many {
		var s string
		if json.Unmarshal(one, &s) != nil {
			s = string(one)
		}
		*l = append(*l, s)
	}
	return nil
}

// statements returns what a function's role allows, which is all inside of it.
func (t template) statements(tb testing.TB, function string) []granted {
	tb.Helper()
	role := t.function(tb, function, "AWS::IAM::Role")
	if role.at("ManagedPolicyArns") != nil {
		tb.Errorf("%s has policies of somebody else's", function)
	}
	var policies []struct{ PolicyDocument struct{ Statement []granted } }
	again(tb, role.at("Policies"), &policies)
	var all []granted
	for _, p := range policies {
		all = append(all, p.PolicyDocument.Statement...)
	}
	return all
}

// again decodes a part of a template into what a test reads.
func again(tb testing.TB, part, into any) {
	tb.Helper()
	raw, err := json.Marshal(part)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// A right is one thing that a function may do, on what, on which keys, within what: one line each.
func rightsOf(all []granted) []string {
	var lines []string
	for _, s := range all {
		keys := strings.Join(s.Condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"], ",")
		within := strings.Join(s.Condition["ForAnyValue:StringEquals"]["dynamodb:EnclosingOperation"], ",")
		if guarded := s.Condition["Null"]["dynamodb:LeadingKeys"]; keys != "" && !slices.Equal(guarded, list{"false"}) {
			keys += " or none"
		}
		for _, action := range s.Action {
			for _, on := range s.Resource {
				lines = append(lines, strings.Join([]string{s.Effect, action, on, keys, within}, " | "))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// rowRights is what a row says, written in another way than the stack does it: line by line.
func rowRights(t template, tb testing.TB, o operation.Operation) []string {
	const table = `{"Fn::GetAtt":["Table","Arn"]}`
	lines := []string{
		"Allow | xray:PutTelemetryRecords | * |  | ", "Allow | xray:PutTraceSegments | * |  | ",
	}
	for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
		lines = append(lines, fmt.Sprintf("Allow | %s | %s |  | ", action, t.logOf(tb, o.Name)))
	}
	for _, r := range o.Table.Rights() {
		lines = append(lines, fmt.Sprintf("Allow | dynamodb:%s | %s | %s | %s",
			r.Action, table, strings.ReplaceAll(strings.Join(r.Keys.Prefixes(), ","), "#", "#*"), r.Within))
	}
	for _, action := range o.Users {
		lines = append(lines, fmt.Sprintf("Allow | cognito-idp:%s | %s |  | ", action, t.attribute(tb, "AWS::Cognito::UserPool", "Arn")))
	}
	for _, action := range o.Mail {
		on := []string{"*"}
		if action == "SendEmail" {
			on = []string{own("ses", "identity/roster.example"), own("ses", "configuration-set/roster-test-mails")}
		}
		for _, one := range on {
			lines = append(lines, fmt.Sprintf("Allow | ses:%s | %s |  | ", action, one))
		}
	}
	lines = append(lines, wakingLines(t, tb, o.Event)...)
	slices.Sort(lines)
	return lines
}

func wakingLines(t template, tb testing.TB, e operation.Event) (lines []string) {
	switch {
	case e.Streamed():
		for _, action := range []string{"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"} {
			lines = append(lines, `Allow | dynamodb:`+action+` | {"Fn::GetAtt":["Table","StreamArn"]} |  | `)
		}
		bucket := t.idOf(tb, "AWS::S3::Bucket", "FailedRecords")
		lines = append(lines,
			`Allow | s3:ListBucket | {"Fn::GetAtt":["`+bucket+`","Arn"]} |  | `,
			`Allow | s3:PutObject | {"Fn::Join":["",[{"Fn::GetAtt":["`+bucket+`","Arn"]},"/*"]]} |  | `)
	case e != "" && !e.Trigger():
		lines = append(lines, `Allow | sqs:SendMessage | `+t.attribute(tb, "AWS::SQS::Queue", "Arn")+` |  | `)
	}
	return lines
}

// own is the ARN of something of the account in its region, as the template has it.
func own(service, resource string) string {
	return `{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":` + service + `:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":` + resource + `"]]}`
}

func (t template) logOf(tb testing.TB, function string) string {
	return `{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":logs:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":log-group:",{"Ref":"` +
		t.idOf(tb, "AWS::Logs::LogGroup", function+"-log") + `"},":*"]]}`
}

// idOf returns the logical id of the one resource of a type whose path begins so.
func (t template) idOf(tb testing.TB, kind, path string) string {
	tb.Helper()
	for id, r := range t.of(kind) {
		if strings.HasPrefix(r.path(), path) {
			return id
		}
	}
	tb.Fatalf("no %s at %s", kind, path)
	return ""
}

func (t template) attribute(tb testing.TB, kind, name string) string {
	return `{"Fn::GetAtt":["` + t.idOf(tb, kind, "") + `","` + name + `"]}`
}

// unlike returns the functions of a list whose policies are not what their rows say.
func unlike(t *testing.T, written template, all []operation.Operation) []string {
	t.Helper()
	var wrong []string
	for _, o := range all {
		if !slices.Equal(rightsOf(written.statements(t, o.Name)), rowRights(written, t, o)) {
			wrong = append(wrong, o.Name)
		}
	}
	return wrong
}

func TestPoliciesSayWhatRowsSay(t *testing.T) {
	written := get(t, small)
	for _, name := range unlike(t, written, operation.All()) {
		for _, o := range operation.All() {
			if o.Name == name {
				t.Errorf("%s:\nthe template %s\nthe row      %s", name,
					strings.Join(rightsOf(written.statements(t, name)), "\n             "), strings.Join(rowRights(written, t, o), "\n             "))
			}
		}
	}
}

// without returns the ways to take one grant away from a row.
func without(o operation.Operation) []operation.Operation {
	var all []operation.Operation
	for _, k := range []func(*operation.Table) *operation.Keys{
		func(t *operation.Table) *operation.Keys { return &t.Get }, func(t *operation.Table) *operation.Keys { return &t.Query },
		func(t *operation.Table) *operation.Keys { return &t.Check }, func(t *operation.Table) *operation.Keys { return &t.Put },
		func(t *operation.Table) *operation.Keys { return &t.Update }, func(t *operation.Table) *operation.Keys { return &t.Delete },
		func(t *operation.Table) *operation.Keys { return &t.UpdateAlone }, func(t *operation.Table) *operation.Keys { return &t.DeleteAlone },
		func(t *operation.Table) *operation.Keys { return &t.DeleteMany },
	} {
		for bit := operation.Keys(1); bit != 0; bit <<= 1 {
			if less := o; *k(&less.Table)&bit != 0 {
				*k(&less.Table) &^= bit
				all = append(all, less)
			}
		}
	}
	for i := range o.Users {
		less := o
		less.Users = slices.Delete(slices.Clone(o.Users), i, i+1)
		all = append(all, less)
	}
	for i := range o.Mail {
		less := o
		less.Mail = slices.Delete(slices.Clone(o.Mail), i, i+1)
		all = append(all, less)
	}
	return all
}

func TestARowWithoutOneOfItsGrantsIsNotWhatItsPolicySays(t *testing.T) {
	written, taken := get(t, small), 0
	for _, o := range operation.All() {
		for _, less := range without(o) {
			if taken++; len(unlike(t, written, []operation.Operation{less})) == 0 {
				t.Errorf("%s: %+v passes for the policy of %+v", o.Name, less, o)
			}
		}
	}
	if taken < 100 {
		t.Errorf("%d grants were taken away; there are more", taken)
	}
}

// everywhere is every statement that allows something in a template, by where it stands.
func everywhere(tb testing.TB, written template) map[string][]granted {
	all := map[string][]granted{}
	for id, r := range written.Resources {
		var documents []any
		switch r.Type {
		case "AWS::IAM::Role":
			policies, _ := r.at("Policies").([]any)
			for _, p := range policies {
				documents = append(documents, p.(map[string]any)["PolicyDocument"])
			}
		case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
			tb.Errorf("%s stands apart from its role", id)
		case "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy":
			documents = append(documents, r.at("PolicyDocument"))
		}
		for _, d := range documents {
			var document struct{ Statement []granted }
			again(tb, d, &document)
			all[r.path()] = append(all[r.path()], document.Statement...)
		}
	}
	return all
}

func TestNothingIsAllowedThatNobodyNeeds(t *testing.T) {
	for name, made := range map[string]func() (template, error){"small": small, "full": full} {
		for at, statements := range everywhere(t, get(t, made)) {
			for _, s := range statements {
				checkStatement(t, name+" "+at, s)
			}
		}
	}
}

func checkStatement(t *testing.T, at string, s granted) {
	t.Helper()
	if s.Effect == "Deny" {
		return
	}
	for _, action := range s.Action {
		service, name, _ := strings.Cut(action, ":")
		if strings.Contains(action, "*") || strings.Contains(name, "Scan") || strings.HasPrefix(name, "PartiQL") {
			t.Errorf("%s: %s", at, action)
		}
		free := service == "xray" || slices.Contains(ofTheAccount(), name)
		if slices.Contains(s.Resource, "*") && !free {
			t.Errorf("%s: %s on everything", at, action)
		}
		if service == "ses" && !strings.Contains(at, "mail-send-role/") {
			t.Errorf("%s: %s", at, action)
		}
		if service == "dynamodb" && s.Condition == nil && !strings.Contains(s.Resource[0], "StreamArn") {
			t.Errorf("%s: %s on every key", at, action)
		}
	}
}

func TestWhoNeedsASecretMayReadThatOneWhereThereIsACRM(t *testing.T) {
	right := func(secret string) string {
		return `Allow | secretsmanager:GetSecretValue | {"Ref":"` + secret + `"} |  | `
	}
	for url, want := range map[string]bool{"": false, "https://crm.example": true} {
		d, err := deploymentOf("crm", "test", nil)
		if err != nil {
			t.Fatal(err)
		}
		d.CRMURL = url
		d.Operations = []operation.Operation{
			{Name: "asks", Routes: []string{"GET /v1/asks"}, CRM: true},
			{Name: "asks-not", Routes: []string{"GET /v1/asks-not"}},
			{Name: "asked", Routes: []string{"GET /v1/asked"}, Public: true, Client: true},
		}
		if err := d.synth(); err != nil {
			t.Fatal(err)
		}
		written, err := readTemplate(d.Out, "test")
		if err != nil {
			t.Fatal(err)
		}
		for name, needs := range map[string]string{"asks": "CRMSecret", "asked": "OnboardingSecret", "asks-not": ""} {
			rights := rightsOf(written.statements(t, name))
			for _, secret := range []string{"CRMSecret", "OnboardingSecret"} {
				if got := slices.Contains(rights, right(secret)); got != (want && secret == needs) {
					t.Errorf("CRM %q: %s may read %s: %v", url, name, secret, got)
				}
			}
		}
	}
}

func TestEveryFunctionHasARoleAndALogOfItsOwn(t *testing.T) {
	written := get(t, small)
	roles, logs := map[string]string{}, map[string]string{}
	for _, f := range written.of("AWS::Lambda::Function") {
		for kind, part := range map[*map[string]string]any{&roles: f.at("Role"), &logs: f.at("LoggingConfig.LogGroup")} {
			raw, _ := json.Marshal(part)
			if other := (*kind)[string(raw)]; other != "" || part == nil {
				t.Errorf("%s shares %s with %q", f.path(), raw, other)
			}
			(*kind)[string(raw)] = f.path()
		}
	}
	for id, log := range written.of("AWS::Logs::LogGroup") {
		if log.at("RetentionInDays") != 30.0 {
			t.Errorf("%s keeps logs for %v days", id, cmp.Or(log.at("RetentionInDays"), any("all")))
		}
	}
}

package main

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"roster/shared/operation"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden file holds who may do what in a stage with all that a stage can have, so that every change
// of it is seen in review: of a function, of a resource's own policy, of what may invoke a function, and of
// the routes that ask for no token.
func TestPermissionsAreTheOnesThatWereReviewed(t *testing.T) {
	const golden = "testdata/permissions.golden"
	written := get(t, full)
	text := strings.Join(slices.Concat(
		written.functionLines(t), written.roleLines(t), written.resourceLines(t), written.invokeLines(t), written.openLines(t),
	), "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("permissions changed (-reviewed, +now); go test ./infra -update writes them:\n%s", diff)
	}
}

// functionLines tells what each function's role allows, in the order of the list of operations.
func (t template) functionLines(tb testing.TB) []string {
	lines := []string{"Functions"}
	for _, o := range operation.All() {
		lines = append(lines, o.Name)
		for _, s := range t.statements(tb, o.Name) {
			lines = append(lines, "  "+t.line(s))
		}
	}
	return lines
}

// roleLines tells who assumes each role, and what those allow that are no function's.
func (t template) roleLines(tb testing.TB) []string {
	assumed := map[string][]string{}
	others := []string{}
	for _, r := range t.of("AWS::IAM::Role") {
		name := strings.TrimSuffix(r.path(), "/Resource")
		var trust struct{ Statement []granted }
		again(tb, r.at("AssumeRolePolicyDocument"), &trust)
		for _, s := range trust.Statement {
			assumed[t.line(s)] = append(assumed[t.line(s)], name)
		}
		if policies := r.at("ManagedPolicyArns"); policies != nil {
			others = append(others, name+" has "+t.named(plain(policies)))
		}
		if function, is := strings.CutSuffix(name, "-role"); !is || !slices.ContainsFunc(operation.All(), func(o operation.Operation) bool { return o.Name == function }) {
			others = append(others, name+" allows "+t.named(plain(r.at("Policies"))))
		}
	}
	lines := []string{"", "Roles"}
	for _, trust := range slices.Sorted(maps.Keys(assumed)) {
		slices.Sort(assumed[trust])
		lines = append(lines, "  "+trust+": "+strings.Join(assumed[trust], " "))
	}
	slices.Sort(others)
	for _, o := range others {
		lines = append(lines, "  "+o)
	}
	return lines
}

// resourceLines tells what resources' own policies say.
func (t template) resourceLines(tb testing.TB) []string {
	lines := []string{}
	for _, kind := range []string{"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::SecretsManager::ResourcePolicy"} {
		for _, r := range t.of(kind) {
			var document struct{ Statement []granted }
			again(tb, r.at("PolicyDocument"), &document)
			for _, s := range document.Statement {
				lines = append(lines, "  "+strings.TrimSuffix(r.path(), "/Policy/Resource")+": "+t.line(s))
			}
		}
	}
	slices.Sort(lines)
	return append([]string{"", "Resources' own"}, lines...)
}

// invokeLines tells what may invoke functions from outside.
func (t template) invokeLines(testing.TB) []string {
	lines := []string{}
	for _, p := range t.of("AWS::Lambda::Permission") {
		more := maps.Clone(p.Properties)
		on, of := t.named(plain(more["FunctionName"])), t.named(plain(more["SourceArn"]))
		line := fmt.Sprintf("  %s: %s %s for %s", on, p.text("Principal"), p.text("Action"), of)
		maps.DeleteFunc(more, func(name string, _ any) bool {
			return slices.Contains([]string{"FunctionName", "SourceArn", "Principal", "Action"}, name)
		})
		if len(more) > 0 {
			line += " " + t.named(plain(more))
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return append([]string{"", "Invoking"}, lines...)
}

// openLines tells which routes ask for no token, and what the others ask for.
func (t template) openLines(tb testing.TB) []string {
	open, guards := []string{}, map[string]int{}
	for _, m := range t.of("AWS::ApiGateway::Method") {
		guard := fmt.Sprintf("%s %v", m.text("AuthorizationType"), m.at("AuthorizationScopes"))
		if m.text("AuthorizationType") == "NONE" {
			open = append(open, "  "+m.text("HttpMethod")+" "+cmp.Or(t.pathOf(tb, m.at("ResourceId")), "/"))
			continue
		}
		guards[guard]++
	}
	slices.Sort(open)
	lines := append([]string{"", "Without a token"}, open...)
	for _, guard := range slices.Sorted(maps.Keys(guards)) {
		lines = append(lines, "", "All other routes: "+guard)
	}
	return lines
}

// line is a statement as people read it. Allow goes without saying, and so does what goes with keys: that
// a request which names none is refused. Nothing else does.
func (t template) line(s granted) string {
	text := strings.Join(s.Action, " ")
	if s.Resource != nil {
		text += " on " + t.named(strings.Join(s.Resource, " "))
	}
	for name, not := range map[string]any{"NotAction": s.NotAction, "NotResource": s.NotResource, "NotPrincipal": s.NotPrincipal} {
		if not != nil {
			text += ", " + name + " " + t.named(plain(not))
		}
	}
	if s.Principal != nil {
		text = "for " + t.named(plain(s.Principal)) + ": " + text
	}
	if s.Effect != "Allow" {
		text = s.Effect + " " + text
	}
	for _, operator := range slices.Sorted(maps.Keys(s.Condition)) {
		for _, key := range slices.Sorted(maps.Keys(s.Condition[operator])) {
			values := s.Condition[operator][key]
			switch operator + " " + key {
			case "ForAllValues:StringLike dynamodb:LeadingKeys":
				text += ", keys " + strings.Join(values, " ")
				if !slices.Equal(s.Condition["Null"][key], list{"false"}) {
					text += " or none"
				}
			case "Null dynamodb:LeadingKeys":
				if s.Condition["ForAllValues:StringLike"][key] == nil || !slices.Equal(values, list{"false"}) {
					text += ", " + operator + " " + key + " " + strings.Join(values, " ")
				}
			case "ForAnyValue:StringEquals dynamodb:EnclosingOperation":
				text += ", within " + strings.Join(values, " ")
			default:
				text += ", " + operator + " " + key + " " + t.named(strings.Join(values, " "))
			}
		}
	}
	return text
}

// reference is a logical id by itself, or a principal that is a service.
var reference = regexp.MustCompile(`\{"(?:Ref|Service)":"([^"]+)"\}`)

// named is a part of a template with paths for logical ids, and without what every ARN has.
func (t template) named(text string) string {
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		text = strings.ReplaceAll(text, `"`+id+`"`, `"`+strings.TrimSuffix(t.Resources[id].path(), "/Resource")+`"`)
	}
	text = strings.NewReplacer(
		`{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":`, `arn:`, `:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":`, `:`,
		`log-group:",{"Ref":"`, `log-group:`, `-log"},":*"]]}`, `-log:*`, `{"Fn::GetAtt":["`, ``, `","StreamArn"]}`, ` stream`, `","Arn"]}`, ``,
		`{"Fn::Join":["",[`, ``, `,"/*"]]}`, `/*`, `"]]}`, ``,
	).Replace(text)
	text = reference.ReplaceAllString(text, "$1")
	return strings.ReplaceAll(text, `arn:execute-api:",API,"/",API/DeploymentStage.prod,"/`, `API /`)
}

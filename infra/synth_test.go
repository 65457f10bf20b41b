package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"roster/infra/project"
	"roster/shared/operation"
)

// A template is what CloudFormation gets, as far as tests look at it.
type template struct {
	Resources map[string]resource
	Outputs   map[string]struct{ Value any }
	raw       []byte
	folder    string // of the cloud assembly
}

type resource struct {
	Type                string
	Properties          map[string]any
	Metadata            map[string]any
	DeletionPolicy      string
	UpdateReplacePolicy string
	DependsOn           []string
}

// The templates that all tests look at: each is written once.
var (
	scratch = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "roster-infra-") })
	small   = sync.OnceValues(func() (template, error) { return write("small", "test", nil) })
	// full is a production stage with everything that a setting asks for, seen by cdk-nag.
	full = sync.OnceValues(func() (template, error) { return write("full", "prod", everything()) })
)

func TestMain(m *testing.M) {
	os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
	code := m.Run()
	jsii.Close()
	if folder, err := scratch(); err == nil {
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

// everything is settings that make all that the stack can make, and that production asks for.
func everything() map[string]any {
	return map[string]any{
		"portalURL": "https://portal.roster.test", "mailIdentity": "roster.test", "mailFrom": "Roster <no-reply@roster.test>",
		"domain": "api.roster.test", "certificate": "arn:aws:acm:eu-central-1:000000000000:certificate/1",
		"alarmMail": "ops@roster.test", "crmURL": "https://crm.test", "poolMail": "ses", "waf": true,
	}
}

// write writes a stage's cloud assembly below the scratch folder, with cdk.json's settings but for
// some, and functions that are not built.
func write(folder, stage string, settings map[string]any) (template, error) {
	d, err := deploymentOf(folder, stage, settings)
	if err != nil {
		return template{}, err
	}
	if stage == "prod" {
		d.Aspects = []awscdk.IAspect{cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Reports: jsii.Bool(false)})}
	}
	if err := d.synth(); err != nil {
		return template{}, err
	}
	return readTemplate(d.Out, stage)
}

func deploymentOf(folder, stage string, settings map[string]any) (deployment, error) {
	root, err := scratch()
	if err != nil {
		return deployment{}, err
	}
	p, err := project.Read("../cdk.json")
	if err != nil {
		return deployment{}, err
	}
	for name, value := range settings {
		p.Stages[stage][name] = value
	}
	s, err := p.Settings(stage)
	return deployment{
		Settings: s, Operations: operation.All(), Code: unbuilt(root), Context: p.Context, Out: filepath.Join(root, folder),
	}, err
}

// unbuilt returns folders with a bootstrap each that no other function has.
func unbuilt(root string) func(string) (string, error) {
	return func(function string) (string, error) {
		folder := filepath.Join(root, "code", function)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
		return folder, os.WriteFile(filepath.Join(folder, "bootstrap"), []byte(function), 0o755)
	}
}

func readTemplate(folder, stage string) (t template, err error) {
	t.folder = folder
	if t.raw, err = os.ReadFile(filepath.Join(folder, "roster-"+stage+".template.json")); err != nil {
		return t, err
	}
	return t, json.Unmarshal(t.raw, &t)
}

// get returns a template, or ends the test.
func get(t *testing.T, made func() (template, error)) template {
	t.Helper()
	written, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// of returns the resources of a type by their logical ids.
func (t template) of(kind string) map[string]resource {
	some := map[string]resource{}
	for id, r := range t.Resources {
		if r.Type == kind {
			some[id] = r
		}
	}
	return some
}

// only returns the one resource of a type.
func (t template) only(tb testing.TB, kind string) resource {
	tb.Helper()
	some := t.of(kind)
	for _, r := range some {
		if len(some) == 1 {
			return r
		}
	}
	tb.Fatalf("%d resources of type %s; want 1", len(some), kind)
	return resource{}
}

// path is a resource's place among the constructs, without the stack's name.
func (r resource) path() string {
	_, path, _ := strings.Cut(r.Metadata["aws:cdk:path"].(string), "/")
	return path
}

// at returns the property at a dotted path; nil when there is none.
func (r resource) at(path string) any {
	var v any = r.Properties
	for step := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[step]
	}
	return v
}

// text returns a property that is a text, "" for any other.
func (r resource) text(path string) string {
	s, _ := r.at(path).(string)
	return s
}

// function returns the resource of that type that is a function's own.
func (t template) function(tb testing.TB, name, kind string) resource {
	tb.Helper()
	return t.Resources[t.idOf(tb, kind, cmp.Or(map[string]string{"AWS::IAM::Role": name + "-role/"}[kind], name+"/"))]
}

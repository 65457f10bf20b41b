// Package project is cdk.json: the settings of each stage, one typed list that names what is missing,
// unknown or wrong, and the CDK's own context beside them.
package project

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
)

// A Project is a cdk.json: the CDK's own context, and Roster's settings in it.
type Project struct {
	Context map[string]any // the whole of it, as the CDK takes it
	stages
}

// stages are the settings as written: those of a stage go before the defaults.
type stages struct {
	Defaults map[string]any            `json:"defaults"`
	Stages   map[string]map[string]any `json:"stages"`
}

// Read reads a cdk.json.
func Read(file string) (Project, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Project{}, err
	}
	var whole struct {
		Context map[string]any `json:"context"`
	}
	var own struct {
		Context struct {
			Roster stages `json:"roster"`
		} `json:"context"`
	}
	if err := errors.Join(json.Unmarshal(raw, &whole), json.Unmarshal(raw, &own)); err != nil {
		return Project{}, fmt.Errorf("%s: %w", file, err)
	}
	return Project{whole.Context, own.Context.Roster}, nil
}

// stageName fits into the names of functions, of which Lambda takes 64 characters.
var stageName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,15}$`)

// Settings returns those of a stage. The error names every setting that is missing, unknown or wrong.
func (p Project) Settings(stage string) (Settings, error) {
	own, ok := p.Stages[stage]
	if !ok || !stageName.MatchString(stage) {
		return Settings{}, fmt.Errorf("STAGE %q is none of the stages in cdk.json: %q", stage, slices.Sorted(maps.Keys(p.Stages)))
	}
	all := maps.Clone(p.Defaults)
	maps.Copy(all, own)
	s, err := parse(all)
	if err != nil {
		return Settings{}, fmt.Errorf("cdk.json, stage %s: %w", stage, err)
	}
	s.Stage = stage
	return s, nil
}

// parse takes every setting, and nothing else.
func parse(values map[string]any) (Settings, error) {
	var s Settings
	var wrong []error
	known := map[string]bool{}
	for _, f := range s.fields() {
		known[f.name] = true
		v, ok := values[f.name]
		if !ok {
			wrong = append(wrong, fmt.Errorf("setting %s is missing", f.name))
		} else if err := f.take(v); err != nil {
			wrong = append(wrong, fmt.Errorf("setting %s %w", f.name, err))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !known[name] {
			wrong = append(wrong, fmt.Errorf("setting %s is unknown", name))
		}
	}
	if len(wrong) == 0 {
		wrong = append(wrong, s.check())
	}
	return s, errors.Join(wrong...)
}

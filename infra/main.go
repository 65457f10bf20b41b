// Command infra writes the CloudFormation template of one stage, and everything that goes with it,
// into cdk.out: a stack derived from the list of operations and from the stage's settings in
// cdk.json. STAGE names the stage. It runs alone, or under the CDK CLI, and needs no AWS account.
package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/jsii-runtime-go"

	"roster/infra/project"
	"roster/shared/operation"
)

// built is where `make synth` puts the functions, built for Lambda's arm64.
const built = ".build/arm64"

func main() {
	defer jsii.Close()
	if err := synth(cmp.Or(os.Getenv("STAGE"), "test")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func synth(stage string) error {
	p, err := project.Read("cdk.json")
	if err != nil {
		return err
	}
	settings, err := p.Settings(stage)
	if err != nil {
		return err
	}
	return deployment{
		Settings: settings, Operations: operation.All(), Code: folders(built), Context: p.Context, Out: "cdk.out",
	}.synth()
}

// folders returns where a function's bootstrap is, or an error that says how to get it.
func folders(root string) func(function string) (string, error) {
	return func(function string) (string, error) {
		folder := filepath.Join(root, function)
		if _, err := os.Stat(filepath.Join(folder, "bootstrap")); err != nil {
			return "", fmt.Errorf("function %s is not built, run `make synth`: %w", function, err)
		}
		return folder, nil
	}
}

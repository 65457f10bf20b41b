// Command infra writes the CloudFormation template of one stage, and everything that goes with it,
// into cdk.out: a stack derived from the list of operations and from the stage's settings in
// cdk.json. STAGE names the stage. It runs alone, or under the CDK CLI, and needs no AWS account.
package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/aws/jsii-runtime-go"

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
	project, err := readProject("cdk.json")
	if err != nil {
		return err
	}
	settings, err := project.settings(stage)
	if err != nil {
		return err
	}
	return deployment{
		Settings: settings, Operations: operation.All(), Code: folders(built), Context: project.Context, Out: "cdk.out",
	}.synth()
}

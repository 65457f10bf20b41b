package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"roster/shared/customer"
	"roster/shared/secret"
)

// secretSize is how much Secrets Manager takes, in bytes.
const secretSize = 64 << 10

// rotate makes what it reads the current version of the CRM's secret. It comes by standard input
// because arguments are everybody's to see, and nothing of it is printed.
func (e *estate) rotate(ctx context.Context) error {
	text, err := io.ReadAll(io.LimitReader(e.in, secretSize+1))
	if err != nil {
		return err
	}
	if len(text) > secretSize {
		return errors.New("standard input is too long for a secret")
	}
	if err := customer.CheckSecret(string(text)); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	name := e.crmSecretName()
	put, err := e.secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: aws.String(string(text))})
	if code(err) == "ResourceNotFoundException" {
		return fmt.Errorf("there is no secret %s in %s: set crmURL and deploy the stage", name, e.region())
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "version %s of %s is current.\n%s", aws.ToString(put.VersionId), name, afterwards)
	return nil
}

// onboarding changes the credentials that the CRM calls members:onboard with, in two steps between which
// both are good: it makes a new secondary, and once the CRM uses that, makes it the primary.
func (e *estate) onboarding(ctx context.Context) error {
	name := e.onboardingSecretName()
	got, err := e.secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	if code(err) == "ResourceNotFoundException" {
		return fmt.Errorf("there is no secret %s in %s: set crmURL and deploy the stage", name, e.region())
	}
	if err != nil {
		return err
	}
	var held map[string]string
	if json.Unmarshal([]byte(aws.ToString(got.SecretString)), &held) != nil || held == nil {
		return fmt.Errorf("%s is no JSON object of text", name)
	}
	question, says := advance(held)
	if err := e.ask(question, name); err != nil {
		return err
	}
	text, err := json.Marshal(held)
	if err != nil {
		return err
	}
	put, err := e.secrets.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: aws.String(string(text))})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "version %s of %s is current.\n%s\n", aws.ToString(put.VersionId), name, says)
	return nil
}

// advance makes of two credentials what they are after the next step. It returns what an operator must
// agree to, and is to be told then; nothing of it holds a credential.
func advance(held map[string]string) (question, says string) {
	if !secret.Taken(held["secondary"]) {
		held["secondary"] = rand.Text() + rand.Text()
		return "Make a new secondary of %s?",
			"It has a secondary now, and both are good. Read it in Secrets Manager, have the CRM use it, then run this again."
	}
	held["primary"], held["secondary"] = held["secondary"], ""
	return "Does the CRM use the secondary of %s already, so that the primary may go?",
		"The secondary is the primary now. Functions refuse the earlier one within five minutes."
}

func (e *estate) crmSecretName() string        { return "roster/" + e.stage + "/crm" }
func (e *estate) onboardingSecretName() string { return "roster/" + e.stage + "/onboarding" }

// afterwards is what shared/customer does with a new version.
const afterwards = `New processes begin with it. Running ones keep what they read until the CRM refuses it, then read the
secret once more and ask again with it, within the same request: revoke the earlier credentials in the CRM
now, and nothing fails. Until they are revoked both are in use.
`

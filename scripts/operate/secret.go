package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"roster/shared/customer"
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
	name := e.secretName()
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

// afterwards is what shared/customer does with a new version.
const afterwards = `New processes begin with it. Running ones keep what they read until the CRM refuses it, then read the
secret once more and ask again with it, within the same request: revoke the earlier credentials in the CRM
now, and nothing fails. Until they are revoked both are in use.
`

// Package secret reads secrets of AWS Secrets Manager, and holds callers to credentials that one of them
// keeps. Nothing of a secret is ever in an error.
package secret

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"roster/shared/awsconfig"
)

// Open returns what reads the current text of the secret of that name or ARN. It asks nothing yet.
func Open(id string) func(context.Context) (string, error) {
	client := secretsmanager.NewFromConfig(awsconfig.New("SECRETS_MANAGER"))
	return func(ctx context.Context) (string, error) {
		out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &id})
		if err != nil {
			return "", err
		}
		return aws.ToString(out.SecretString), nil
	}
}

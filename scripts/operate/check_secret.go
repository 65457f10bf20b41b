package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// A shared is a secret between Roster and the CRM.
type shared struct {
	name, id string // id is the resource's in the stack
	command  string // of operate, that gives it a value
	made     bool   // with a value, by the stack
}

func (c *checker) crmSecret(ctx context.Context) (verdict, error) {
	return c.secret(ctx, shared{c.crmSecretName(), "CRMSecret", "operate crm-secret " + c.stage, false})
}

func (c *checker) onboardingSecret(ctx context.Context) (verdict, error) {
	return c.secret(ctx, shared{c.onboardingSecretName(), "OnboardingSecret", "operate onboarding-secret " + c.stage, true})
}

// secret asks whether the secret can be made by the stack, or has a value; never for the value.
func (c *checker) secret(ctx context.Context, s shared) (verdict, error) {
	if c.CRMURL == "" {
		return verdict{}, nil
	}
	v := good("secret %s", s.name)
	got, err := c.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &s.name})
	missing := code(err) == "ResourceNotFoundException"
	if err != nil && !missing {
		return v, err
	}
	ours, err := c.owns(ctx, s.id)
	if err != nil {
		return v, err
	}
	switch {
	case missing && s.made:
		return good("secret %s is the stack's to make", s.name), nil
	case missing:
		return v.warn("the stack makes it: fill it then with %s", s.command), nil
	case got.DeletedDate != nil:
		return v.wrong("it waits to be deleted, and no other can have its name: restore it, or delete it for good"), nil
	case !ours:
		return v.wrong("it exists, and not by this stack, which cannot make it again: delete it for good"), nil
	case len(got.VersionIdsToStages) == 0:
		return v.warn("it is empty: fill it with %s", s.command), nil
	}
	return v, nil
}

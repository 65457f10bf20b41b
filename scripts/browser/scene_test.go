package browser

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
)

// portal returns the cloud that the tests of this package share, where there is a browser for it.
func portal(t *testing.T) *cloudtest.Cloud {
	t.Helper()
	if program() == "" {
		t.Skipf("there is none of %q here: the portal is not tried in a browser", programs)
	}
	return cloudtest.Shared(t, "ROSTER_RESEND_AFTER=0")
}

// named returns somebody of these names with an account, signed in to the API.
func named(t *testing.T, c *cloudtest.Cloud, first, last string) *cloudtest.Person {
	t.Helper()
	p := c.SignedUp(t, cloudtest.Address(strings.ToLower(first)), first, last)
	p.SignIn(t)
	return p
}

// enter opens the portal and signs somebody in.
func enter(t *testing.T, p *cloudtest.Person) *tab {
	t.Helper()
	b := open(t, p.Cloud, "/")
	b.signIn(p.Email, cloudtest.Password)
	b.see("Sign out")
	return b
}

func (b *tab) signIn(email, password string) {
	b.t.Helper()
	b.fill("E-mail", email)
	b.fill("Password", password)
	b.press("Sign in")
}

// join gives somebody new a place in the organization.
func join(t *testing.T, admin *cloudtest.Person, org, first, last, role string) *cloudtest.Person {
	t.Helper()
	p := named(t, admin.Cloud, first, last)
	admin.Invite(t, org, p.Email, role)
	p.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	return p
}

var digits = regexp.MustCompile(`(?m)^\d{6}$`)

// code waits for the nth mail to an address and returns the code in it.
func code(t *testing.T, c *cloudtest.Cloud, email string, n int) string {
	t.Helper()
	return digits.FindString(c.Mails(t, email, n)[0].(map[string]any)["text"].(string))
}

// expire ends an invitation behind everybody's back.
func expire(t *testing.T, c *cloudtest.Cloud, org, member string) {
	t.Helper()
	client := dynamodb.New(dynamodb.Options{
		Region: engine.Region, BaseEndpoint: &c.DynamoDB,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: engine.AccessKey, SecretAccessKey: engine.SecretKey}, nil
		}),
	})
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	_, err := client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 &c.Table,
		Key:                       map[string]types.AttributeValue{"PK": text("ORG#" + org), "SK": text("INVITATION#" + member)},
		UpdateExpression:          aws.String("SET expires_at = :past"),
		ConditionExpression:       aws.String("attribute_exists(expires_at)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":past": text(time.Now().UTC().Add(-time.Hour).Format("2006-01-02T15:04:05.000000Z"))},
	})
	if err != nil {
		t.Fatal(err)
	}
}

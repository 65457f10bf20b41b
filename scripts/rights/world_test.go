package rights

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
)

// What tests do to the world behind the functions' back, with rights of their own.

func config(endpoint string) aws.Config {
	return aws.Config{
		Region: engine.Region, BaseEndpoint: &endpoint,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: engine.AccessKey, SecretAccessKey: engine.SecretKey}, nil
		}),
	}
}

func key(pk, sk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk}}
}

// set gives an item an attribute, and makes the item if there is none.
func (g *guard) set(t testing.TB, pk, sk, attribute, value string) {
	t.Helper()
	_, err := dynamodb.NewFromConfig(config(g.DynamoDB)).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &g.Table, Key: key(pk, sk), UpdateExpression: aws.String("SET #a = :v"),
		ExpressionAttributeNames:  map[string]string{"#a": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": &types.AttributeValueMemberS{Value: value}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (g *guard) drop(t testing.TB, pk, sk string) {
	t.Helper()
	if _, err := dynamodb.NewFromConfig(config(g.DynamoDB)).DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &g.Table, Key: key(pk, sk)}); err != nil {
		t.Fatal(err)
	}
}

// unknown returns somebody signed in whose account the table does not know, as after triggers that
// failed.
func (g *guard) unknown(t testing.TB, name string) *cloudtest.Person {
	t.Helper()
	p := g.Person(t, name)
	g.drop(t, "ACCOUNT#"+p.ID, "ACCOUNT")
	g.drop(t, "EMAIL#"+p.Email, "ACCOUNT")
	return p
}

// known makes the account's row of somebody who did not finish signing up.
func (g *guard) known(t testing.TB, email string) {
	t.Helper()
	user, err := cip.NewFromConfig(config(g.Pool.Endpoint)).AdminGetUser(t.Context(), &cip.AdminGetUserInput{
		UserPoolId: &g.Pool.PoolID, Username: &email,
	})
	if err != nil {
		t.Fatal(err)
	}
	for attribute, value := range map[string]string{"email": email, "first_name": "Amy", "last_name": "Test"} {
		g.set(t, "ACCOUNT#"+*user.Username, "ACCOUNT", attribute, value)
	}
}

// locked returns somebody signed in whose account is locked to an organization that is gone.
func (g *guard) locked(t testing.TB, name string) *cloudtest.Person {
	t.Helper()
	p := g.Person(t, name)
	g.set(t, "ACCOUNT#"+p.ID, "ACCOUNT", "org_id", uuid.NewString())
	return p
}

// readdress gives somebody's user in the pool another address, as an operator.
func (g *guard) readdress(t testing.TB, p *cloudtest.Person, to string) {
	t.Helper()
	_, err := cip.NewFromConfig(config(g.Pool.Endpoint)).AdminUpdateUserAttributes(t.Context(), &cip.AdminUpdateUserAttributesInput{
		UserPoolId: &g.Pool.PoolID, Username: &p.ID, UserAttributes: []cognito.AttributeType{
			{Name: aws.String("email"), Value: &to}, {Name: aws.String("email_verified"), Value: aws.String("true")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Email = to
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

// code returns the code in the latest of n mails to an address.
func (g *guard) code(t testing.TB, email string, n int) string {
	t.Helper()
	text, _ := g.Mails(t, email, n)[0].(map[string]any)["text"].(string)
	return digits.FindString(text)
}

// settle waits until the background work is done.
func (g *guard) settle(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := g.Settled(ctx); err != nil {
		t.Fatal(err)
	}
}

// signUp has somebody sign up and confirm by the code.
func (g *guard) signUp(t testing.TB, email string) *cloudtest.Person {
	t.Helper()
	g.post(t, "SignUp", map[string]any{"email": email, "first_name": "Uma", "last_name": "Test", "password": cloudtest.Password})
	g.post(t, "ConfirmSignUp", map[string]any{"email": email, "code": g.code(t, email, 1)})
	p := &cloudtest.Person{Email: email, Cloud: g.Cloud}
	p.SignIn(t)
	return p
}

// post calls a public route.
func (g *guard) post(t testing.TB, action string, body map[string]any) cloudtest.Answer {
	t.Helper()
	return g.Do(t, "POST", "/v1/auth/"+action, "", body).Want(t, 200)
}

// reset has somebody set a new password by the code that is the n-th mail to them.
func (g *guard) reset(t testing.TB, email string, n int) {
	t.Helper()
	g.post(t, "ResetPassword", map[string]any{"email": email})
	g.post(t, "ConfirmResetPassword", map[string]any{"email": email, "code": g.code(t, email, n), "password": cloudtest.Password})
}

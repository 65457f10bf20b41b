package cognito_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

func publicKey(t *testing.T, n, e string) *rsa.PublicKey {
	t.Helper()
	decode := func(s string) *big.Int {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return new(big.Int).SetBytes(b)
	}
	return &rsa.PublicKey{N: decode(n), E: int(decode(e).Int64())}
}

func (f *fixture) forgot(email string) error {
	_, err := f.ForgotPassword(f.t.Context(), &cip.ForgotPasswordInput{ClientId: aws.String(clientID), Username: &email})
	return err
}

func (f *fixture) confirmForgot(email, code, password string) error {
	_, err := f.ConfirmForgotPassword(f.t.Context(), &cip.ConfirmForgotPasswordInput{
		ClientId: aws.String(clientID), Username: &email, ConfirmationCode: &code, Password: &password,
	})
	return err
}

func TestAForgottenPasswordIsReplacedWithTheMailedCode(t *testing.T) {
	f := newFixture(t)
	f.member()
	refused(t, f.forgot("ann@example.com"), "")
	m, code := f.lastMail()
	if m.to != ann || m.subject != "Account password reset" {
		t.Fatalf("mail to %s with subject %s", m.to, m.subject)
	}
	refused(t, f.confirmForgot(ann, wrong(code), "Another1234"), "CodeMismatchException")
	refused(t, f.confirmForgot(ann, code, "weak"), "InvalidPasswordException")
	refused(t, f.confirmForgot(ann, code, "Another1234"), "")
	refused(t, f.confirmForgot(ann, code, "Another1234"), "ExpiredCodeException")
	_, err := f.signIn(ann, password)
	refused(t, err, "NotAuthorizedException")
	_, err = f.signIn(ann, "Another1234")
	refused(t, err, "")
	var event struct{ TriggerSource string }
	told := f.told("confirmed")
	if err := json.Unmarshal(told[len(told)-1], &event); err != nil || event.TriggerSource != "PostConfirmation_ConfirmForgotPassword" {
		t.Errorf("the trigger was told %s", told[len(told)-1])
	}
}

func TestAResetCodeLivesAnHour(t *testing.T) {
	for age, want := range map[time.Duration]string{time.Hour - time.Second: "", time.Hour: "ExpiredCodeException"} {
		f := newFixture(t)
		f.member()
		refused(t, f.forgot(ann), "")
		_, code := f.lastMail()
		f.wait(age)
		refused(t, f.confirmForgot(ann, code, "Another1234"), want)
	}
}

func TestWhoIsMailedAResetCode(t *testing.T) {
	tests := map[string]struct {
		prepare func(*fixture) error
		want    string
		mails   int
		confirm string // what any code is answered with afterwards, where none was mailed
	}{
		"a confirmed user":       {func(f *fixture) error { f.member(); return nil }, "", 1, ""},
		"nobody, without saying": {func(*fixture) error { return nil }, "", 0, "CodeMismatchException"},
		"not a disabled user, without saying": {func(f *fixture) error {
			f.member()
			return disable(f)
		}, "", 0, "CodeMismatchException"},
		"not one whose address is unverified": {func(f *fixture) error {
			_, err := f.signUp(ann, password)
			return err
		}, "InvalidParameterException", 0, "ExpiredCodeException"},
		"not one with a temporary password": {func(f *fixture) error {
			_, err := f.create(ann, "email_verified", "true")
			return err
		}, "NotAuthorizedException", 0, "ExpiredCodeException"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if err := c.prepare(f); err != nil {
				t.Fatal(err)
			}
			before := f.count()
			refused(t, f.forgot(ann), c.want)
			if n := f.count() - before; n != c.mails {
				t.Errorf("%d mails, want %d", n, c.mails)
			}
			if c.mails == 0 {
				refused(t, f.confirmForgot(ann, "123456", "Another1234"), c.confirm)
			}
		})
	}
}

func TestAnOperatorsResetLastsUntilTheCodeComesBack(t *testing.T) {
	f := newFixture(t)
	f.member()
	if err := adminReset(f); err != nil {
		t.Fatal(err)
	}
	_, code := f.lastMail()
	refused(t, f.confirmForgot(ann, code, "Another1234"), "")
	_, err := f.signIn(ann, "Another1234")
	refused(t, err, "")
}

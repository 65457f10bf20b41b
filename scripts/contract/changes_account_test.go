package contract

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"roster/scripts/local/cloud/cloudtest"
)

// did is the entry of what a member did without an object.
func did(who *cloudtest.Person, role, action string) event {
	return event{Actor: who.ID, Role: role, Action: action}
}

func accountChanges() []change {
	return []change{
		{"signed in", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			p.begin()
			wrongPair.want(p, p.c.Do(p, "POST", "/v1/auth/SignIn", "", object{"email": tom.Email, "password": "Wrong-77-tusk"}))
			token := signIn(p, tom).Text("refresh_token")
			p.c.Do(p, "POST", "/v1/auth/RefreshSession", "", object{"refresh_token": token}).Want(p, 200) // is none
			return []event{did(tom, "Technical", "LOG_IN")}
		}},
		{"signed out", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			p.begin()
			p.does(tom, "POST", "/v1/auth/SignOut", nil)
			p.refused(401, tom, "POST", "/v1/auth/SignOut", nil)
			return []event{did(tom, "Technical", "LOG_OUT")}
		}},
		{"a password, with the code from the mail", nil, func(p *plot) []event {
			p.found()
			tom, _ := p.joined("tom", "Technical")
			p.begin()
			nothing(p, p.c.Do(p, "POST", "/v1/auth/ResetPassword", "", object{"email": tom.Email}))
			code := latestCode(p, p.c, tom.Email)
			confirm := func(code string) cloudtest.Answer {
				return p.c.Do(p, "POST", "/v1/auth/ConfirmResetPassword", "", object{"email": tom.Email, "code": code, "password": cloudtest.Password})
			}
			wrongCode.want(p, confirm(other(code)))
			nothing(p, confirm(code))
			return []event{did(tom, "Technical", "CHANGE_PASSWORD")}
		}},
		{"signed out by an operator", nil, byOperator("LOG_OUT", func(p *plot, api *cip.Client, name *string) error {
			_, err := api.AdminUserGlobalSignOut(p.Context(), &cip.AdminUserGlobalSignOutInput{UserPoolId: &p.c.Pool.PoolID, Username: name})
			return err
		})},
		{"disabled by an operator", nil, byOperator("LOG_OUT", func(p *plot, api *cip.Client, name *string) error {
			_, err := api.AdminDisableUser(p.Context(), &cip.AdminDisableUserInput{UserPoolId: &p.c.Pool.PoolID, Username: name})
			return err
		})},
		{"a password, by an operator", nil, byOperator("CHANGE_PASSWORD", func(p *plot, api *cip.Client, name *string) error {
			_, err := api.AdminSetUserPassword(p.Context(), &cip.AdminSetUserPasswordInput{
				UserPoolId: &p.c.Pool.PoolID, Username: name, Password: aws.String(cloudtest.Password), Permanent: true,
			})
			return err
		})},
		{"by nobody's member, which is none", nil, func(p *plot) []event {
			p.found()
			pia := p.c.Person(p, "pia")
			p.ann.Invite(p, p.org, pia.Email, "Technical")
			p.begin()
			signIn(p, pia)
			p.does(pia, "POST", "/v1/auth/SignOut", nil)
			return nil
		}},
	}
}

// byOperator is what somebody does to a member with AWS's credentials. It is under the member's name, and so
// without an address.
func byOperator(action string, does func(p *plot, api *cip.Client, name *string) error) func(*plot) []event {
	return func(p *plot) []event {
		p.found()
		tom, _ := p.joined("tom", "Technical")
		p.begin()
		api := cip.New(cip.Options{Region: p.c.Pool.Region, BaseEndpoint: &p.c.Pool.Endpoint, Credentials: aws.AnonymousCredentials{}})
		if err := does(p, api, &tom.Email); err != nil {
			p.Fatal(err)
		}
		return []event{did(tom, "Technical", action).elsewhere(nowhere)}
	}
}

// latestCode waits for the mail with a code to set a new password, whatever other mails come.
func latestCode(t testing.TB, c *cloudtest.Cloud, email string) (found string) {
	t.Helper()
	eventually(t, "a mail with a code", func() bool {
		for _, mail := range c.Mails(t, email, 1) {
			if mail := mail.(object); mail["subject"] == resetSubject {
				found = digits.FindString(mail["text"].(string))
			}
		}
		return found != ""
	})
	return found
}

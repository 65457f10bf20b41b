package main

import (
	"maps"
	"regexp"
	"strings"
	"testing"
)

func TestThePoolIsTheOneThatTheFunctionsExpect(t *testing.T) {
	written := get(t, full)
	pool := written.only(t, "AWS::Cognito::UserPool")
	trigger := func(name string) string {
		return `{"Fn::GetAtt":["` + written.idOf(t, "AWS::Lambda::Function", name+"/") + `","Arn"]}`
	}
	for path, want := range map[string]string{
		"UsernameAttributes": `["email"]`, "UsernameConfiguration": `{"CaseSensitive":false}`, "AutoVerifiedAttributes": `["email"]`,
		"UserPoolTier":                           `"ESSENTIALS"`,
		"LambdaConfig.PostConfirmation":          trigger("account-signed-up"),
		"LambdaConfig.PreTokenGenerationConfig":  `{"LambdaArn":` + trigger("token-issue") + `,"LambdaVersion":"V2_0"}`,
		"EmailConfiguration.EmailSendingAccount": `"DEVELOPER"`, "EmailConfiguration.SourceArn": own("ses", "identity/roster.test"),
		"AdminCreateUserConfig.AllowAdminCreateUserOnly": `false`,
	} {
		if got := plain(pool.at(path)); got != want {
			t.Errorf("pool: %s is %s, want %s", path, got, want)
		}
	}
	if got := get(t, small).only(t, "AWS::Cognito::UserPool").at("EmailConfiguration"); got != nil {
		t.Errorf("the pool mails through an identity that nobody verified yet: %v", got)
	}
}

// Cognito's default for what a client does not say is to allow it.
func TestNoClientOfThePoolMayMoreThanItMust(t *testing.T) {
	written := get(t, full)
	own := map[string]map[string]string{
		"Pool/Portal": {
			"ExplicitAuthFlows": `["ALLOW_USER_PASSWORD_AUTH","ALLOW_REFRESH_TOKEN_AUTH"]`, "WriteAttributes": `["email","family_name","given_name"]`,
		},
		"Pool/PMM": {"ExplicitAuthFlows": `["ALLOW_REFRESH_TOKEN_AUTH"]`, "WriteAttributes": `["email"]`},
	}
	for _, client := range written.of("AWS::Cognito::UserPoolClient") {
		path := strings.TrimSuffix(client.path(), "/Resource")
		want := map[string]string{
			"GenerateSecret": `false`, "AllowedOAuthFlowsUserPoolClient": `false`, "AllowedOAuthFlows": `null`, "AllowedOAuthScopes": `null`,
			"AccessTokenValidity": `15`, "IdTokenValidity": `15`, "RefreshTokenValidity": `43200`,
			"TokenValidityUnits":         `{"AccessToken":"minutes","IdToken":"minutes","RefreshToken":"minutes"}`,
			"PreventUserExistenceErrors": `"ENABLED"`, "EnableTokenRevocation": `true`,
		}
		maps.Copy(want, own[path])
		for property, value := range want {
			if got := plain(client.at(property)); got != value {
				t.Errorf("%s: %s is %s, want %s", path, property, got, value)
			}
		}
		if own[path] == nil {
			t.Errorf("nobody says how people sign in by %s", path)
		}
		delete(own, path)
	}
	for path := range own {
		t.Errorf("there is no client %s", path)
	}
}

func TestThePoolMailsCodesInWordsThatFitEveryOccasion(t *testing.T) {
	pool := get(t, small).only(t, "AWS::Cognito::UserPool")
	text := pool.text("VerificationMessageTemplate.EmailMessage")
	if !regexp.MustCompile(`(?m)^\{####\}$`).MatchString(text) || strings.Contains(text, "new account") {
		t.Errorf("%s", text)
	}
	if subject := pool.text("VerificationMessageTemplate.EmailSubject"); !strings.Contains(subject, "Roster") || pool.text("VerificationMessageTemplate.DefaultEmailOption") != "CONFIRM_WITH_CODE" {
		t.Errorf("%q, %v", subject, pool.at("VerificationMessageTemplate"))
	}
}

func TestThePoolTakesASendersNameInASCIIOnly(t *testing.T) {
	written, err := write("sender", "test", map[string]any{"poolMail": "ses", "mailFrom": "Röster <no-reply@roster.example>"})
	if err != nil {
		t.Fatal(err)
	}
	const want = "=?utf-8?q?R=C3=B6ster?= <no-reply@roster.example>"
	if got := written.only(t, "AWS::Cognito::UserPool").text("EmailConfiguration.From"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

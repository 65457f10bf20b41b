// Command token-issue is Cognito's pre token generation trigger (V2_0): it puts into access tokens
// what Roster reads of a caller, and the scope without which the gateway takes none. It links customers'
// contacts to their companies' organizations too, and logs sign-ins. It fails open: what the table or the
// CRM cannot do now must not keep anybody from signing in.
package main

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/company"
	"roster/shared/customer"
	"roster/shared/id"
	"roster/shared/setting"
	"roster/shared/store"
	"roster/shared/tally"
	"roster/shared/telemetry"
)

type trigger = events.CognitoEventUserPoolsPreTokenGenV2_0

// patience is how long the table and the CRM may keep a sign-in waiting; Cognito itself gives up after five
// seconds.
const patience = 3500 * time.Millisecond

// scope is what the gateway asks of every access token.
const scope = "roster/api"

// selfService is what Cognito asks of tokens for its own calls by users. No token has it, so that
// nobody changes an address, or deletes a user, past Roster. The app client could not forbid it: what
// it may not write, nobody can sign up with.
const selfService = "aws.cognito.signin.user.admin"

func main() {
	telemetry.UseLog()
	db, crm := store.Open(), portal()
	lambda.Start(telemetry.Watch(func(ctx context.Context, e trigger) (trigger, error) { return issue(ctx, db, crm, e), nil }))
}

// portal is the CRM that sign-ins ask; a deployment may leave that to POST /v1/orgs.
func portal() *customer.Client {
	if setting.OneOf("ROSTER_LINK_AT_SIGN_IN", "on", "off") == "off" {
		return &customer.Client{}
	}
	return customer.Open()
}

// issue answers the event whatever becomes of the table and of the CRM.
func issue(ctx context.Context, db *store.Store, crm *customer.Client, e trigger) trigger {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	user := e.Request.UserAttributes
	tally.Of(ctx).By(user["sub"])
	issued := time.Now()
	a, err := ensure(ctx, db, user)
	if err != nil {
		telemetry.Failed(ctx, "account not written", err, "trigger", e.TriggerSource)
	}
	if err == nil && a.Known() {
		a.Org = cmp.Or(link(ctx, db, crm, a, issued), a.Org)
	}
	added := claims(user, a, issued)
	if place := witness(ctx, db, a, e.TriggerSource); place != "" {
		added["log_entry"] = place
	}
	e.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration = events.AccessTokenGenerationV2_0{
		ClaimsToAddOrOverride: added, ScopesToAdd: []string{scope}, ScopesToSuppress: []string{selfService},
	}
	return e
}

// link brings a customer's contact into their company's organization, and returns its id. What keeps it
// from that now is for the log, and the next token.
func link(ctx context.Context, db *store.Store, crm *customer.Client, a account.Account, issued time.Time) string {
	c := account.Caller{
		Account: a.ID, Address: a.Address, First: a.First, Last: a.Last, Issued: issued, RequestID: telemetry.RequestID(ctx),
	}
	o, err := company.SignedIn(customer.WithBudget(ctx), db, crm, c, a)
	if err != nil {
		telemetry.Failed(ctx, "contact not linked", err)
	}
	return string(o.ID)
}

// witness logs what the account did, where it is in an organization, and returns where the sign-in is
// logged: Cognito does not tell from where it was, and sign-in, which knows, adds that.
func witness(ctx context.Context, db *store.Store, a account.Account, source string) (place string) {
	for _, act := range acts(source) {
		e := activity.Event{ID: id.New(), At: db.Now(), Action: act, RequestID: telemetry.RequestID(ctx)}
		o, err := db.Witness(ctx, a, e)
		if err != nil {
			telemetry.Failed(ctx, "sign-in not logged", err, "trigger", source)
		} else if o != "" && act == activity.LogIn {
			place = activity.Place{Org: o, At: e.At, ID: e.ID}.Text()
		}
	}
	return place
}

// acts are what a member did who is issued tokens for that reason. A refresh is nothing that anybody
// did, and whoever signs in by a temporary password sets one of their own.
func acts(source string) []activity.Action {
	switch source {
	case "TokenGeneration_Authentication", "TokenGeneration_HostedAuth", "TokenGeneration_AuthenticateDevice":
		return []activity.Action{activity.LogIn}
	case "TokenGeneration_NewPasswordChallenge":
		return []activity.Action{activity.ChangePassword, activity.LogIn}
	}
	return nil
}

// ensure returns the account's row, made if it was missing; zero for an address that nobody proved.
func ensure(ctx context.Context, db *store.Store, user map[string]string) (account.Account, error) {
	address, err := account.ParseAddress(user["email"])
	if err != nil || user["email_verified"] != "true" {
		return account.Account{}, err
	}
	return db.Ensure(ctx, account.ID(user["sub"]), address, user["given_name"], user["family_name"])
}

// claims are the caller as httpapi reads them: names from the account's row where there is one. The
// instant is the one before the table was asked, so that a sign-out meanwhile outlives the token.
func claims(user map[string]string, a account.Account, issued time.Time) map[string]any {
	first, last := user["given_name"], user["family_name"]
	if a.Known() {
		first, last = a.First, a.Last
	}
	return map[string]any{
		"email": user["email"], "email_verified": user["email_verified"],
		"given_name": first, "family_name": last, "issued_ms": issued.UnixMilli(),
	}
}

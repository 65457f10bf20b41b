package cognito

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// patience is how long Cognito waits for a trigger.
const patience = 5 * time.Second

// postConfirmation tells the trigger who was confirmed, and what the caller said for it; what it answers
// does not matter.
func (p *Pool) postConfirmation(ctx context.Context, source string, u user, metadata map[string]string) error {
	_, err := p.invoke(ctx, p.PostConfirmation, "PostConfirmation", events.CognitoEventUserPoolsPostConfirmation{
		CognitoEventUserPoolsHeader: p.header("1", source, u),
		Request:                     events.CognitoEventUserPoolsPostConfirmationRequest{UserAttributes: described(u), ClientMetadata: metadata},
	})
	return err
}

// preToken asks the trigger what to change in a user's tokens.
func (p *Pool) preToken(ctx context.Context, source string, u user) (overrides, error) {
	answer, err := p.invoke(ctx, p.PreToken, "PreTokenGeneration", events.CognitoEventUserPoolsPreTokenGenV2_0{
		CognitoEventUserPoolsHeader: p.header("2", source, u),
		Request: events.CognitoEventUserPoolsPreTokenGenRequestV2_0{
			UserAttributes: described(u), Scopes: []string{selfService},
			GroupConfiguration: events.GroupConfigurationV2_0{GroupsToOverride: []string{}, IAMRolesToOverride: []string{}},
		},
	})
	if err != nil || answer == nil {
		return overrides{}, err
	}
	return parseOverrides(answer)
}

// invoke runs a trigger with an event, or nothing where there is none. A function that fails is a
// UserLambdaValidationException with what it said, one that is too late an UnexpectedLambdaException.
func (p *Pool) invoke(ctx context.Context, f Trigger, name string, event any) ([]byte, error) {
	if f == nil {
		return nil, nil
	}
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	answer, err := f(ctx, payload)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, &Failure{"UnexpectedLambdaException", name + " invocation failed due to error Socket timeout while invoking Lambda function."}
	case err != nil:
		return nil, &Failure{"UserLambdaValidationException", name + " failed with error " + err.Error() + "."}
	}
	return answer, nil
}

func (p *Pool) header(version, source string, u user) events.CognitoEventUserPoolsHeader {
	return events.CognitoEventUserPoolsHeader{
		Version: version, TriggerSource: source, Region: p.Region, UserPoolID: p.PoolID, UserName: u.sub,
		CallerContext: events.CognitoEventUserPoolsCallerContext{AWSSDKVersion: "aws-sdk-unknown-unknown", ClientID: p.ClientID},
	}
}

// described is a user as triggers see it: every attribute is text.
func described(u user) map[string]string {
	all := u.attributes()
	all["cognito:user_status"] = string(u.status)
	return all
}

package cognito

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
)

// operatorAccount is the AWS account that the local cloud pretends to be.
const operatorAccount = "000000000000"

const (
	deliveries = 3 // how often an event is tried
	closing    = 10 * time.Second
)

// report hands the event of one call to Closed, as EventBridge would with what CloudTrail recorded,
// and returns when it was taken or given up. The call itself happened, so its caller's end is not
// this one's.
func (p *Pool) report(ctx context.Context, call, sub string) {
	if p.Closed == nil {
		return
	}
	payload, _ := json.Marshal(p.event(call, sub, identity(ctx))) // of strings and a time, it does not fail
	for range deliveries {
		err := p.deliver(ctx, payload)
		if err == nil {
			return
		}
		p.Log.Warn("cognito: event not taken", "call", call, "sub", sub, "error", err)
	}
	p.Log.Error("cognito: event lost", "call", call, "sub", sub)
}

func (p *Pool) deliver(ctx context.Context, payload []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	_, err := p.Closed(ctx, payload)
	return err
}

// A recorded is CloudTrail's record of a call to a user pool: the user's name is withheld, and the
// sub is what tells who it was.
type recorded struct {
	EventVersion        string            `json:"eventVersion"`
	UserIdentity        map[string]string `json:"userIdentity"`
	EventTime           string            `json:"eventTime"` // RFC 3339, seconds, Z
	EventSource         string            `json:"eventSource"`
	EventName           string            `json:"eventName"`
	AWSRegion           string            `json:"awsRegion"`
	SourceIPAddress     string            `json:"sourceIPAddress"`
	UserAgent           string            `json:"userAgent"`
	RequestParameters   map[string]string `json:"requestParameters"`
	ResponseElements    any               `json:"responseElements"`
	AdditionalEventData map[string]string `json:"additionalEventData"`
	RequestID           string            `json:"requestID"`
	EventID             string            `json:"eventID"`
	ReadOnly            bool              `json:"readOnly"`
	EventType           string            `json:"eventType"`
	ManagementEvent     bool              `json:"managementEvent"`
	RecipientAccountID  string            `json:"recipientAccountId"`
	EventCategory       string            `json:"eventCategory"`
}

// callerKey finds in a request's context the session token that it was signed with. The local cloud
// gives each function its name for one.
type callerKey struct{}

// identity is who made a call: a function in a session of its role, which has the function's name, or
// an operator.
func identity(ctx context.Context) map[string]string {
	function, _ := ctx.Value(callerKey{}).(string)
	if function == "" {
		return map[string]string{"type": "IAMUser", "accountId": operatorAccount, "userName": "operator"}
	}
	return map[string]string{
		"type": "AssumedRole", "accountId": operatorAccount,
		"arn": "arn:aws:sts::" + operatorAccount + ":assumed-role/" + function + "-role/" + function,
	}
}

func (p *Pool) event(call, sub string, by map[string]string) events.EventBridgeEvent {
	at := p.Now().UTC().Truncate(time.Second)
	detail, _ := json.Marshal(recorded{ // of strings only, it does not fail
		EventVersion: "1.08", EventTime: at.Format(time.RFC3339), EventSource: "cognito-idp.amazonaws.com", EventName: call,
		UserIdentity: by,
		AWSRegion:    p.Region, SourceIPAddress: "127.0.0.1", UserAgent: "roster-local",
		RequestParameters:   map[string]string{"userPoolId": p.PoolID, "username": "HIDDEN_DUE_TO_SECURITY_REASONS"},
		AdditionalEventData: map[string]string{"sub": sub},
		RequestID:           uuid.NewString(), EventID: uuid.NewString(), EventType: "AwsApiCall",
		ManagementEvent: true, RecipientAccountID: operatorAccount, EventCategory: "Management",
	})
	return events.EventBridgeEvent{
		Version: "0", ID: uuid.NewString(), DetailType: "AWS API Call via CloudTrail", Source: "aws.cognito-idp",
		AccountID: operatorAccount, Time: at, Region: p.Region, Resources: []string{}, Detail: detail,
	}
}

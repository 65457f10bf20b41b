package cost

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Idle is what the stage of a template costs in a month in which nobody calls it, and how that comes
// about. A resource of a type that nobody priced is an error, so that none is forgotten.
func (p Prices) Idle(template []byte) (dollars float64, how string, err error) {
	var t struct {
		Resources map[string]resource
	}
	if err := json.Unmarshal(template, &t); err != nil {
		return 0, "", err
	}
	counts := map[string]int{}
	for id, r := range t.Resources {
		n, known := r.billed()
		if !known {
			return 0, "", fmt.Errorf("%s: nobody said what a resource of type %s costs", id, r.Type)
		}
		for what, n := range n {
			counts[what] += n
		}
	}
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		each, known := p.PerMonth[what]
		if !known {
			return 0, "", fmt.Errorf("prices.json has no monthly price of %s", what)
		}
		dollars += each * float64(counts[what])
		parts = append(parts, fmt.Sprintf("%s %d × $%.2f", strings.ReplaceAll(what, "_", " "), counts[what], each))
	}
	return dollars, strings.Join(parts, ", "), nil
}

type resource struct {
	Type       string
	Properties struct {
		Metrics []struct{ MetricStat any }
		Rules   []any
	}
}

// billed is what of a resource is paid for by the month. known is false for a type that nobody thought
// of yet.
func (r resource) billed() (counts map[string]int, known bool) {
	switch r.Type {
	case "AWS::CloudWatch::Alarm":
		n := 0
		for _, m := range r.Properties.Metrics {
			if m.MetricStat != nil {
				n++
			}
		}
		return map[string]int{"alarm_metrics": n}, true
	case "AWS::CloudWatch::Dashboard":
		return map[string]int{"dashboards": 1}, true
	case "AWS::SecretsManager::Secret":
		return map[string]int{"secrets": 1}, true
	case "AWS::WAFv2::WebACL":
		return map[string]int{"firewalls": 1, "firewall_rules": len(r.Properties.Rules)}, true
	}
	return nil, slices.Contains(free(), r.Type)
}

// free are the types that cost nothing until something is sent, kept or called. The first trail of an
// account is free, a second one is not.
func free() []string {
	return []string{
		"AWS::ApiGateway::Account", "AWS::ApiGateway::Authorizer", "AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::Deployment",
		"AWS::ApiGateway::DomainName", "AWS::ApiGateway::GatewayResponse", "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource",
		"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::CloudTrail::Trail", "AWS::Cognito::UserPool",
		"AWS::Cognito::UserPoolClient", "AWS::DynamoDB::Table", "AWS::Events::Rule", "AWS::IAM::Role", "AWS::Lambda::EventInvokeConfig",
		"AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Logs::LogGroup",
		"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination",
		"AWS::SES::EmailIdentity", "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SQS::Queue",
		"AWS::SQS::QueuePolicy", "AWS::WAFv2::WebACLAssociation",
	}
}

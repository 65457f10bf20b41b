package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"

	"roster/shared/refusal"
)

// makeDomain puts the API at a name of its own, without the stage in its paths.
func (s *stack) makeDomain() {
	if s.Domain == "" {
		return
	}
	domain := awsapigateway.NewCfnDomainName(s.cdk, jsii.String("Domain"), &awsapigateway.CfnDomainNameProps{
		DomainName: &s.Domain, RegionalCertificateArn: &s.Certificate, SecurityPolicy: jsii.String("TLS_1_2"),
		EndpointConfiguration: &awsapigateway.CfnDomainName_EndpointConfigurationProperty{Types: jsii.Strings("REGIONAL")},
	})
	awsapigateway.NewCfnBasePathMapping(s.cdk, jsii.String("DomainMapping"), &awsapigateway.CfnBasePathMappingProps{
		DomainName: domain.Ref(), RestApiId: s.api.RestApiId(), Stage: s.api.DeploymentStage().StageName(),
	})
	s.output("DomainTarget", domain.AttrRegionalDomainName(), "The domain must be an alias or CNAME of this name")
}

// perAddress is how many requests one address may send in five minutes before the firewall stops it:
// half of what the whole API takes meanwhile, so that nobody crowds the others out. By default that is
// 30,000: an office of 300 people behind one address, each of whom opens ten pages of ten requests.
func (s *stack) perAddress() int { return s.Rate * fiveMinutes / 2 }

// What people write into bodies is theirs: a PMM server's URL has an IPv4 address in it, which the
// common rules take for an inclusion of remote files, a ticket quotes paths, scripts and lines of logs,
// and names hold any letter. The functions take bodies for JSON alone and escape what they show. So
// rules that look into bodies only count what they would stop. So does the one that wants a
// User-Agent: no attacker lacks one, and a CRM might.
func unstopped() map[string][]string {
	return map[string][]string{
		"AWSManagedRulesKnownBadInputsRuleSet": {"JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"},
		"AWSManagedRulesCommonRuleSet": {
			"NoUserAgent_HEADER", "SizeRestrictions_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "CrossSiteScripting_BODY",
		},
	}
}

// makeWAF puts a firewall before the API: AWS's lists of addresses and inputs that are known to be bad,
// and a limit for each address.
func (s *stack) makeWAF() {
	if !s.WAF {
		return
	}
	const refused = "throttled" // names the body
	acl := awswafv2.NewCfnWebACL(s.cdk, jsii.String("WAF"), &awswafv2.CfnWebACLProps{
		Scope:            jsii.String("REGIONAL"),
		DefaultAction:    &awswafv2.CfnWebACL_DefaultActionProperty{Allow: &awswafv2.CfnWebACL_AllowActionProperty{}},
		VisibilityConfig: seen("waf"),
		CustomResponseBodies: map[string]any{refused: &awswafv2.CfnWebACL_CustomResponseBodyProperty{
			ContentType: jsii.String("APPLICATION_JSON"), Content: jsii.String(refusal.Of(refusal.Throttled).Body()),
		}},
		Rules: &[]any{
			managed(0, "AWSManagedRulesAmazonIpReputationList"),
			managed(1, "AWSManagedRulesKnownBadInputsRuleSet"),
			managed(2, "AWSManagedRulesCommonRuleSet"),
			&awswafv2.CfnWebACL_RuleProperty{
				Name: jsii.String("rate"), Priority: jsii.Number(3), VisibilityConfig: seen("rate"),
				Action: &awswafv2.CfnWebACL_RuleActionProperty{Block: &awswafv2.CfnWebACL_BlockActionProperty{CustomResponse: throttled(refused)}},
				Statement: &awswafv2.CfnWebACL_StatementProperty{
					RateBasedStatement: &awswafv2.CfnWebACL_RateBasedStatementProperty{AggregateKeyType: jsii.String("IP"), Limit: jsii.Number(s.perAddress())},
				},
			},
		},
	})
	awswafv2.NewCfnWebACLAssociation(s.cdk, jsii.String("WAFOfAPI"), &awswafv2.CfnWebACLAssociationProps{
		WebAclArn: acl.AttrArn(), ResourceArn: s.api.DeploymentStage().StageArn(),
	})
}

// fewer is when an address that sent too much may come again, in seconds. The firewall looks back five
// minutes, every ten seconds.
const fewer = "60"

// throttled is the answer to an address that sends too much: the API's own to too many requests, which the
// firewall would else call forbidden.
func throttled(body string) *awswafv2.CfnWebACL_CustomResponseProperty {
	return &awswafv2.CfnWebACL_CustomResponseProperty{
		ResponseCode: jsii.Number(refusal.Of(refusal.Throttled).Status), CustomResponseBodyKey: &body,
		ResponseHeaders: &[]any{&awswafv2.CfnWebACL_CustomHTTPHeaderProperty{Name: jsii.String("Retry-After"), Value: jsii.String(fewer)}},
	}
}

// managed is a group of AWS's rules, of which some only count what they would stop.
func managed(priority int, name string) *awswafv2.CfnWebACL_RuleProperty {
	group := &awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{VendorName: jsii.String("AWS"), Name: &name}
	var overrides []any
	for _, rule := range unstopped()[name] {
		overrides = append(overrides, &awswafv2.CfnWebACL_RuleActionOverrideProperty{
			Name: &rule, ActionToUse: &awswafv2.CfnWebACL_RuleActionProperty{Count: &awswafv2.CfnWebACL_CountActionProperty{}},
		})
	}
	if overrides != nil {
		group.RuleActionOverrides = &overrides
	}
	return &awswafv2.CfnWebACL_RuleProperty{
		Name: &name, Priority: jsii.Number(priority), VisibilityConfig: seen(name),
		OverrideAction: &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
		Statement:      &awswafv2.CfnWebACL_StatementProperty{ManagedRuleGroupStatement: group},
	}
}

func seen(name string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		CloudWatchMetricsEnabled: jsii.Bool(true), SampledRequestsEnabled: jsii.Bool(true), MetricName: jsii.String("roster-" + name),
	}
}

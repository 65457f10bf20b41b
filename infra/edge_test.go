package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/refusal"
)

// A firewallRule is one of the firewall's, as far as it decides what is stopped.
type firewallRule struct {
	Name           string
	Action         map[string]any
	OverrideAction map[string]any
	Statement      struct {
		RateBasedStatement        *struct{ Limit int }
		ManagedRuleGroupStatement *struct {
			Name                string
			RuleActionOverrides []struct {
				Name        string
				ActionToUse map[string]any
			}
		}
	}
}

// counted are the rules of a group that count what they would stop.
func (r firewallRule) counted(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, o := range r.Statement.ManagedRuleGroupStatement.RuleActionOverrides {
		if plain(o.ActionToUse) != `{"Count":{}}` {
			t.Errorf("%s: %s", o.Name, plain(o.ActionToUse))
		}
		all = append(all, o.Name)
	}
	return all
}

// AWS's rules about bodies stop what the API takes: `http://10.0.0.7` as a PMM server's URL, `<script>`,
// `../` and `${jndi:` in a ticket, 64 KB of it.
func TestTheFirewallLeavesBodiesToTheFunctions(t *testing.T) {
	var rules []firewallRule
	again(t, get(t, full).only(t, "AWS::WAFv2::WebACL").at("Rules"), &rules)
	got := map[string][]string{}
	for _, r := range rules {
		if r.Statement.ManagedRuleGroupStatement == nil {
			continue
		}
		got[r.Statement.ManagedRuleGroupStatement.Name] = r.counted(t)
		if plain(r.OverrideAction) != `{"None":{}}` {
			t.Errorf("%s as a whole: %s", r.Name, plain(r.OverrideAction))
		}
	}
	want := map[string][]string{
		"AWSManagedRulesAmazonIpReputationList": nil,
		"AWSManagedRulesKnownBadInputsRuleSet":  {"JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"},
		"AWSManagedRulesCommonRuleSet": {
			"NoUserAgent_HEADER", "SizeRestrictions_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "CrossSiteScripting_BODY",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOneAddressMayUseHalfOfTheAPI(t *testing.T) {
	acl := get(t, full).only(t, "AWS::WAFv2::WebACL")
	var rules []firewallRule
	again(t, acl.at("Rules"), &rules)
	last := rules[len(rules)-1]
	const answer = `{"Block":{"CustomResponse":{"CustomResponseBodyKey":"throttled","ResponseCode":429,"ResponseHeaders":[{"Name":"Retry-After","Value":"60"}]}}}`
	if last.Statement.RateBasedStatement == nil || plain(last.Action) != answer {
		t.Fatalf("%+v", last)
	}
	body, _ := acl.at("CustomResponseBodies.throttled").(map[string]any)
	if body["Content"] != refusal.Of(refusal.Throttled).Body() || body["ContentType"] != "APPLICATION_JSON" {
		t.Errorf("%v", body)
	}
	if got := last.Statement.RateBasedStatement.Limit; got != 200*300/2 { // the setting rate is requests a second
		t.Errorf("%d requests in five minutes", got)
	}
}

package main

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// concurrency asks how many functions may run at once. Accounts begin with ten.
func (c *checker) concurrency(ctx context.Context) (verdict, error) {
	got, err := c.functions.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil || got.AccountLimit == nil {
		return verdict{}, err
	}
	most := int(aws.ToInt32(got.AccountLimit.UnreservedConcurrentExecutions))
	v := good("Lambda runs %d functions at once in %s", most, c.region())
	if most < c.Burst {
		return v.warn("the API takes %d requests at once (setting burst): ask AWS for a higher quota of concurrent executions", c.Burst), nil
	}
	return v, nil
}

// logRole asks for the region's one role by which API Gateway writes logs, where the stack makes none.
func (c *checker) logRole(ctx context.Context) (verdict, error) {
	if c.APILogRole != "exists" {
		return verdict{}, nil
	}
	v := good("API Gateway's role for logs in %s", c.region())
	got, err := c.gateways.GetAccount(ctx, &apigateway.GetAccountInput{})
	if err != nil {
		return v, err
	}
	if aws.ToString(got.CloudwatchRoleArn) == "" {
		return v.wrong("there is none, and it refuses a stage with an access log: set apiLogRole to make"), nil
	}
	return v, nil
}

// trail asks whether the trail that the settings name tells of what operators do to users.
func (c *checker) trail(ctx context.Context) (verdict, error) {
	if c.Trail == "make" {
		return verdict{}, nil
	}
	v := good("trail %s", c.Trail)
	found, err := c.trailOf(ctx, c.Trail)
	if err != nil {
		return v, err
	}
	if found == nil {
		return v.wrong("no trail of that name records %s: name another, or set trail to make", c.region()), nil
	}
	home := func(o *cloudtrail.Options) { o.Region = aws.ToString(found.HomeRegion) } // which alone answers about it
	status, err := c.trails.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: found.TrailARN}, home)
	if err != nil {
		return v, err
	}
	selectors, err := c.trails.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: found.TrailARN}, home)
	if err != nil {
		return v, err
	}
	switch {
	case !aws.ToBool(status.IsLogging):
		return v.wrong("it is switched off: start its logging, or set trail to make"), nil
	case !slices.ContainsFunc(selectors.EventSelectors, writes) && !slices.ContainsFunc(selectors.AdvancedEventSelectors, writesByFields):
		return v.wrong("it does not record management events that write: have it, or set trail to make"), nil
	}
	return v, nil
}

// trailOf returns the trail of that name that records this region, wherever it is at home; nil for none.
func (c *checker) trailOf(ctx context.Context, name string) (*types.Trail, error) {
	all, err := c.trails.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	for i, t := range all.TrailList {
		if aws.ToString(t.Name) == name {
			return &all.TrailList[i], nil
		}
	}
	return nil, nil
}

// writes reports whether a selector has the trail record management events that write.
func writes(s types.EventSelector) bool {
	return aws.ToBool(s.IncludeManagementEvents) && s.ReadWriteType != types.ReadWriteTypeReadOnly
}

// writesByFields is writes of the other kind of selector, which names fields and what they must be.
func writesByFields(s types.AdvancedEventSelector) bool {
	management := false
	for _, f := range s.FieldSelectors {
		switch aws.ToString(f.Field) {
		case "eventCategory":
			management = slices.Contains(f.Equals, "Management")
		case "readOnly":
			if slices.Contains(f.Equals, "true") || slices.Contains(f.NotEquals, "false") {
				return false
			}
		case "eventSource":
			const ours = "cognito-idp.amazonaws.com"
			if len(f.Equals) > 0 && !slices.Contains(f.Equals, ours) || slices.Contains(f.NotEquals, ours) {
				return false
			}
		}
	}
	return management
}

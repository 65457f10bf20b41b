package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"
)

// makeTable makes the one table. It has no name of its own, so that one that was kept when a stack
// was destroyed is not in the way of the next.
func (s *stack) makeTable() {
	key := func(name, kind string) *awsdynamodb.CfnTable_KeySchemaProperty {
		return &awsdynamodb.CfnTable_KeySchemaProperty{AttributeName: &name, KeyType: &kind}
	}
	text := func(name string) *awsdynamodb.CfnTable_AttributeDefinitionProperty {
		return &awsdynamodb.CfnTable_AttributeDefinitionProperty{AttributeName: &name, AttributeType: jsii.String("S")}
	}
	s.table = awsdynamodb.NewCfnTable(s.cdk, jsii.String("Table"), &awsdynamodb.CfnTableProps{
		AttributeDefinitions: &[]any{text("PK"), text("SK")},
		KeySchema:            &[]any{key("PK", "HASH"), key("SK", "RANGE")},
		BillingMode:          jsii.String("PAY_PER_REQUEST"),
		StreamSpecification: &awsdynamodb.CfnTable_StreamSpecificationProperty{
			StreamViewType: jsii.String("NEW_AND_OLD_IMAGES"),
		},
		TimeToLiveSpecification: &awsdynamodb.CfnTable_TimeToLiveSpecificationProperty{
			AttributeName: jsii.String("ttl"), Enabled: jsii.Bool(true),
		},
		PointInTimeRecoverySpecification: &awsdynamodb.CfnTable_PointInTimeRecoverySpecificationProperty{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
		},
		DeletionProtectionEnabled: &s.Production,
	})
	s.table.ApplyRemovalPolicy(s.keep(), nil)
}
